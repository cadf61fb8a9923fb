"""Checks of "Memory and retrieval": the measure, the notebook, and what the model gets to read."""

import math

from hacheck import advise, call, expect_contains, expect_equal, expect_true, load, scripted, show, watch, words

NOTES = ["The boat leaves at nine.", "Tickets cost two yuan.", "Seals sleep on the ice."]


def test_cosine():
    cosine = load("main", "cosine")
    for a, b, expected in (
        ([1, 0], [1, 0], 1.0),
        ([3, 4], [6, 8], 1.0),
        ([1, 0], [0, 5], 0.0),
        ([1, 1], [1, 0], math.sqrt(0.5)),
        ([2, 0], [-7, 0], -1.0),
        ([0, 0], [1, 2], 0.0),
    ):
        with advise(words(zh="长度为 0 的向量不能当除数：先问一问。", en="A vector of length 0 cannot be divided by: ask first.")):
            got = call(cosine, a, b)
        expect_true(
            isinstance(got, (int, float)) and abs(got - expected) < 1e-9,
            words(
                zh="对应的数相乘，加起来，再除以两个向量的长度。",
                en="Multiply the numbers in pairs, add up, and divide by the lengths of both vectors.",
            ),
            call=f"cosine({a}, {b})",
            expected=f"{expected:.4f}",
            got=show(got),
        )


def notebook():
    book = call(load("main", "Notebook"))
    call(book.remember, NOTES)
    return book


def test_remembers():
    with scripted(), watch() as trace:
        book = notebook()
    entries = book.entries
    expect_true(
        [entry[0] for entry in entries if len(entry) == 2] == NOTES and all(len(entry[1]) == 64 for entry in entries),
        words(
            zh="每一条笔记都要存成一对：（文字，它的向量）。zip(texts, llm.embed(texts)) 能把它们配成对。",
            en="Store every note as a pair: (text, its vector). zip(texts, llm.embed(texts)) makes the pairs.",
        ),
        call="notebook.entries",
        got=show([entry[0] if entry else entry for entry in entries]),
    )
    expect_equal(
        call=words(zh="llm.embed 的调用次数", en="calls of llm.embed"),
        got=len(trace.of_kind("embed")),
        expected=1,
        message=words(zh="所有文字可以一次问完：一次调用比三次快，也便宜。", en="Ask for all texts at once: one call is faster and cheaper than three."),
    )


def test_recalls():
    with scripted():
        book = notebook()
        expect_equal(
            call="notebook.recall('Seals sleep on the ice', k=1)",
            got=call(book.recall, "Seals sleep on the ice", k=1),
            expected=[NOTES[2]],
            message=words(zh="最像的应该排第一。排序默认从小到大。", en="The most similar comes first. Sorting goes upwards by default."),
        )
        got = call(book.recall, "Tickets cost two yuan", k=9, at_least=-1.0)
        expect_true(
            sorted(got) == sorted(NOTES) and got[0] == NOTES[1],
            words(zh="k 是最多几条，没有那么多就全部给出。", en="k is the most there may be; give all of them when there are fewer."),
            call="notebook.recall('Tickets cost two yuan', k=9, at_least=-1.0)",
            got=show(got),
        )
        expect_equal(call="notebook.recall('Tickets cost two yuan', k=2, at_least=-1.0)", got=len(call(book.recall, "Tickets cost two yuan", k=2, at_least=-1.0)), expected=2)
        expect_equal(
            call="notebook.recall('Tickets cost two yuan', at_least=1.1)",
            got=call(book.recall, "Tickets cost two yuan", at_least=1.1),
            expected=[],
            message=words(zh="分数低于 at_least 的，一条也不要。", en="Nothing that scores below at_least."),
        )
        empty = call(load("main", "Notebook"))
        expect_equal(call=words(zh="空的笔记本", en="an empty notebook"), got=call(empty.recall, "Anything"), expected=[])


class Book:
    """A notebook that finds what the check wants."""

    def __init__(self, *found):
        self.found = list(found)

    def __repr__(self):
        return "notebook"

    def recall(self, question, *more, **options):
        return list(self.found)


def test_does_not_know():
    message = words(
        zh="笔记里没有，就返回 I do not know.，不要去问模型：它会编一个出来。",
        en="When the notes have nothing, return I do not know., and do not ask the model: it would make something up.",
    )
    with scripted("Three to one."), watch() as trace:
        got = call(load("main", "answer"), Book(), "Who won?")
    expect_equal(call='answer(notebook, "Who won?")', got=got, expected="I do not know.", message=message)
    trace.expect_model_calls(exactly=0, message=message)


def test_answers():
    answer, rule = load("main", "answer", "RULE")
    with scripted("On the ice [2].") as script, watch() as trace:
        got = call(answer, Book("The boat leaves at nine.", "Seals sleep on the ice."), "Where do seals sleep?")
    expect_equal(call='answer(notebook, "Where do seals sleep?")', got=got, expected="On the ice [2].")
    trace.expect_model_calls(exactly=1)
    where = words(zh="发给模型的内容", en="what the model got to read")
    expect_contains(
        script.text(1),
        rule, "[1] The boat leaves at nine.", "[2] Seals sleep on the ice.", "Where do seals sleep?",
        call=where,
        message=words(
            zh="模型要读到三样：RULE，编了号的笔记，问题。",
            en="The model needs three things: RULE, the numbered notes, and the question.",
        ),
    )
    expect_equal(
        call=words(zh="第一条消息的角色", en="the role of the first message"),
        got=script.messages(1)[0].get("role"),
        expected="system",
        message=words(zh="RULE 是你定的规矩，放进系统提示里。", en="RULE is yours: it belongs into the system prompt."),
    )
