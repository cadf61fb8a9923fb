"""Checks of "Function calling": one call, then the loop, with a model that says what the check wants."""

import json

from hacheck import advise, call, expect_contains, expect_equal, expect_true, fail, load, scripted, show, watch, words


def test_schema():
    found = {}
    for schema in load("main", "SCHEMAS"):
        function = schema.get("function", {}) if isinstance(schema, dict) else {}
        found[function.get("name")] = function
    expect_equal(
        call="SCHEMAS",
        got=sorted(name for name in found if name),
        expected=["get_weather", "to_fahrenheit"],
        message=words(zh="菜单上应该正好有这两个函数。", en="The menu should list exactly these two functions."),
    )
    parameters = found["to_fahrenheit"].get("parameters", {})
    expect_equal(
        call='to_fahrenheit["parameters"]',
        got=(parameters.get("type"), parameters.get("properties", {}).get("celsius", {}).get("type"), parameters.get("required")),
        expected=("object", "number", ["celsius"]),
        message=words(
            zh="参数是一个 object，里面有一个 number，叫 celsius，而且必须给。",
            en="The parameters are an object with one number called celsius, and it is required.",
        ),
    )
    expect_true(
        isinstance(found["to_fahrenheit"].get("description"), str) and len(found["to_fahrenheit"]["description"]) > 9,
        words(zh="没有说明，模型就不知道什么时候该用它。", en="Without a description the model does not know when to use it."),
        call='to_fahrenheit["description"]',
        got=show(found["to_fahrenheit"].get("description")),
    )


class Call:
    """A tool call as the service gives it."""

    def __init__(self, name, arguments, id="call_7"):
        self.id, self.type, self.function = id, "function", self
        self.name, self.arguments = name, arguments

    def __repr__(self):
        return f"<call of {self.name} with {self.arguments!r}>"


def answered(name, arguments):
    message = call(load("main", "answer_call"), Call(name, arguments))
    shown = f"answer_call(<{name}, {arguments!r}>)"
    expect_true(
        isinstance(message, dict) and message.get("role") == "tool" and message.get("tool_call_id") == "call_7",
        words(
            zh="应该返回一条角色为 tool 的消息，并带上这次调用的 id，模型才对得上号。",
            en="Return a message of the role tool with the id of the call, so that the model knows which one is meant.",
        ),
        call=shown,
        expected="{'role': 'tool', 'tool_call_id': 'call_7', 'content': …}",
        got=show(message),
    )
    content = message.get("content")
    expect_true(
        isinstance(content, str),
        words(zh="content 必须是文字：用 str(…)。", en="The content must be text: use str(…)."),
        call=shown,
        got=show(content),
    )
    return content, shown


def test_answers():
    for name, arguments, expected in (
        ("get_weather", '{"city": "Beijing"}', "31 degrees Celsius, sunny"),
        ("to_fahrenheit", '{"celsius": 10}', "50 degrees Fahrenheit"),
    ):
        with advise(words(zh="arguments 是一段 JSON 文字，先用 json.loads。", en="arguments is JSON text: json.loads comes first.")):
            content, shown = answered(name, arguments)
        expect_equal(call=shown, got=content, expected=expected)


def test_errors():
    message = words(
        zh="出了错，content 要以 error 开头，并且说清楚哪里不对：模型读了才能改。",
        en="When something goes wrong, the content begins with error and says what: the model reads it and does better.",
    )
    for name, arguments, part in (
        ("get_weather", '{"city": "Atlantis"}', "Atlantis"),
        ("get_wether", '{"city": "Beijing"}', "get_wether"),
        ("get_weather", '{"city": "Beij', ""),
        ("get_weather", '{"town": "Beijing"}', "town"),
        ("get_weather", '["Beijing"]', ""),
    ):
        with advise(message):
            content, shown = answered(name, arguments)
        expect_true(content.startswith("error"), message, call=shown, expected="'error: …'", got=show(content))
        expect_contains(content, part, call=shown, message=message)


ASK = [("get_weather", {"city": "Beijing"})]


def test_loop():
    run = load("main", "run")
    message = words(
        zh="还有工具调用，就不是答案：做完它们，接上结果，再问一次。",
        en="As long as there are tool calls, there is no answer yet: do them, append the results, and ask again.",
    )
    with advise(message), scripted(ASK, [("to_fahrenheit", {"celsius": 31})], "Sunny, 87.8.") as script, watch() as trace:
        answer = call(run, "Weather?")
    trace.expect_tools(["get_weather", "to_fahrenheit"], message=message)
    expect_equal(call='run("Weather?")', got=answer, expected="Sunny, 87.8.", message=message)
    roles = [part.get("role") for part in script.messages(3)]
    expect_equal(
        call=words(zh="第 3 次发给模型的消息的角色", en="roles of the messages at the 3rd turn"),
        got=roles,
        expected=["user", "assistant", "tool", "assistant", "tool"],
        message=words(
            zh="每一圈接上两样：模型的 message 本身（里面有它的调用），和每个调用的结果。",
            en="Each round appends two things: the model's own message (with its calls), and the result of every call.",
        ),
    )
    expect_true(
        all(request.get("tools") for request in script.requests),
        words(zh="每一次都要把菜单发给模型。", en="Send the menu with every call."),
    )
    with scripted(*[ASK] * 4) as script:
        expect_equal(
            call='run("Weather?", max_turns=4)',
            got=(call(run, "Weather?", max_turns=4), len(script.requests)),
            expected=(None, 4),
            message=words(zh="模型没完没了地要工具：问满 max_turns 次就停，返回 None。", en="A model that never stops asking: give up after max_turns, and return None."),
        )


def test_several():
    both = [("get_weather", {"city": "Harbin"}), ("get_weather", {"city": "Beijing"}), ("nope", {})]
    with scripted(both, "Harbin.") as script:
        call(load("main", "run"), "Colder?")
    got = [(part.get("tool_call_id"), part.get("content")) for part in script.messages(2) if part.get("role") == "tool"]
    if [id for id, _ in got] != ["call_1_1", "call_1_2", "call_1_3"] or "snow" not in got[0][1] or "sunny" not in got[1][1]:
        fail(
            words(
                zh="一条回复里可以有好几个调用，每一个都要有一条自己的 tool 消息，写错的那个也要有。",
                en="One reply may hold several calls, and each needs a message of its own, also the one that went wrong.",
            ),
            call=words(zh="第 2 次发给模型的 tool 消息", en="the tool messages at the 2nd turn"),
            expected="call_1_1, call_1_2, call_1_3",
            got=json.dumps(got, ensure_ascii=False),
        )
