"""Reflection: write, look at it with other eyes, write again.
反思：写出来，换一双眼睛看，再写一遍。
"""

import re

import llm
from llm import trace

TASK = "Write a label about Lake Baikal for the children's room of a museum."
WRITER = "You write labels for a museum. Answer with the label alone."
MOST_WORDS = 20


def review(draft):
    """What is wrong with a draft, as a list of sentences; an empty list when it is good.
    草稿有哪些毛病，写成一个列表；没有毛病就是空列表。
    """
    complaints = []
    # TODO 1: at most MOST_WORDS words; a number (how deep is it?); never the word "very".
    #         最多 MOST_WORDS 个词；要有一个数（有多深？）；不许出现 "very"。
    return complaints


def write(task):
    """A first draft. / 第一稿。"""
    messages = [{"role": "system", "content": WRITER}, {"role": "user", "content": task}]
    return llm.chat(messages).text.strip()


def rewrite(task, draft, complaints):
    """A better draft. / 改过的一稿。"""
    # TODO 2: the writer must get to read the task, its own draft, and each of the complaints.
    #         写的人要读到：任务，它自己的草稿，每一条意见。
    request = task
    messages = [{"role": "system", "content": WRITER}, {"role": "user", "content": request}]
    return llm.chat(messages).text.strip()


def reflect(task, max_rounds=4):
    """Writes, reviews and rewrites until nothing is wrong. Returns the best draft and its complaints.
    写，审，改，直到没有毛病。返回最好的一稿，和它剩下的毛病。
    """
    draft = write(task)
    best, best_complaints = draft, review(draft)
    for number in range(1, max_rounds + 1):
        with trace.step(f"round {number}") as step:
            complaints = review(draft)
            print(f"Draft {number}: {draft}")
            for complaint in complaints:
                print("  -", complaint)
            step.output = complaints
            # TODO 3: when nothing is wrong, return the draft and the empty list.
            #         没有毛病了，就返回这一稿和空列表。
            # TODO 4: keep the draft with the fewest complaints in best and best_complaints.
            #         把毛病最少的一稿留在 best 和 best_complaints 里。
            # TODO 5: rewrite; when the new draft is the old one, nothing will change any more: leave the loop.
            #         改一稿；新稿和旧稿一模一样，就不会再变了：离开循环。
    return best, best_complaints


def main():
    label, complaints = reflect(TASK)
    print()
    print("The label:", label)
    print("Still wrong:", len(complaints))


if __name__ == "__main__":
    main()
