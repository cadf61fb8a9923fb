# id: 38
# title: Kills its parent, its group and everybody else.
# expect: exited 1
# stderr contains: Error
# docker expect: exited 137
# docker stderr contains:

import os
import signal

os.kill(os.getppid(), signal.SIGKILL)
os.killpg(0, signal.SIGKILL)
os.kill(-1, signal.SIGKILL)
