"""ReAct: the model thinks, asks for a tool, looks at the result, and thinks again.
ReAct：模型想一想，要一个工具，看看结果，再想一想。
"""

import re

from llm import trace
from model import Model
from tools import use_tool

QUESTION = "Which lake is deeper, Baikal or Tanganyika, and by how much?"
MAX_STEPS = 8

# Finds "Action: name[argument]" and remembers the two parts.
# 找到 "Action: 名字[参数]"，并记住这两部分。
ACTION = re.compile(r"Action: *(\w+)\[(.*)\]")


def parse_reply(reply):
    """What does the model want? One of three dictionaries:
    模型想要什么？返回下面三种字典之一：

    {"kind": "action", "tool": "lookup", "input": "Baikal"}
    {"kind": "answer", "text": "..."}
    {"kind": "error", "text": "error: ..."}
    """
    if "Final Answer:" in reply:
        text = reply.partition("Final Answer:")[2].strip()
        return {"kind": "answer", "text": text}
    match = ACTION.search(reply)
    if match is None:
        text = "error: write one line like Action: tool[input], or Final Answer: and your answer"
        return {"kind": "error", "text": text}
    return {"kind": "action", "tool": match[1], "input": match[2]}


def run_agent(model, question, max_steps=MAX_STEPS):
    """The loop. Returns the answer, or None when max_steps were not enough.
    循环本身。返回答案；走满 max_steps 还没有答案，就返回 None。
    """
    transcript = f"Question: {question}\n"
    print(transcript)
    for step in range(max_steps):
        reply = model.reply(transcript)  # think / 思考
        print(reply)
        parsed = parse_reply(reply)
        trace.parsed(**parsed)  # shows up in the trace / 会出现在轨迹里
        if parsed["kind"] == "answer":
            return parsed["text"]
        if parsed["kind"] == "error":
            observation = parsed["text"]
        else:
            observation = use_tool(parsed["tool"], parsed["input"])  # act / 行动
        print(f"Observation: {observation}\n")  # perceive / 感知
        transcript += f"{reply}\nObservation: {observation}\n"
    return None


def main():
    answer = run_agent(Model(), QUESTION)
    print()
    if answer is None:
        print(f"No answer after {MAX_STEPS} steps.")
    else:
        print(f"The agent says: {answer}")


if __name__ == "__main__":
    main()
