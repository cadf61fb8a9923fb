# id: 10
# title: Burns processor time in children so that it is not counted.
# expect: exited 1
# stderr contains: AttributeError
# docker expect: timed_out
# docker stderr contains:

import os

for _ in range(8):
    if os.fork() == 0:
        while True:
            pass
os.wait()
