"""Checks of "ReAct": reading what the model wrote, then the loop, with models that follow our script."""

from hacheck import advise, call, expect_call, expect_contains, expect_equal, expect_true, fail, load, show, words

LOOK = "Thought: I will look.\nAction: lookup[Baikal]"
SEEN = "Observation: Lake Baikal, Siberia: 1642 metres deep"


class Script:
    """A model that writes one reply after the other and keeps what it was shown."""

    def __repr__(self):
        return "model"

    def __init__(self, *replies):
        self.replies, self.shown = list(replies), []

    def reply(self, transcript):
        self.shown.append(transcript)
        if len(self.shown) > len(self.replies):
            fail(
                words(
                    zh="循环该结束的时候没有结束：模型又被问了一次。",
                    en="The loop should have ended, but the model was asked once more.",
                ),
                call=shown_call(len(self.replies)),
                expected=words(zh=f"问 {len(self.replies)} 次", en=f"{len(self.replies)} questions to the model"),
                got=words(zh=f"第 {len(self.shown)} 次", en=f"question number {len(self.shown)}"),
            )
        return self.replies[len(self.shown) - 1]


def shown_call(steps):
    return f'run_agent(model, "How deep?", max_steps={steps})'


def run(model, steps):
    return call(load("main", "run_agent"), model, "How deep?", max_steps=steps)


def test_reads_the_answer():
    parse_reply = load("main", "parse_reply")
    message = words(
        zh='回复里有 "Final Answer:"，应该返回 kind 为 "answer" 的字典，text 是它后面的全部文字，首尾不带空格。',
        en='The reply has a "Final Answer:", so return a dictionary of kind "answer"; '
        "its text is all that follows, without spaces around it.",
    )
    with advise(message):
        expect_call(
            parse_reply,
            "Thought: Easy.\nFinal Answer: 1642 metres",
            expected={"kind": "answer", "text": "1642 metres"},
            message=message,
        )
        expect_call(
            parse_reply,
            "Final Answer: Two lakes:\nBaikal and Tanganyika",
            expected={"kind": "answer", "text": "Two lakes:\nBaikal and Tanganyika"},
            message=message,
        )
    expect_call(
        parse_reply,
        LOOK,
        expected={"kind": "action", "tool": "lookup", "input": "Baikal"},
        message=words(
            zh="这是一个写得正确的动作，应该像原来一样读出工具名和参数。",
            en="This action is well written: its tool and its input should be read as before.",
        ),
    )


def test_malformed_action():
    parse_reply = load("main", "parse_reply")
    message = words(
        zh='这里没有写得正确的动作，所以 match 是 None。返回 kind 为 "error" 的字典。',
        en='There is no well-written action here, so match is None. Return a dictionary of kind "error".',
    )
    for reply in ("Thought: Now the other one.\nAction: lookup Tanganyika", "I think it is very deep."):
        shown = f"parse_reply({reply!r})"
        with advise(message):
            got = call(parse_reply, reply)
        expect_true(
            isinstance(got, dict) and got.get("kind") == "error",
            message,
            call=shown,
            expected="{'kind': 'error', 'text': 'error: ...'}",
            got=show(got),
        )
        form = words(
            zh="text 要以 error 开头，并写出 Action: 的正确格式，模型才知道该怎么改。",
            en="The text should begin with error and show the right form of Action:, so that the model can do better.",
        )
        text = got.get("text")
        expect_true(
            isinstance(text, str) and text.startswith("error"),
            form,
            call=shown,
            expected="{'kind': 'error', 'text': 'error: ...'}",
            got=show(got),
        )
        expect_contains(text, "Action", "[", "]", call=shown + '["text"]', message=form)


