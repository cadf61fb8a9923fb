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
    count = len(draft.split())
    if count > MOST_WORDS:
        complaints.append(f"It has {count} words, and {MOST_WORDS} is the most.")
    if not re.search(r"\d", draft):
        complaints.append("It has no number: how deep is the lake?")
    if re.search(r"\bvery\b", draft, re.IGNORECASE):
        complaints.append('It says "very". Show it with a comparison.')
    return complaints


def write(task):
    """A first draft. / 第一稿。"""
    messages = [{"role": "system", "content": WRITER}, {"role": "user", "content": task}]
    return llm.chat(messages).text.strip()


def rewrite(task, draft, complaints):
    """A better draft. / 改过的一稿。"""
    listed = "\n".join(f"- {complaint}" for complaint in complaints)
    request = f"{task}\n\nYour draft:\n{draft}\n\nWhat is wrong with it:\n{listed}\n\nWrite it again."
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
            if not complaints:
                return draft, []
            if len(complaints) < len(best_complaints):
                best, best_complaints = draft, complaints
            new = rewrite(task, draft, complaints)
        if new == draft:
            break
        draft = new
    return best, best_complaints


def main():
    label, complaints = reflect(TASK)
    print()
    print("The label:", label)
    print("Still wrong:", len(complaints))


if __name__ == "__main__":
    main()
