"""Checks of "Reflection": the reviewer, the writer's letter, and a loop that knows when to stop."""

from hacheck import advise, call, expect_contains, expect_equal, expect_true, load, scripted, show, watch, words

GOOD = "Baikal is 1642 metres deep."
LONG = "Baikal is 1642 metres deep" + " and deep" * 12
BAD = "Baikal is very deep."


def test_reviews():
    review = load("main", "review")
    for draft, count in (
        (GOOD, 0),
        ("word " * 19 + "20", 0),
        ("word " * 20 + "21", 1),
        ("Baikal is deep.", 1),
        ("Baikal is VERY deep: 1642 metres.", 1),
        ("Every lake is deep, and Baikal is 1642 metres.", 0),
        (BAD, 2),
        ("very " * 30, 3),
    ):
        got = call(review, draft)
        shown = f"review({draft!r})"
        expect_true(
            isinstance(got, list) and len(got) == count and all(isinstance(part, str) and part for part in got),
            words(
                zh=f"这一稿有 {count} 个毛病：数词数，找数字，找 very 这个词（every 不算）。",
                en=f"This draft has {count} faults: count its words, look for a number, look for the word very (every is another word).",
            ),
            call=shown,
            expected=words(zh=f"{count} 条意见", en=f"{count} complaints"),
            got=show(got),
        )


def test_rewrites():
    with scripted(f" {GOOD}\n") as script:
        got = call(load("main", "rewrite"), "Write a label.", BAD, ["It has no number.", "It says very."])
    expect_equal(call="rewrite(…)", got=got, expected=GOOD)
    expect_contains(
        script.text(1),
        "Write a label.", BAD, "It has no number.", "It says very.",
        call=words(zh="发给模型的内容", en="what the model got to read"),
        message=words(
            zh="模型不记得自己写过什么。任务、草稿、每一条意见，都要发给它。",
            en="The model does not remember what it wrote. Send it the task, the draft and every complaint.",
        ),
    )


def reflected(*drafts, rounds=4):
    with scripted(*drafts) as script, watch() as trace:
        result = call(load("main", "reflect"), "Write a label.", max_rounds=rounds)
    shown = f'reflect("Write a label.", max_rounds={rounds})'
    expect_true(
        isinstance(result, tuple) and len(result) == 2,
        words(zh="应该返回两样：一稿，和它的毛病列表。", en="Return two things: a draft, and the list of its complaints."),
        call=shown,
        got=show(result),
    )
    return result, len(script.requests), shown, trace


def test_stops_when_good():
    message = words(
        zh="review 挑不出毛病了，就马上返回，不要再问模型。",
        en="When review finds nothing, return at once, and do not ask the model again.",
    )
    with advise(message):
        (draft, complaints), asked, shown, trace = reflected(BAD, GOOD)
    expect_equal(call=shown, got=(draft, complaints), expected=(GOOD, []), message=message)
    trace.expect_model_calls(exactly=2, message=message)
    with advise(message):
        (draft, complaints), asked, shown, trace = reflected(GOOD)
    trace.expect_model_calls(exactly=1, message=message)


def test_keeps_the_best():
    message = words(
        zh="改稿不一定越改越好。返回的应该是毛病最少的那一稿，和它的毛病。",
        en="A new draft is not always a better one. Return the draft with the fewest complaints, and its complaints.",
    )
    worse = "very " * 30
    (draft, complaints), asked, shown, _ = reflected(BAD, LONG, worse, BAD + "!", worse + "!", rounds=4)
    expect_equal(call=shown, got=(draft, len(complaints)), expected=(LONG, 1), message=message)


def test_stuck():
    message = words(
        zh="新稿和旧稿一模一样，再问也是这句话：离开循环，省下这次调用。",
        en="The new draft is the old one, and asking again will bring the same: leave the loop and save the call.",
    )
    with advise(message):
        (draft, complaints), asked, shown, trace = reflected(BAD, LONG, LONG, rounds=9)
    trace.expect_model_calls(exactly=3, message=message)
    expect_equal(call=shown, got=(draft, len(complaints)), expected=(LONG, 1), message=message)
    (draft, _), asked, shown, trace = reflected(*[f"{BAD} {number}a" for number in "abcdefgh"], rounds=3)
    expect_true(
        asked <= 4,
        words(zh="max_rounds 是 3，就最多写 3 轮。", en="max_rounds is 3, so there are 3 rounds at most."),
        call=shown,
        expected=words(zh="最多问 4 次", en="4 questions at most"),
        got=str(asked),
    )
