"""Checks of "Plan and solve": reading a plan, what one step gets to see, and what happens when one fails."""

from hacheck import advise, call, expect_contains, expect_equal, expect_true, load, scripted, show, watch, words


def test_parses():
    parse_plan = load("main", "parse_plan")
    for text, steps in (
        ("1. Count the people\n2. Count the buses", ["Count the people", "Count the buses"]),
        ("Here is my plan:\n\n 1) Look \n 2) Act\nGood luck!", ["Look", "Act"]),
        ("9. Nine\n10. Ten\n11. Buy 3.5 kg", ["Nine", "Ten", "Buy 3.5 kg"]),
        ("I have no plan.", []),
    ):
        expect_equal(
            call=f"parse_plan({text!r})",
            got=call(parse_plan, text),
            expected=steps,
            message=words(
                zh="只留下以数字加点号（或括号）开头的行，去掉数字和首尾空白。",
                en="Keep the lines that begin with a number and a dot or bracket, without the number and without blanks around.",
            ),
        )


def test_one_step():
    do_step = load("main", "do_step")
    with scripted(" 1140 yuan\n") as script:
        got = call(do_step, "A trip.", ["Count people", "Count buses", "Pay"], ["52 people", "3 buses"], 2)
    shown = 'do_step("A trip.", ["Count people", "Count buses", "Pay"], ["52 people", "3 buses"], 2)'
    expect_equal(call=shown, got=got, expected="1140 yuan")
    expect_contains(
        script.text(1),
        "A trip.", "Count people", "52 people", "Count buses", "3 buses", "Do now: Pay",
        call=words(zh="发给模型的内容", en="what the model got to read"),
        message=words(
            zh="模型只看得到这一次发给它的东西：任务、计划的每一步、每一步已有的结果，一样都不能少。",
            en="The model sees only what is sent this time: the task, every step of the plan, and every result so far.",
        ),
    )


PLAN = "1. Look\n2. Count\n3. Tell"


def test_works_through():
    solve = load("main", "solve")
    with scripted(PLAN, "a lake", "7 boats", "Seven boats.") as script, watch() as trace:
        answer = call(solve, "How many boats?")
    trace.expect_model_calls(
        exactly=4,
        message=words(
            zh="一个计划加三步，应该正好问模型 4 次。",
            en="A plan and its three steps: the model should be asked exactly 4 times.",
        ),
    )
    expect_equal(
        call='solve("How many boats?")',
        got=answer,
        expected="Seven boats.",
        message=words(zh="最后一步的结果就是答案。", en="The result of the last step is the answer."),
    )
    expect_contains(
        script.text(4),
        "a lake", "7 boats", "Do now: Tell",
        call=words(zh="第 3 步发给模型的内容", en="what the model got to read at step 3"),
        message=words(zh="每一步的结果都要接到 results 后面，下一步才看得到。", en="Append every result to results, or the next step does not see it."),
    )


def test_new_plan():
    solve = load("main", "solve")
    message = words(
        zh='结果以 "FAILED" 开头，就不要再往下做：把它写进 trouble，用 break 离开这个计划，让模型重新计划。',
        en='When a result begins with "FAILED", stop there: put it into trouble, leave the plan with break, and ask for another.',
    )
    with advise(message), scripted(PLAN, "a lake", "FAILED: too foggy", "1. Ask the keeper", "Seven boats.") as script:
        answer = call(solve, "How many boats?")
    expect_equal(call='solve("How many boats?")', got=answer, expected="Seven boats.", message=message)
    expect_contains(
        script.text(4),
        "too foggy",
        call=words(zh="第 2 次做计划时发给模型的内容", en="what the model got to read for its 2nd plan"),
        message=words(
            zh="不说上次为什么失败，模型只会再写一遍同样的计划。",
            en="Without being told why the last plan failed, the model can only write it again.",
        ),
    )
    failing = (PLAN, "FAILED: fog") * 2
    with scripted(*failing) as script:
        answer = call(solve, "How many boats?", max_plans=2)
    expect_true(
        answer is None and len(script.requests) == 4,
        words(zh="两个计划都失败了：应该返回 None，不再问下去。", en="Both plans failed: return None, and ask no more."),
        call='solve("How many boats?", max_plans=2)',
        expected="None",
        got=show(answer),
    )
