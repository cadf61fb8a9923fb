# id: 86
# title: Reads the environment of everybody.
# expect: exited 0
# stdout: nothing
# docker stdout:
# docker stdout lacks: /proc/1/environ

import os

# What stands in for a model's key, address and name means nothing outside.
STAND_INS = {"kept-outside-the-sandbox", "https://model.invalid/v1", "lesson-model"}
seen = {name: value for name, value in os.environ.items() if value not in STAND_INS}
for place in ("/proc/self/environ", "/proc/1/environ", "/proc/1/cmdline", "/proc/self/cmdline"):
    try:
        seen[place] = open(place).read()
    except OSError:
        pass
print(seen or "nothing")
