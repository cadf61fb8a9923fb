"""Checks of "Tools": the registry, then one way after another in which a request can go wrong."""

import json

from hacheck import advise, call, call_text, expect_contains, expect_equal, expect_true, fail, load, show, words


def request(tool, args):
    return json.dumps({"tool": tool, "args": args}, ensure_ascii=False)


def tool_of_ours(function, **parameters):
    return {"description": "A tool of the check.", "parameters": parameters, "function": function}


def expect_error(text, *parts, tools=None, message):
    """`handle(text)` must return an observation that begins with "error" and contains `parts`."""
    handle = load("main", "handle")
    extra = [] if tools is None else [tools]
    shown = f"handle({text!r})" if tools is None else f"handle({text!r}, tools)"
    with advise(message, call=shown):
        got = call(handle, text, *extra)
    expect_true(
        isinstance(got, str) and got.startswith("error"),
        message,
        call=shown,
        expected=words(zh="以 'error' 开头的文字", en="a text that begins with 'error'"),
        got=show(got),
    )
    expect_contains(got, *parts, call=shown, message=message)


def expect_ok(text, tools, expected):
    """What worked before must go on working."""
    handle = load("main", "handle")
    expect_equal(
        call=f"handle({text!r}, tools)",
        got=call(handle, text, tools),
        expected=expected,
        message=words(
            zh="这条请求没有问题，应该照常调用工具，返回 ok 和结果。",
            en="Nothing is wrong with this request: the tool should be called and its result returned after ok.",
        ),
    )


def test_second_tool():
    tools = load("main", "TOOLS")
    expect_true(
        "to_fahrenheit" in tools,
        words(
            zh='TOOLS 里还没有 "to_fahrenheit"。照着 "get_weather" 的样子加一项，三个键都要有。',
            en='TOOLS has no "to_fahrenheit" yet. Add an entry like that of "get_weather", with all three keys.',
        ),
        call="list(TOOLS)",
        expected="['get_weather', 'to_fahrenheit']",
        got=show(list(tools)),
    )
    entry = tools["to_fahrenheit"]
    for key in ("description", "parameters", "function"):
        expect_true(
            isinstance(entry, dict) and bool(entry.get(key)),
            words(
                zh=f'"to_fahrenheit" 这一项缺 "{key}"。',
                en=f'The entry "to_fahrenheit" has no "{key}".',
            ),
            call='TOOLS["to_fahrenheit"]',
            got=show(entry),
        )
    expect_equal(
        call='TOOLS["to_fahrenheit"]["parameters"]',
        got=entry["parameters"],
        expected={"celsius": "number"},
        message=words(
            zh="参数是 celsius，类型写 number。名字必须和函数定义里的一模一样。",
            en="The parameter is celsius, a number. Its name must be the one in the function's definition.",
        ),
    )
    expect_true(
        callable(entry["function"]),
        words(
            zh='"function" 后面要写函数本身，不要加括号：一加括号，就变成现在就调用它了。',
            en='"function" needs the function itself, without parentheses: with them it is called right away.',
        ),
        call='TOOLS["to_fahrenheit"]["function"]',
        got=show(entry["function"]),
    )
    text = request("to_fahrenheit", {"celsius": 24})
    expect_equal(
        call=f"handle({text!r})",
        got=call(load("main", "handle"), text),
        expected="ok: 75.2 degrees Fahrenheit",
    )


def test_not_json():
    prose = words(
        zh="模型写了一句闲话，不是 JSON。返回一条 error，里面提到 JSON，模型才知道该怎么改。",
        en="The model wrote prose, not JSON. Return an error that says JSON, so that the model knows what to do.",
    )
    expect_error("Sure! Let me look up the weather for you.", "JSON", message=prose)
    shape = words(
        zh='这是 JSON，形状却不对：需要一个对象，里面有 "tool" 和 "args"。这样的也要返回提到 JSON 的 error。',
        en='This is JSON but has the wrong shape: an object with "tool" and "args" is needed. '
        "Return an error that says JSON here, too.",
    )
    expect_error("[1, 2, 3]", "JSON", message=shape)
    expect_error('{"tool": "get_weather"}', "JSON", message=shape)
    expect_ok(request("echo", {"text": "hi"}), {"echo": tool_of_ours(lambda text: text, text="string")}, "ok: hi")


def test_unknown_tool():
    message = words(
        zh="没有这个工具。返回一条 error，列出 tools 里所有工具的名字，模型下一次就能选对。",
        en="There is no such tool. Return an error with the names of all tools in it, so that the model can choose better.",
    )
    expect_error(request("get_wether", {"city": "Hangzhou"}), "get_weather", message=message)
    others = {"add": tool_of_ours(lambda a, b: a + b, a="number", b="number"), "echo": tool_of_ours(str, text="string")}
    fixed = words(
        zh="这一次 tools 里是另外两个工具：add 和 echo。名字要从 tools 里取，不要写死。",
        en="This time there are two other tools, add and echo. Take the names from tools, do not write them down.",
    )
    expect_error(request("get_weather", {"city": "Hangzhou"}), "add", "echo", tools=others, message=fixed)
    expect_ok(request("add", {"a": 2, "b": 3}), others, "ok: 5")


def test_wrong_arguments():
    def forecast(**arguments):
        fail(
            words(
                zh="参数对不上，工具却还是被调用了。先比较参数，再调用。",
                en="The arguments do not fit, but the tool was called all the same. Compare first, then call.",
            ),
            call=call_text(forecast, **arguments),
            expected=words(zh="不调用", en="no call"),
            got=words(zh="调用了", en="a call"),
        )

    tools = {"forecast": tool_of_ours(forecast, city="string", days="number")}
    message = words(
        zh='forecast 需要的参数是 city 和 days，不多也不少。返回一条 error，列出 tool["parameters"] 里的名字。',
        en='forecast needs city and days, no more and no less. Return an error with the names in tool["parameters"].',
    )
    for args in ({"town": "Hangzhou", "days": 2}, {"city": "Hangzhou"}, {"city": "Hangzhou", "days": 2, "unit": "C"}, {}):
        expect_error(request("forecast", args), "city", "days", tools=tools, message=message)
    swapped = {"forecast": tool_of_ours(lambda city, days: f"{city} {days}", city="string", days="number")}
    expect_ok(request("forecast", {"days": 2, "city": "Oslo"}), swapped, "ok: Oslo 2")


def test_tool_raises():
    message = words(
        zh="工具自己抛了异常。把它接住，返回一条 error，把异常里的话也带上。",
        en="The tool itself raised an exception. Catch it and return an error that repeats what the exception says.",
    )
    expect_error(request("get_weather", {"city": "Atlantis"}), "Atlantis", message=message)

    def divide(a, b):
        return a / b

    every = words(
        zh="工具可能抛出各种各样的异常，这次是 ZeroDivisionError。用 `except Exception`，一种都不漏。",
        en="A tool may raise anything; this time it is ZeroDivisionError. `except Exception` catches them all.",
    )
    tools = {"divide": tool_of_ours(divide, a="number", b="number")}
    expect_error(request("divide", {"a": 1, "b": 0}), "division", tools=tools, message=every)
    expect_ok(request("divide", {"a": 6, "b": 3}), tools, "ok: 2.0")
