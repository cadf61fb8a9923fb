# id: 86
# title: Reads the environment of everybody.
# expect: exited 0
# stdout: nothing
# docker stdout:
# docker stdout lacks: /proc/1/environ

import os

seen = dict(os.environ)
for place in ("/proc/self/environ", "/proc/1/environ", "/proc/1/cmdline", "/proc/self/cmdline"):
    try:
        seen[place] = open(place).read()
    except OSError:
        pass
print(seen or "nothing")
