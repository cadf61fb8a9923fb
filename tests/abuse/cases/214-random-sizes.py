# id: 214
# title: Asks for random bytes in every size, up to all the memory there is.
# expect: exited
# stdout: sizes are right

import os
import random

for size in (0, 1, 65535, 65536, 65537, 10**6, 5 * 10**6):
    assert len(os.urandom(size)) == size
    assert len(random.randbytes(size)) == size
for size in (2**28, 2**31 - 1, -1):
    try:
        os.urandom(size)
    except (MemoryError, OverflowError, ValueError):
        pass
print("sizes are right")
