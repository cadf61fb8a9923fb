"""Messages and roles: what a model gets to read, and a conversation that remembers.
消息与角色：模型读到的是什么，怎样让对话有记性。
"""

import llm

SYSTEM = "You are a guide in a lake museum. Answer in one short sentence."

LABELS = ("praise", "complaint", "question")
# Examples show better than rules what you want. / 要说明想要什么，例子比规则管用。
EXAMPLES = [
    ("The boats were lovely!", "praise"),
    ("I waited an hour for a ticket.", "complaint"),
    ("Are dogs allowed?", "question"),
]


def build_messages(system, history, question):
    """The list that the model gets to read: the system prompt, what was said, the new question.
    模型要读的列表：系统提示，说过的话，新的问题。
    """
    # TODO 1: {"role": "system", ...}, then history, then {"role": "user", ...}.
    #         先是 {"role": "system", ...}，再是 history，最后是 {"role": "user", ...}。
    return [{"role": "user", "content": question}]


class Guide:
    """A conversation. `history` holds what both sides have said so far.
    一场对话。`history` 里是双方到现在为止说过的话。
    """

    def __init__(self, system=SYSTEM, keep=6):
        self.system = system
        self.keep = keep
        self.history = []

    def say(self, question):
        """Asks the model in the light of what was said before; returns the text of the reply.
        带着前面说过的话去问模型，返回回复的文字。
        """
        reply = llm.chat(build_messages(self.system, self.history, question))
        # TODO 2: remember both the question and the reply in self.history.
        #         把问题和回复都记进 self.history。
        # TODO 3: keep only the last self.keep messages.
        #         只留下最后 self.keep 条。
        return reply.text


def classify(text):
    """One of LABELS, or "unknown" when the model said anything else.
    返回 LABELS 中的一个；模型说了别的，就返回 "unknown"。
    """
    # TODO 4: a system prompt, then each example as a user's and an assistant's message, then the text.
    #         先放系统提示，再把每个例子写成一条 user 和一条 assistant 消息，最后是 text。
    messages = [{"role": "user", "content": text}]
    return llm.chat(messages, temperature=0).text


def main():
    guide = Guide()
    for question in ("My name is Lin. How deep is Lake Baikal?", "And what is my name?"):
        print("Lin:  ", question)
        print("Guide:", guide.say(question))
    print()
    for text in ("Best museum in town!", "Where can I park?"):
        print(f"{text} -> {classify(text)}")


if __name__ == "__main__":
    main()
