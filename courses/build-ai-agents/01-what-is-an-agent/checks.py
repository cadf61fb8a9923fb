"""Checks of "What is an agent?": the decision for every situation, then the loop around it."""

from hacheck import call, expect_call, expect_equal, fail, load, words


def situation(dirty, wall_ahead):
    return {"dirty": dirty, "wall_ahead": wall_ahead}


def test_cleans_dirt():
    decide = load("main", "decide")
    expect_call(
        decide,
        situation(dirty=True, wall_ahead=False),
        expected="clean",
        message=words(
            zh="脚下这块砖是脏的，机器人应该打扫。",
            en="The tile under the robot is dirty, so it should clean.",
        ),
    )
    expect_call(
        decide,
        situation(dirty=True, wall_ahead=True),
        expected="clean",
        message=words(
            zh="最后一块砖也可能是脏的：先打扫，再管墙。哪个 `if` 写在前面很要紧。",
            en="The last tile can be dirty, too: clean first, then think about the wall. "
            "It matters which `if` comes first.",
        ),
    )


def test_stops_at_the_wall():
    expect_call(
        load("main", "decide"),
        situation(dirty=False, wall_ahead=True),
        expected="stop",
        message=words(
            zh="脚下干净，前面是墙：活干完了，机器人应该停下。",
            en="A clean tile and a wall ahead: the work is done, so the robot should stop.",
        ),
    )


def test_goes_on():
    decide = load("main", "decide")
    clear = situation(dirty=False, wall_ahead=False)
    expect_call(
        decide,
        clear,
        expected="forward",
        message=words(
            zh="脚下干净，前面也没有墙：机器人应该往前走。",
            en="The tile is clean and the way is free: the robot should go forward.",
        ),
    )
    dirty = situation(dirty=True, wall_ahead=False)
    if call(decide, dirty) == "forward":
        fail(
            words(
                zh="往前走是对的，但 decide 现在不管看到什么都往前走。先让它学会打扫。",
                en="Forward is right here, but decide goes forward whatever it sees. Teach it to clean first.",
            ),
            call=f"decide({dirty!r})",
            expected="'clean'",
            got="'forward'",
        )


class QuietWorld:
    """A world that only counts, and says so when somebody looks too often."""

    def __repr__(self):
        return "world"

    def __init__(self, most_looks, complaint):
        self.looks, self.done = 0, []
        self.most_looks, self.complaint = most_looks, complaint

    def look(self):
        self.looks += 1
        if self.looks > self.most_looks:
            fail(
                self.complaint,
                call="run_agent(world, max_steps=10)",
                expected=words(zh=f"看 {self.most_looks} 次", en=f"{self.most_looks} looks"),
                got=words(zh=f"第 {self.looks} 次", en=f"look number {self.looks}"),
            )
        return situation(dirty=False, wall_ahead=False)

    def do(self, action):
        self.done.append(action)

    def dirt_left(self):
        return 0

    def picture(self):
        return "|R.|"


def test_loop_ends():
    main = load("main")
    run_agent, _ = load("main", "run_agent", "decide")

    # The loop must call decide; here it gets a decide that follows a script.
    script = iter(["forward", "forward", "stop"])
    main.decide = lambda observation: next(script, "stop")
    world = QuietWorld(
        most_looks=3,
        complaint=words(
            zh='decide 第 3 次回答的是 "stop"，循环却又看了世界一眼。遇到 "stop" 要用 `break` 离开循环。',
            en='The third answer of decide was "stop", but the loop looked at the world again. '
            'Leave the loop with `break` when the action is "stop".',
        ),
    )
    call(run_agent, world, max_steps=10)
    expect_equal(
        call="run_agent(world, max_steps=10)",
        got=[action for action in world.done if action != "stop"],
        expected=["forward", "forward"],
        message=words(
            zh='decide 依次回答 "forward"、"forward"、"stop"。停下之前的每个动作都要交给 world.do 去做。',
            en='decide answered "forward", "forward", "stop". Every action before the stop must be given to world.do.',
        ),
    )

    # And a decide that never stops meets the safety net.
    main.decide = lambda observation: "forward"
    world = QuietWorld(
        most_looks=10,
        complaint=words(
            zh="decide 一直不说停，循环就一直转下去。`max_steps` 这张安全网要留着。",
            en="decide never said stop, and the loop went on and on. Keep `max_steps`, the safety net.",
        ),
    )
    call(run_agent, world, max_steps=10)
    expect_equal(
        call="run_agent(world, max_steps=10)",
        got=len(world.done),
        expected=10,
        message=words(
            zh="decide 一直说往前走，`max_steps` 是 10，就应该正好走 10 步。",
            en="decide always says forward and `max_steps` is 10, so there should be exactly 10 steps.",
        ),
    )
