"""The first calls to a language model: ask, count, listen while it speaks, and try again.
第一次调用语言模型：提问，数一数，边说边听，再试一次。
"""

import llm

QUESTION = "What is an AI agent? Answer in one sentence."
TOPIC = "Write a haiku about a robot that sweeps a corridor."


def ask(question):
    """Asks the model and returns the text of its reply.
    问模型，返回它回复的文字。
    """
    reply = llm.chat(question)
    return reply.text


def ask_and_count(question):
    """Returns two things: the text of the reply, and how many tokens the call used.
    返回两样东西：回复的文字，和这次调用用掉的 token 数。
    """
    reply = llm.chat(question)
    return reply.text, reply.usage.total_tokens


def listen(question):
    """Prints the reply piece by piece while it comes, and returns the whole text.
    回复来一段就打印一段，最后返回全文。
    """
    whole = ""
    for piece in llm.chat(question, stream=True):
        print(piece, end="", flush=True)
        whole += piece
    return whole


def ask_patiently(question, tries=3):
    """As ask, but tries again when the service is overloaded. Returns None when all tries failed.
    和 ask 一样，但服务太忙时会再试。试完所有次数都不行，就返回 None。
    """
    for _ in range(tries):
        try:
            return ask(question)
        except llm.Overloaded:
            pass
    return None


def main():
    print("1.", ask(QUESTION))
    text, tokens = ask_and_count(QUESTION)
    print(f"2. {len(text)} characters, {tokens} tokens")
    print("3.")
    listen(TOPIC)
    print()
    print("4.", ask_patiently(QUESTION))


if __name__ == "__main__":
    main()
