# id: 42
# title: Aborts the interpreter.
# expect: exited 134
# stdout: before

import os

print("before")
os.abort()
