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
    # TODO 1: register to_fahrenheit in the same way; its parameter is celsius, a number.
    #         用同样的办法登记 to_fahrenheit；它的参数是 celsius，类型是 number。
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
    # TODO 2: no JSON, or JSON of another shape: return an error that says "JSON".
    #         不是 JSON，或者形状不对：返回一条写着 "JSON" 的 error。
    request = json.loads(text)
    name, args = request["tool"], request["args"]

    # TODO 3: no such tool: return an error that lists the tools there are.
    #         没有这个工具：返回一条 error，列出现有的工具。
    tool = tools[name]

    # TODO 4: other arguments than the parameters: return an error that lists the parameters.
    #         参数对不上：返回一条 error，列出需要的参数。

    # TODO 5: the tool raises: return an error that says what happened.
    #         工具抛异常：返回一条 error，说明出了什么事。
    result = tool["function"](**args)
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
