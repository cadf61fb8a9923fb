"""Checks of "Messages and roles": what the model gets to read, turn by turn."""

from hacheck import advise, call, expect_equal, expect_true, load, scripted, show, words


def pairs(messages):
    return [(message.get("role"), message.get("content")) for message in messages]


def test_messages():
    build_messages = load("main", "build_messages")
    history = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Welcome!"}]
    got = call(build_messages, "Be brief.", history, "How deep?")
    expect_equal(
        call='build_messages("Be brief.", history, "How deep?")',
        got=got,
        expected=[{"role": "system", "content": "Be brief."}, *history, {"role": "user", "content": "How deep?"}],
        message=words(
            zh="应该是：system 一条，然后是 history 里的每一条，最后是 user 的新问题。",
            en="First one message of the system, then every message of history, then the user's new question.",
        ),
    )
    expect_equal(
        call="history",
        got=len(history),
        expected=2,
        message=words(
            zh="build_messages 不应该改动传进来的 history：做一个新列表。",
            en="build_messages should leave the given history alone: make a new list.",
        ),
    )


def talk(guide, *questions):
    for question in questions:
        call(guide.say, question)


def test_remembers():
    Guide = load("main", "Guide")
    advice = words(
        zh="每一轮之后，要往 self.history 里加两条：user 的问题，assistant 的回复（它的文字）。",
        en="After every turn, add two messages to self.history: the user's question, and the assistant's reply (its text).",
    )
    with advise(advice), scripted("Welcome, Lin!", "You are Lin.") as script:
        talk(call(Guide), "I am Lin.", "Who am I?")
    got = pairs(script.messages(2))
    expected = [("user", "I am Lin."), ("assistant", "Welcome, Lin!"), ("user", "Who am I?")]
    expect_equal(
        call=words(zh="第 2 次发给模型的消息（不算 system）", en="the messages of the 2nd turn (without the system's)"),
        got=[pair for pair in got if pair[0] != "system"],
        expected=expected,
        message=advice,
    )
    expect_true(
        got[0][0] == "system",
        words(zh="每一次都要带上系统提示：模型什么都不记得，也不记得自己是谁。", en="Send the system prompt every time: the model remembers nothing, not even who it is."),
        call=words(zh="第 2 次发给模型的第一条消息", en="the first message of the 2nd turn"),
        expected="system",
        got=show(got[0][0]),
    )
    with scripted("a", "b"):
        first, second = call(Guide), call(Guide)
        talk(first, "secret")
        expect_true(
            second.history == [],
            words(zh="两个讲解员的记忆混在一起了：history 要在 __init__ 里为每一个新建。", en="Two guides share one memory: history must be made anew in __init__."),
        )


def test_forgets():
    Guide = load("main", "Guide")
    with scripted(*"abcdef") as script:
        guide = call(Guide, keep=4)
        talk(guide, *"123456")
    got = [content for role, content in pairs(script.messages(6)) if role != "system"]
    message = words(
        zh="keep 是 4：除了系统提示和新问题，模型只应该看到最近的 4 条消息。列表可以这样切：history[-4:]。",
        en="keep is 4: besides the system prompt and the new question, the model should see the 4 latest messages. "
        "history[-4:] cuts a list like that.",
    )
    expect_equal(
        call=words(zh="第 6 次发给模型的消息（不算 system）", en="the messages of the 6th turn (without the system's)"),
        got=got,
        expected=["4", "d", "5", "e", "6"],
        message=message,
    )
    expect_equal(call="len(guide.history)", got=len(guide.history), expected=4, message=message)


def test_classifies():
    classify = load("main", "classify")
    with scripted("complaint") as script:
        got = call(classify, "The door was locked.")
    expect_equal(call='classify("The door was locked.")', got=got, expected="complaint")
    sent = pairs(script.messages(1))
    examples = [(role, content) for text, label in load("main", "EXAMPLES") for role, content in (("user", text), ("assistant", label))]
    expect_equal(
        call=words(zh="发给模型的消息（不算 system）", en="the messages (without the system's)"),
        got=[pair for pair in sent if pair[0] != "system"],
        expected=[*examples, ("user", "The door was locked.")],
        message=words(
            zh="每个例子写成两条：user 说原话，assistant 说标签，就像模型以前真的这样答过。最后一条才是要分类的文字。",
            en="Write every example as two messages: the user's words, and the label as if the assistant had said it. "
            "The text to be classified comes last.",
        ),
    )
    for said, expected in (("Praise.", "praise"), (" QUESTION\n", "question"), ("I think it is praise, mostly.", "unknown"), ("", "unknown")):
        with scripted(said):
            got = call(classify, "Hm.")
        expect_equal(
            call=words(zh=f"classify，模型说的是 {said!r}", en=f"classify, when the model says {said!r}"),
            got=got,
            expected=expected,
            message=words(
                zh="去掉首尾空白和句号，换成小写，再看它在不在 LABELS 里；不在，就是 unknown。",
                en="Take off blanks and the full stop, make it lower case, and look whether it is in LABELS; if not, it is unknown.",
            ),
        )
