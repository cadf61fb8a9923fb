"""Plan and solve: first a list of steps, then one step after the other, and a new plan when one fails.
先计划，再动手：先列出步骤，再一步一步地做；哪一步做不成，就换一个计划。
"""

import re

import llm
from llm import trace

TRIP = (
    "47 children and 5 teachers go to the lake museum. A bus has 20 seats and costs 380 yuan. "
    "A ticket is 12 yuan for a child; teachers go in free. What does the trip cost?"
)
PLANNER = "Write a plan as a numbered list of short steps. Do not calculate anything yet."
WORKER = "You get a task, a plan and the results so far. Do only the step you are asked for. Answer with its result alone."


def parse_plan(text):
    """The steps of a numbered list, without their numbers; other lines do not count.
    编号列表里的步骤，去掉编号；别的行不算。
    """
    # TODO 1: a step is a line like "1. Count the people" or "2) Count the buses".
    #         步骤是形如 "1. Count the people" 或 "2) Count the buses" 的行。
    return [text]


def make_plan(task, trouble=""):
    """Asks for a plan. `trouble` says what went wrong with the last one.
    请模型做计划。`trouble` 说明上一个计划出了什么问题。
    """
    with trace.step("plan") as step:
        messages = [
            {"role": "system", "content": PLANNER},
            {"role": "user", "content": f"{task}\n{trouble}".strip()},
        ]
        step.output = parse_plan(llm.chat(messages).text)
        return step.output


def do_step(task, plan, results, number):
    """Asks for the result of one step, in the light of the results so far.
    带着已有的结果，请模型做一步，返回这一步的结果。
    """
    with trace.step(f"step {number + 1}") as step:
        # TODO 2: the model must get to read the task, every step of the plan, and every result so far.
        #         模型要读到：任务，计划的每一步，到现在为止的每个结果。
        sheet = f"Task: {task}"
        sheet += f"\n\nDo now: {plan[number]}"
        messages = [{"role": "system", "content": WORKER}, {"role": "user", "content": sheet}]
        step.output = llm.chat(messages).text.strip()
        return step.output


def solve(task, max_plans=2):
    """Plans, works through the plan, and returns the last result; None when max_plans plans have failed.
    先计划，再照着做，返回最后一步的结果；用完 max_plans 个计划都不行，就返回 None。
    """
    trouble = ""
    for _ in range(max_plans):
        plan = make_plan(task, trouble)
        print("Plan:")
        for line in plan:
            print("  -", line)
        results = []
        # TODO 3: do every step of the plan, print its result and append it to results.
        #         按计划做每一步，打印结果，接到 results 后面。
        # TODO 4: when a result begins with "FAILED", put it into trouble, leave this plan, make another.
        #         结果以 "FAILED" 开头时：记进 trouble，放下这个计划，重新计划。
        return results[-1] if results else None
    return None


def main():
    print("At once:", llm.chat(f"{TRIP} Answer at once, with the number only.").text)
    print()
    answer = solve(TRIP)
    print()
    print("With a plan:", answer)


if __name__ == "__main__":
    main()
