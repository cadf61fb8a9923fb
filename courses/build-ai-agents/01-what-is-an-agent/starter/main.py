"""A robot that sweeps a corridor: perceive, think, act, and again.
一个打扫走廊的机器人：感知、思考、行动，再来一遍。
"""

from world import Corridor

MAX_STEPS = 20  # the safety net / 安全网：最多走这么多步


def decide(observation):
    """Think: choose one action for what the robot sees now.
    思考：根据机器人现在看到的，选一个动作。

    observation: {"dirty": True or False, "wall_ahead": True or False}
    returns / 返回: "clean", "forward" or "stop"
    """
    # TODO 1: on a dirty tile, clean.        / 脚下脏，就打扫。
    # TODO 2: at the wall, stop.             / 到墙了，就停下。
    # TODO 3: otherwise, go forward.         / 其他情况，往前走。
    return "forward"


def run_agent(world, max_steps=MAX_STEPS):
    """The loop. Returns how many steps it took. / 循环本身。返回一共走了几步。"""
    steps = 0
    while steps < max_steps:
        observation = world.look()  # perceive / 感知
        action = decide(observation)  # think / 思考
        steps += 1
        print(f"{steps:2}  {world.picture()}  {describe(observation)}  -> {action}")
        # TODO 4: when the action is "stop", leave the loop here.
        #         动作是 "stop" 时，在这里离开循环。
        world.do(action)  # act / 行动
    return steps


def describe(observation):
    """An observation as short text. / 把观察写成一小段文字。"""
    dirty = "yes" if observation["dirty"] else "no "
    wall = "yes" if observation["wall_ahead"] else "no "
    return f"dirty: {dirty} wall: {wall}"


# This part runs when you press Run, but not when a check imports the file.
# 按“运行”时会执行这一段；检查导入这个文件时不会。
if __name__ == "__main__":
    corridor = Corridor("..*.*..*")
    steps = run_agent(corridor)
    print()
    print(f"Done in {steps} steps. Dirt left: {corridor.dirt_left()}. Bumps: {corridor.bumps}.")
