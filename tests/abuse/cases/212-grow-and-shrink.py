# id: 212
# title: Truncates, extends and punches one file a hundred thousand times.
# expect: exited 0 | timed_out
# wall: 3
# disk: 8

import os

with open("/tmp/x", "w+b") as file:
    for number in range(100_000):
        try:
            os.ftruncate(file.fileno(), (number * 7919) % (9 << 20))
        except OSError:
            pass
