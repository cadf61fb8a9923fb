"""Checks of "Your first call to a model": what leaves the program, and what it makes of what comes back."""

import io
import sys

from hacheck import advise, call, expect_equal, expect_true, fail, load, refusal, scripted, watch, words

QUESTION = "How deep is the lake?"


def asked(script, turn=1):
    messages = script.messages(turn) if len(script.requests) >= turn else []
    if [message.get("content") for message in messages] != [QUESTION]:
        fail(
            words(zh="模型收到的应该正好是这个问题。", en="The model should get exactly this question."),
            call=words(zh="发给模型的内容", en="what the model got"),
            expected=QUESTION,
            got=repr([message.get("content") for message in messages]),
        )


def test_asks():
    ask = load("main", "ask")
    with scripted("1642 metres.") as script, watch() as trace:
        answer = call(ask, QUESTION)
    trace.expect_model_calls(
        exactly=1,
        message=words(
            zh="ask 应该正好问模型一次：llm.chat(question)。",
            en="ask should put one question to the model: llm.chat(question).",
        ),
    )
    asked(script)
    expect_equal(
        call=f"ask({QUESTION!r})",
        got=answer,
        expected="1642 metres.",
        message=words(
            zh="返回的应该是文字。llm.chat 给的是一整条回复，文字在它的 .text 里。",
            en="Return the text. llm.chat gives a whole reply, and the text is in its .text.",
        ),
    )


def test_counts():
    with scripted("1642 metres.") as script, watch() as trace:
        result = call(load("main", "ask_and_count"), QUESTION)
    trace.expect_model_calls(
        exactly=1,
        message=words(
            zh="文字和 token 数来自同一次回复，问一次就够了：每问一次都要花钱。",
            en="Text and tokens come from the same reply. Ask once: every question costs.",
        ),
    )
    asked(script)
    expect_equal(
        call=f"ask_and_count({QUESTION!r})",
        got=result,
        expected=("1642 metres.", trace.tokens),
        message=words(
            zh="应该返回两样：reply.text 和 reply.usage.total_tokens。",
            en="Return two things: reply.text and reply.usage.total_tokens.",
        ),
    )


class Screen(io.StringIO):
    """Counts how often something is printed."""

    def __init__(self):
        super().__init__()
        self.writes = 0

    def write(self, text):
        self.writes += bool(text)
        return super().write(text)


def test_listens():
    text = "Dust along the wall. Now the floor can shine."
    listen = load("main", "listen")
    screen, real = Screen(), sys.stdout
    with scripted(text) as script, watch() as trace:
        sys.stdout = screen
        try:
            result = call(listen, QUESTION)
        finally:
            sys.stdout = real
    shown = f"listen({QUESTION!r})"
    trace.expect_model_calls(exactly=1)
    asked(script)
    expect_true(
        script.requests[0].get("stream") is True,
        words(zh="调用时加上 stream=True，回复才会一段一段地来。", en="Only with stream=True does the reply come in pieces."),
        call=shown,
    )
    expect_true(
        screen.getvalue().rstrip("\n") == text,
        words(
            zh='打印出来的应该和模型说的一模一样。print 默认会换行，用 end="" 关掉它。',
            en='What is printed should be what the model says. print begins a new line each time; end="" stops that.',
        ),
        call=shown,
        expected=repr(text),
        got=repr(screen.getvalue()),
    )
    expect_true(
        screen.writes > 2,
        words(
            zh="全文是一次打印出来的。要在 for 循环里面打印，来一段打印一段。",
            en="The text was printed all at once. Print inside the for loop, one piece at a time.",
        ),
        call=shown,
    )
    expect_equal(
        call=shown,
        got=result,
        expected=text,
        message=words(zh="最后要返回全文：把每一段接起来。", en="Return the whole text at the end: put the pieces together."),
    )


def test_patient():
    ask_patiently = load("main", "ask_patiently")
    advice = words(
        zh="服务太忙时 llm.chat 会抛出 llm.Overloaded。用 try 和 except llm.Overloaded 接住它，再试一次。",
        en="When the service has too much to do, llm.chat raises llm.Overloaded. Catch it, and try again.",
    )
    shown = f"ask_patiently({QUESTION!r})"
    with advise(advice), scripted(refusal("overloaded"), refusal("overloaded"), "1642 metres.") as script, watch() as trace:
        answer = call(ask_patiently, QUESTION)
    expect_equal(call=shown, got=answer, expected="1642 metres.", message=advice)
    trace.expect_recovered()
    with advise(advice), scripted(*[refusal("overloaded")] * 3) as script:
        answer = call(ask_patiently, QUESTION, tries=3)
    expect_equal(
        call=f"ask_patiently({QUESTION!r}, tries=3)",
        got=(answer, len(script.requests)),
        expected=(None, 3),
        message=words(
            zh="三次都太忙：应该正好试 3 次，然后返回 None。（左边是返回值，右边是问的次数。）",
            en="Overloaded three times: try exactly 3 times, then return None. (Left the result, right the number of tries.)",
        ),
    )
    with scripted(refusal("unauthorized"), "never") as script:
        import llm

        try:
            ask_patiently(QUESTION)
        except llm.Unauthorized:
            return
        except Exception:
            pass
    fail(
        words(
            zh="密钥不对的时候，再试多少次也没用。只捕获 llm.Overloaded，别的错误让它出去。",
            en="With a wrong key, trying again does not help. Catch llm.Overloaded only, and let every other error out.",
        ),
        call=shown,
        expected="llm.Unauthorized",
        got=words(zh=f"问了 {len(script.requests)} 次，错误不见了", en=f"asked {len(script.requests)} times, and the error was gone"),
    )
