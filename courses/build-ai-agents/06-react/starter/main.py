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
    # TODO 1: when "Final Answer:" is in the reply, return an answer with the text after it.
    #         回复里有 "Final Answer:" 时，返回 answer，带上它后面的文字。
    match = ACTION.search(reply)
    # TODO 2: when nothing was found, match is None: return an error that shows the right form.
    #         什么也没找到时 match 是 None：返回 error，并写出正确的格式。
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
        # TODO 4: an answer ends the loop: return its text.
        #         有了答案，循环结束：返回它的文字。
        # TODO 5: an error is an observation, too: use its text and call no tool.
        #         error 也是一种观察：用它的文字，不调用工具。
        observation = use_tool(parsed["tool"], parsed["input"])  # act / 行动
        print(f"Observation: {observation}\n")  # perceive / 感知
        # TODO 3: add the reply and the line "Observation: ..." to the transcript.
        #         把回复和 "Observation: ..." 这一行接到 transcript 后面。
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
