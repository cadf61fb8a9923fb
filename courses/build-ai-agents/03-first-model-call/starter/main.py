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
    # TODO 1: ask the model with llm.chat(question), and return the text of the reply.
    #         用 llm.chat(question) 问模型，返回回复的文字。
    return "(nobody was asked)"


def ask_and_count(question):
    """Returns two things: the text of the reply, and how many tokens the call used.
    返回两样东西：回复的文字，和这次调用用掉的 token 数。
    """
    # TODO 2: the number is reply.usage.total_tokens.
    #         这个数是 reply.usage.total_tokens。
    return ask(question), 0


def listen(question):
    """Prints the reply piece by piece while it comes, and returns the whole text.
    回复来一段就打印一段，最后返回全文。
    """
    # TODO 3: with stream=True, llm.chat gives pieces of text in a for loop.
    #         加上 stream=True，就能用 for 循环一段一段地拿到文字。
    return ""


def ask_patiently(question, tries=3):
    """As ask, but tries again when the service is overloaded. Returns None when all tries failed.
    和 ask 一样，但服务太忙时会再试。试完所有次数都不行，就返回 None。
    """
    # TODO 4: catch llm.Overloaded, and only that; try again, but not for ever.
    #         只捕获 llm.Overloaded；再试，但不能没完没了。
    return ask(question)


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