def test_transcript_grows():
    model = Script(LOOK, "Thought: Compare.\nAction: subtract[9, 4]", LOOK)
    run(model, 3)
    expect_equal(
        call=shown_call(3),
        got=len(model.shown),
        expected=3,
        message=words(
            zh="这个模型三次都要求用工具，循环应该正好问它 3 次。",
            en="This model asks for a tool three times, so the loop should ask it exactly 3 times.",
        ),
    )
    first, second, third = model.shown
    place = words(zh="第 2 次给模型看的 transcript", en="the transcript at the model's 2nd turn")
    expect_true(
        second != first,
        words(
            zh="第 2 次给模型看的和第 1 次一模一样，所以它只会把同一句话再说一遍。把发生过的事接到 transcript 后面。",
            en="At its 2nd turn the model sees the same text as at its 1st, so it can only say the same again. "
            "Add what happened to the transcript.",
        ),
        call=place,
        expected=words(zh="比第 1 次长", en="longer than before"),
        got=show(second),
    )
    for text, piece in ((second, LOOK), (second, SEEN), (third, "Action: subtract[9, 4]"), (third, "Observation: 5")):
        turn = 2 if text is second else 3
        expect_contains(
            text,
            piece,
            call=words(zh=f"第 {turn} 次给模型看的 transcript", en=f"the transcript at the model's turn {turn}"),
            message=words(
                zh="回复和观察两样都要接上去，观察前面写 `Observation: `。",
                en="Both the reply and the observation belong there, with `Observation: ` before the latter.",
            ),
        )
    expect_true(
        second.startswith(first) and third.startswith(second),
        words(
            zh="transcript 只能越接越长，前面的内容一个字也不能丢：用 `+=`。",
            en="The transcript only grows, and nothing of what came before may get lost: use `+=`.",
        ),
        call=words(zh="第 3 次给模型看的 transcript", en="the transcript at the model's turn 3"),
        expected=words(zh=f"以 {second!r} 开头", en=f"a text that begins with {second!r}"),
        got=show(third),
    )
    lines = third.splitlines()
    for line in (SEEN, "Observation: 5"):
        expect_true(
            line in lines,
            words(
                zh=r"每条观察要自己占一行：前后都要换行，写作 \n。",
                en=r"Every observation needs a line of its own: put a line break, \n, before and after it.",
            ),
            call=words(zh="第 3 次给模型看的 transcript", en="the transcript at the model's turn 3"),
            expected=words(zh=f"有一行是 {line!r}", en=f"a line {line!r}"),
            got=show(third),
        )


def test_loop_ends():
    model = Script(LOOK, "Thought: I know.\nFinal Answer: 1642 metres")
    message = words(
        zh="模型在第 2 次给出了最终答案：循环应该结束，返回答案的文字。",
        en="The model gave its final answer at its 2nd turn: the loop should end and return the text of the answer.",
    )
    with advise(message):
        answer = run(model, 9)
    expect_equal(call=shown_call(9), got=answer, expected="1642 metres", message=message)
    expect_equal(
        call=shown_call(4),
        got=run(Script(LOOK, LOOK, LOOK, LOOK), 4),
        expected=None,
        message=words(
            zh="模型 4 步都没有答案，安全网应该收住循环，返回 None。",
            en="The model had no answer in 4 steps: the safety net should end the loop and return None.",
        ),
    )


def test_recovers():
    model = Script("Action: lookup Tanganyika", LOOK, "Final Answer: 1642 metres")
    message = words(
        zh="模型写错了格式，循环不能停，也不能崩溃：把 error 的文字当作观察接到 transcript 上，再让它试一次。",
        en="The model used a wrong form. The loop must neither end nor crash: "
        "add the text of the error to the transcript as an observation, and let it try again.",
    )
    with advise(message):
        answer = run(model, 9)
    expect_equal(call=shown_call(9), got=answer, expected="1642 metres", message=message)
    expect_contains(
        model.shown[1],
        "Action: lookup Tanganyika",
        "Observation: error",
        call=words(zh="第 2 次给模型看的 transcript", en="the transcript at the model's turn 2"),
        message=message,
    )
