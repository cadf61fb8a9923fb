"""Memory: notes that are found by what they mean, and answers that stand on them.
记忆：按意思找到笔记，让回答有据可依。
"""

import json
import math

import llm
from llm import trace

QUESTIONS = (
    "Which animal lives nowhere else?",
    "Can I skate there in January?",
    "When can I not visit?",
    "Who won the football match?",
)
RULE = "Answer from the notes alone, in one sentence, and name the note in brackets, like [1]."


def cosine(a, b):
    """How alike two vectors are: 1 means the same direction, 0 nothing in common.
    两个向量有多像：1 是方向相同，0 是毫无关系。
    """
    lengths = math.hypot(*a) * math.hypot(*b)
    if lengths == 0:
        return 0.0
    return sum(x * y for x, y in zip(a, b)) / lengths


class Notebook:
    """Notes with their vectors. / 笔记和它们的向量。"""

    def __init__(self):
        self.entries = []  # pairs: (text, vector) / 一对一对的：（文字，向量）

    def remember(self, texts):
        """Stores a list of texts, each with its vector. / 存入一串文字，各带一个向量。"""
        for text, vector in zip(texts, llm.embed(texts)):
            self.entries.append((text, vector))

    @trace.tool
    def recall(self, question, k=2, at_least=0.6):
        """At most k texts that fit the question, best first; none that scores below at_least.
        最多 k 条和问题相关的文字，最像的在前；低于 at_least 的不要。
        """
        wanted = llm.embed([question])[0]
        scored = [(cosine(wanted, vector), text) for text, vector in self.entries]
        scored.sort(key=lambda pair: pair[0], reverse=True)
        return [text for score, text in scored[:k] if score >= at_least]


def answer(notebook, question):
    """Answers from the notes; says so when there are none.
    照笔记回答；没有笔记，就如实说。
    """
    found = notebook.recall(question)
    if not found:
        return "I do not know."
    notes = "\n".join(f"[{number}] {text}" for number, text in enumerate(found, 1))
    messages = [
        {"role": "system", "content": RULE},
        {"role": "user", "content": f"Notes:\n{notes}\n\nQuestion: {question}"},
    ]
    return llm.chat(messages).text


def main():
    notebook = Notebook()
    with open("data/notes.json", encoding="utf-8") as file:
        notebook.remember(json.load(file))
    for question in QUESTIONS:
        print("?", question)
        print(" ", answer(notebook, question))


if __name__ == "__main__":
    main()
