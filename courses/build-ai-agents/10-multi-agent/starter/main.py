"""Two agents: one writes quiz questions, the other knows the facts and says what is wrong.
两个智能体：一个出题，另一个手里有资料，负责挑错。
"""

import llm
from llm import trace

WRITES = "You write quiz questions for children, each with three answers A, B and C. Answer with the question alone."
CHECKS = (
    "You check quiz questions. You know: Lake Baikal is 1642 metres deep. "
    "Begin with APPROVED when exactly one answer is right, else with NO and what is wrong."
)


class Agent:
    """One who listens, speaks, and remembers both in a memory of its own.
    会听，会说，并把听到的和说过的都记在自己的记忆里。
    """

    def __init__(self, name, system):
        self.name = name
        self.system = system
        self.memory = []

    def hear(self, speaker, text):
        """Remembers what somebody else said, and who it was. / 记住别人说的话，还有是谁说的。"""
        # TODO 1: append a user's message: the speaker's name, a colon, a blank, the text.
        #         接上一条 user 消息：说话人的名字、冒号、空格、内容。

    def speak(self):
        """Says what comes to its mind, and remembers that, too. / 说出自己的话，自己也记住。"""
        with trace.agent(self.name) as me:
            messages = [{"role": "system", "content": self.system}, *self.memory]
            me.output = llm.chat(messages).text
            # TODO 2: these were its own words: append them with the role assistant.
            #         这是它自己的话：用 assistant 的角色接上。
            return me.output


def is_approved(verdict):
    """Whether the checker is content. / 挑错的人是否满意。"""
    # TODO 3: only a verdict that begins with APPROVED counts.
    #         只有以 APPROVED 开头的才算。
    return "APPROVED" in verdict


def discuss(task, writer, checker, max_rounds=4):
    """The writer proposes and the checker judges, until one proposal is approved.
    Returns it, or None when max_rounds were not enough.
    出题的提议，挑错的评判，直到有一题通过。返回这一题；走满 max_rounds 轮还没有，就返回 None。
    """
    writer.hear("Host", task)
    for _ in range(max_rounds):
        proposal = writer.speak()
        print(f"{writer.name}: {proposal}")
        # TODO 4: the checker must hear the proposal before it speaks. Print its verdict as well.
        #         挑错的人要先听到提议，再开口。它的评判也打印出来。
        # TODO 5: approved: return the proposal. Otherwise the writer must hear the verdict.
        #         通过了：返回这个提议。没通过：让出题的人听到评判。
    return None


def main():
    writer = Agent("Writer", WRITES)
    checker = Agent("Checker", CHECKS)
    question = discuss("Write a question about Lake Baikal.", writer, checker)
    print()
    print("For the quiz:", question)


if __name__ == "__main__":
    main()
