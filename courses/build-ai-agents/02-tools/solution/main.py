"""Tools: what a model writes becomes a function call, and the result becomes an observation.
工具：模型写下的文字变成一次函数调用，结果变成一条观察。
"""

import json

from tools import get_weather, to_fahrenheit

# Everything that the model may use, by name. / 模型可以使用的一切，按名字登记。
TOOLS = {
    "get_weather": {
        "description": "The weather in one city right now.",
        "parameters": {"city": "string"},
        "function": get_weather,
    },
    "to_fahrenheit": {
        "description": "Converts a temperature from Celsius to Fahrenheit.",
        "parameters": {"celsius": "number"},
        "function": to_fahrenheit,
    },
}

# What a model might write: two good requests, and four that you will meet sooner or later.
# 模型可能写出来的话：两条是好的，另外四条你迟早会遇到。
REQUESTS = [
    '{"tool": "get_weather", "args": {"city": "Hangzhou"}}',
    '{"tool": "to_fahrenheit", "args": {"celsius": 24}}',
    "Sure! Let me look up the weather for you.",
    '{"tool": "get_wether", "args": {"city": "Hangzhou"}}',
    '{"tool": "get_weather", "args": {"town": "Hangzhou"}}',
    '{"tool": "get_weather", "args": {"city": "Atlantis"}}',
]


def describe_tools(tools):
    """The menu that the model gets to read, one line per tool.
    给模型看的菜单，一行一个工具。
    """
    lines = []
    for name, tool in tools.items():
        parameters = ", ".join(f"{key}: {kind}" for key, kind in tool["parameters"].items())
        lines.append(f"{name}({parameters}) - {tool['description']}")
    return "\n".join(lines)


def handle(text, tools=TOOLS):
    """Turns what the model wrote into an observation: "ok: ..." or "error: ...".
    Whatever the model wrote, this function never raises.
    把模型写的文字变成一条观察："ok: ..." 或 "error: ..."。
    不管模型写了什么，这个函数都不抛异常。
    """
    # str() and dict() also refuse what has the wrong shape.
    # 形状不对的东西，也会在 str() 和 dict() 这里现形。
    try:
        request = json.loads(text)
        name, args = str(request["tool"]), dict(request["args"])
    except Exception:
        return 'error: write one JSON object like {"tool": "...", "args": {...}} and nothing else'

    if name not in tools:
        return f"error: there is no tool {name!r}; the tools are: {', '.join(tools)}"
    tool = tools[name]

    if set(args) != set(tool["parameters"]):
        return f"error: {name} needs exactly these arguments: {', '.join(tool['parameters'])}"

    try:
        result = tool["function"](**args)
    except Exception as error:
        return f"error: {type(error).__name__}: {error}"
    return f"ok: {result}"


def main():
    print("The model may use:")
    print(describe_tools(TOOLS))
    for text in REQUESTS:
        print()
        print("model:", text)
        try:
            observation = handle(text)
        except Exception as error:
            observation = f"CRASH! {type(error).__name__}: {error}"
        print("   ->", observation)


if __name__ == "__main__":
    main()
