"""A stand-in for a language model. It costs nothing, needs no network and always plays by the same script.
大语言模型的替身。不花钱，不联网，每次都照同一个剧本演。

Like the real thing it has no memory: it sees the transcript, writes what comes next, and forgets.
它和真的模型一样没有记忆：看一遍对话记录，写出下一段，然后全忘掉。
"""


class ScriptedModel:
    # (what must stand in the transcript, what the model then writes) - the last line that fits wins.
    # （记录里要出现什么，模型就写什么），从下往上，第一条对得上的算数。
    SCRIPT = [
        ("", "Thought: I need the depth of both lakes. Baikal first.\nAction: lookup[Baikal]"),
        ("1642 metres", "Thought: Good. Now the other one.\nAction: lookup Tanganyika"),
        ("Observation: error", "Thought: I left out the brackets.\nAction: lookup[Tanganyika]"),
        ("1470 metres", "Thought: I have both. How far apart are they?\nAction: subtract[1642, 1470]"),
        (
            "Observation: 172",
            "Thought: Now I know everything.\n"
            "Final Answer: Lake Baikal is 172 metres deeper than Lake Tanganyika.",
        ),
    ]

    def reply(self, transcript):
        """Continues the transcript. / 接着记录往下写。"""
        for sign, text in reversed(self.SCRIPT):
            if sign in transcript:
                return text
