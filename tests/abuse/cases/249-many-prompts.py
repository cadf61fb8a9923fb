# id: 249
# title: Asks for input twenty thousand times behind its end.
# expect: exited 0 | timed_out | output_limit
# wall: 3

import sys

for _ in range(20_000):
    try:
        input("?")
    except EOFError:
        pass
