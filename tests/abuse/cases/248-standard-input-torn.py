# id: 248
# title: Closes, replaces and reads its input in every way at once.
# expect: exited
# stdin: a\nb\nc\n

import os
import sys

print(sys.stdin.buffer.raw.read(1), sys.stdin.readline(), os.read(0, 100))
sys.stdin.detach()
try:
    input()
except (RuntimeError, ValueError) as error:
    print(type(error).__name__)
sys.stdin = open("/work/main.py")
print(input())
sys.stdin = type("Endless", (), {"readline": lambda self, *_: "x\n", "fileno": lambda self: -1})()
print(input())
os.close(0)
