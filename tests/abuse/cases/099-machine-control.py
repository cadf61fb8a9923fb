# id: 99
# title: Sets the clock and the name of the machine.
# expect: exited 0
# stdout: refused

import os
import time

worked = []
for act in (
    lambda: time.clock_settime(time.CLOCK_REALTIME, 0),
    lambda: os.sethostname("x"),
    lambda: os.reboot(0),
    lambda: __import__("socket").sethostname("x"),
):
    try:
        act()
        worked.append(act)
    except (AttributeError, OSError):
        pass
print(worked or "refused")
