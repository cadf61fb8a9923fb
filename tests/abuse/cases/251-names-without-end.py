# id: 251
# title: Defines a million names, interns a million texts and fills every cache.
# expect: exited | out_of_memory | timed_out
# wall: 2

import functools
import re
import sys

for number in range(10**6):
    sys.intern(f"name-{number}")
    globals()[f"n{number}"] = number
    if number % 1000 == 0:
        re.compile(f"x{number}")
        functools.lru_cache(maxsize=None)(abs)(number)
