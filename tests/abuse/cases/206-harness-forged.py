# id: 206
# title: Makes the harness say that all went well.
# expect: exited 0 | exited 1 | exited 134
# stdout: before

import _sandbox_program

_sandbox_program._uncaught = lambda error: 0
_sandbox_program.run = lambda job: 0
print("before")
raise ValueError("a failed check")
