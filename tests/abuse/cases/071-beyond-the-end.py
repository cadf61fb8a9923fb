# id: 71
# title: Reads again and again behind the end of its input.
# expect: exited 1
# stdin: one\n
# stdout: one
# stdout: 1000
# stderr contains: EOFError

import sys

print(input())
ends = 0
for _ in range(1000):
    try:
        input()
    except EOFError:
        ends += 1
print(ends)
assert sys.stdin.read() == ""
input()
