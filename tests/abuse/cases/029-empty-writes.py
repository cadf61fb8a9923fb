# id: 29
# title: Writes nothing, a million times, in every way there is.
# expect: exited 0 | timed_out
# wall: 3

import os
import sys

for _ in range(200_000):
    os.write(1, b"")
    os.write(2, b"")
for _ in range(200_000):
    sys.stdout.flush()
    sys.stdout.buffer.raw.write(b"")
