"""The model of this lesson. It sees a system prompt and the transcript, writes what comes next, and forgets.
这一课的模型。它看到系统提示和对话记录，写出下一段，然后全忘掉。
"""

import llm

SYSTEM = """Answer the question. Write in turns, each of two lines:
Thought: what you know, and what is missing
Action: tool[input]
You will then read an Observation. The tools are lookup[name of a lake] and subtract[number, number].
When you know the answer, write instead of the action:
Final Answer: the answer"""


class Model:
    def reply(self, transcript):
        """Continues the transcript. / 接着记录往下写。"""
        messages = [
            {"role": "system", "content": SYSTEM},
            {"role": "user", "content": transcript},
        ]
        # The observation must come from the world, so the model is stopped before it makes one up.
        # 观察必须来自世界，所以模型还没来得及编，就让它停下。
        return llm.chat(messages, temperature=0, stop=["Observation:"]).text
