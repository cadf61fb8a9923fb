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
    # TODO 1: the sum of the products, divided by both lengths. Two nothings (length 0) have nothing in common.
    #         对应相乘再相加，除以两个长度。长度为 0 的，和谁都没有关系。
    return 0.0


class Notebook:
    """Notes with their vectors. / 笔记和它们的向量。"""

    def __init__(self):
        self.entries = []  # pairs: (text, vector) / 一对一对的：（文字，向量）

    def remember(self, texts):
        """Stores a list of texts, each with its vector. / 存入一串文字，各带一个向量。"""
        # TODO 2: llm.embed(texts) gives all the vectors in one call.
        #         llm.embed(texts) 一次调用就给出全部向量。

    @trace.tool
    def recall(self, question, k=2, at_least=0.6):
        """At most k texts that fit the question, best first; none that scores below at_least.
        最多 k 条和问题相关的文字，最像的在前；低于 at_least 的不要。
        """
        # TODO 3: score every entry against the question's vector, sort, cut.
        #         给每一条打分，排序，再截断。
        return []


def answer(notebook, question):
    """Answers from the notes; says so when there are none.
    照笔记回答；没有笔记，就如实说。
    """
    found = notebook.recall(question)
    # TODO 4: nothing found: return "I do not know." and ask nobody.
    #         什么都没找到：返回 "I do not know."，不用问模型。
    # TODO 5: otherwise put RULE into the system prompt, and the notes, numbered [1], [2], before the question.
    #         找到了：把 RULE 放进系统提示，把笔记编上 [1]、[2]，放在问题前面。
    return llm.chat(question).text


def main():
    notebook = Notebook()
    with open("data/notes.json", encoding="utf-8") as file:
        notebook.remember(json.load(file))
    for question in QUESTIONS:
        print("?", question)
        print(" ", answer(notebook, question))


if __name__ == "__main__":
    main()
