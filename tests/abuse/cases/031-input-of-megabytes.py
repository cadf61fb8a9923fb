# id: 31
# title: Reads input that never comes in pieces of every size.
# expect: exited 0
# stdin: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n
# stdout: 33

import sys

total = 0
for size in (1, 0, 7, 10**6, -1):
    total += len(sys.stdin.read(size))
print(total)
