# id: 37
# title: Sends every signal to process 1 and to its group.
# expect: exited 0
# stdout: nobody was reached
# docker expect: exited 129
# docker stdout:
# docker stdout contains: 1 9 was sent

import os

for target in (1, 0, -1, os.getpid()):
    for number in (1, 2, 9, 10, 15, 19):
        try:
            os.kill(target, number)
            print(target, number, "was sent")
        except (AttributeError, OSError):
            pass
print("nobody was reached")
