"""A corridor with some dirt in it, and a robot. Worth reading; you need not change it.
一条有灰尘的走廊和一个机器人。值得读一读，但不用改。
"""


class Corridor:
    """`floor` has one character per tile: "." is clean, "*" is dirty.
    floor 里一个字符是一块地砖："." 干净，"*" 脏。
    """

    def __init__(self, floor, robot=0):
        self.tiles = list(floor)
        self.robot = robot  # the tile it stands on / 机器人站在第几块地砖上
        self.bumps = 0

    def look(self):
        """All that the robot can sense: its own tile, and whether a wall is in front of it.
        机器人能感知到的全部：脚下这块砖，以及前面是不是墙。
        """
        return {
            "dirty": self.tiles[self.robot] == "*",
            "wall_ahead": self.robot == len(self.tiles) - 1,
        }

    def do(self, action):
        """Carries out one action. / 执行一个动作。"""
        if action == "clean":
            self.tiles[self.robot] = "."
        elif action == "forward":
            if self.look()["wall_ahead"]:
                self.bumps += 1
            else:
                self.robot += 1
        elif action != "stop":
            raise ValueError(f"the robot does not know how to {action!r}")

    def dirt_left(self):
        """How many tiles are still dirty. / 还有几块砖是脏的。"""
        return self.tiles.count("*")

    def picture(self):
        """The corridor as text; R is the robot. / 把走廊画成文字，R 是机器人。"""
        drawn = list(self.tiles)
        drawn[self.robot] = "R"
        return "|" + "".join(drawn) + "|"
