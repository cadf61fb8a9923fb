# id: 266
# title: Tells the engine a false inside: ends, frames, steps and variables without number.
# expect: exited | timed_out
# wall: 3
# inspect: steps

from wit_world.imports import inside
from wit_world.imports.inside import Step, StepKind, Variable

for number in range(50_000):
    inside.enter_frame("x" * 300, 2**32 - 1)
for number in range(50_000):
    inside.take_step(Step(StepKind.LINE, "../" * 100, 2**32 - 1, number, [Variable("n" * 300, "t", "v" * 300)], ["g"] * 10, "s" * 300))
inside.cut_steps()
for number in range(50_000):
    inside.show_variable(Variable("n" * 3000, "t" * 3000, "v" * 3000))
