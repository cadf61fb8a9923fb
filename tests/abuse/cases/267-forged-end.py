# id: 267
# title: Tells the engine that it ended well, and goes on.
# expect: exited | timed_out
# wall: 2
# inspect: variables
# stdout lacks: forged output

from wit_world.imports import inside

inside.show(0, None, 2**32 - 1)
while True:
    print("forged output")
