# id: 59
# title: Writes to every descriptor there could be.
# expect: exited 0
# stdout: only its own

import os

spoken = []
for number in range(3, 1024):
    try:
        os.write(number, b"x")
        spoken.append(number)
    except OSError:
        pass
print(spoken or "only its own")
