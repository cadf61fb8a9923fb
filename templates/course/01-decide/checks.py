from hacheck import expect_call, load, words


def test_rain():
    expect_call(
        load("main", "decide"),
        "rain",
        expected="umbrella",
        message=words(zh="下雨时要带伞。", en="Take the umbrella when it rains."),
    )
