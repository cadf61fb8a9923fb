# id: 60
# title: Closes every descriptor, those of its folders too.
# expect: exited 4
# stdout: still here
# docker stdout:
# docker expect: exited 4 | exited 120

import os

for number in range(256):
    try:
        os.close(number)
    except OSError:
        pass
print("still here")
raise SystemExit(4)
