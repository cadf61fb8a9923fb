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
    first = {"role": "system", "content": system}
    last = {"role": "user", "content": question}
    return [first, *history, last]


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
        self.history.append({"role": "user", "content": question})
        self.history.append({"role": "assistant", "content": reply.text})
        self.history = self.history[-self.keep :]
        return reply.text


def classify(text):
    """One of LABELS, or "unknown" when the model said anything else.
    返回 LABELS 中的一个；模型说了别的，就返回 "unknown"。
    """
    rule = f"Say what a visitor's note is. Answer with one word: {', '.join(LABELS)}."
    messages = [{"role": "system", "content": rule}]
    for example, label in EXAMPLES:
        messages.append({"role": "user", "content": example})
        messages.append({"role": "assistant", "content": label})
    messages.append({"role": "user", "content": text})
    answer = llm.chat(messages, temperature=0).text.strip().lower().rstrip(".")
    return answer if answer in LABELS else "unknown"


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
