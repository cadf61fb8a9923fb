"""Checks of "A small team": one agent's memory, then two of them and how they end."""

from hacheck import advise, call, expect_equal, expect_true, load, scripted, watch, words


def agent(name="Ada", system="You are kind."):
    return call(load("main", "Agent"), name, system)


def test_hears():
    ada, bob = agent(), agent("Bob")
    call(ada.hear, "Host", "Hello!")
    call(ada.hear, "Bob", "Good morning.")
    expect_equal(
        call="ada.memory",
        got=ada.memory,
        expected=[{"role": "user", "content": "Host: Hello!"}, {"role": "user", "content": "Bob: Good morning."}],
        message=words(
            zh="听到的每一句是一条 user 消息，前面写上是谁说的，例如 Host: Hello!",
            en="What is heard is a user's message with the speaker's name in front, for example Host: Hello!",
        ),
    )
    expect_equal(
        call="bob.memory",
        got=bob.memory,
        expected=[],
        message=words(zh="每个智能体的记忆只归它自己。", en="Every agent has a memory of its own."),
    )


def test_speaks():
    ada = agent()
    with scripted("Hi, I am Ada.", "Fine.") as script:
        call(ada.hear, "Host", "Hello!")
        first = call(ada.speak)
        call(ada.hear, "Host", "How are you?")
        call(ada.speak)
    expect_equal(call="ada.speak()", got=first, expected="Hi, I am Ada.")
    expect_equal(
        call=words(zh="第 2 次发给模型的消息", en="the messages of the 2nd turn"),
        got=script.messages(2),
        expected=[
            {"role": "system", "content": "You are kind."},
            {"role": "user", "content": "Host: Hello!"},
            {"role": "assistant", "content": "Hi, I am Ada."},
            {"role": "user", "content": "Host: How are you?"},
        ],
        message=words(
            zh="自己说过的话也要记住，角色是 assistant。不然它会以为那是别人说的，或者干脆忘了。",
            en="Its own words belong into its memory as well, with the role assistant.",
        ),
    )


def test_approved():
    is_approved = load("main", "is_approved")
    for verdict, expected in (
        ("APPROVED. Only B is right.", True),
        ("\n APPROVED", True),
        ("NO: I cannot call this APPROVED.", False),
        ("NOT APPROVED", False),
        ("", False),
    ):
        expect_equal(
            call=f"is_approved({verdict!r})",
            got=call(is_approved, verdict),
            expected=expected,
            message=words(
                zh="只看开头（前面的空白不算）。“我不能说它 APPROVED”里也有这个词。",
                en="Look at the beginning only (blanks do not count). “I cannot call this APPROVED” has the word in it, too.",
            ),
        )


def team(*said, rounds=4):
    writer, checker = agent("Writer", "You write."), agent("Checker", "You check.")
    with scripted(*said) as script, watch() as trace:
        result = call(load("main", "discuss"), "A question, please.", writer, checker, max_rounds=rounds)
    return result, script, trace, writer, checker


def test_exchange():
    result, script, trace, writer, checker = team("Q1", "NO: too long", "Q2", "APPROVED")
    names = [span.name for span in trace.of_kind("agent")]
    expect_equal(
        call=words(zh="说话的顺序", en="who spoke, in order"),
        got=names,
        expected=["Writer", "Checker", "Writer", "Checker"],
        message=words(zh="应该你一句我一句，出题的先开口。", en="They should take turns, and the writer begins."),
    )
    expect_equal(
        call="checker.memory",
        got=[part.get("content") for part in checker.memory],
        expected=["Writer: Q1", "NO: too long", "Writer: Q2", "APPROVED"],
        message=words(
            zh="挑错的人每次都要先听到提议，再开口：checker.hear(writer.name, proposal)。",
            en="The checker must hear each proposal before it speaks: checker.hear(writer.name, proposal).",
        ),
    )
    expect_equal(
        call="writer.memory",
        got=[part.get("content") for part in writer.memory],
        expected=["Host: A question, please.", "Q1", "Checker: NO: too long", "Q2"],
        message=words(
            zh="没通过时，出题的人要听到评判：writer.hear(checker.name, verdict)。不然它只会再说一遍。",
            en="After a no, the writer must hear the verdict: writer.hear(checker.name, verdict). Else it can only repeat itself.",
        ),
    )


def test_ends():
    with advise(words(zh="通过了就返回提议。", en="When it is approved, return the proposal.")):
        result, script, trace, *_ = team("Q1", "NO", "Q2", "APPROVED")
    expect_equal(
        call="discuss(task, writer, checker)",
        got=result,
        expected="Q2",
        message=words(zh="应该返回通过的那个提议，而不是评判。", en="Return the proposal that was approved, and not the verdict."),
    )
    result, script, trace, *_ = team(*["After you.", "NO: after you."] * 3, rounds=3)
    expect_equal(
        call="discuss(task, writer, checker, max_rounds=3)",
        got=(result, len(script.requests)),
        expected=(None, 6),
        message=words(
            zh="谈不拢：走满 3 轮（问模型 6 次）就结束，返回 None。",
            en="They do not agree: end after 3 rounds (6 questions to the model), and return None.",
        ),
    )
    expect_true(
        trace.model_calls[0].parent is not None,
        words(zh="每一句话都要由智能体自己的 speak 说出来。", en="Every word should come from an agent's own speak."),
    )
