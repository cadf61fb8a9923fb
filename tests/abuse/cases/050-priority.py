# id: 50
# title: Takes more of the processor than it was given.
# expect: exited 0
# stdout: refused 5
# docker stdout: refused 4

import os

refused = 0
for name, arguments in (
    ("nice", (-20,)),
    ("setpriority", (0, 0, -20)),
    ("sched_setscheduler", (0, 1, getattr(os, "sched_param", int)(1))),
    ("sched_setaffinity", (0, [0])),
    ("setuid", (0,)),
):
    try:
        getattr(os, name)(*arguments)
    except (AttributeError, OSError):
        refused += 1
print("refused", refused)
