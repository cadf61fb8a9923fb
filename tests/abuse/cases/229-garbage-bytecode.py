# id: 229
# title: Executes random bytes as the code of a function.
# expect: exited | timed_out | out_of_memory
# wall: 2

import random


def victim(a=1, b=2):
    return [a, b, print]


random.seed(4)
for _ in range(2000):
    garbage = bytes(random.randrange(256) for _ in range(64))
    try:
        evil = victim.__code__.replace(co_code=garbage, co_stacksize=random.randrange(4))
        type(victim)(evil, {})(3)
    except BaseException:
        pass
