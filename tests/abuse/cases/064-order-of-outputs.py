# id: 64
# title: Writes to both outputs in turn.
# expect: exited 0
# stdout: 0
# stdout: 1
# stdout: 2
# stderr: 0
# stderr: 1
# stderr: 2

import sys

for number in range(3):
    print(number)
    print(number, file=sys.stderr)
