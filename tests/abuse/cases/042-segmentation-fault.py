# id: 42
# title: Lets the fault handler's own test break the interpreter.
# expect: exited 1 | exited 134 | exited 139
# stdout: before

import faulthandler

print("before", flush=True)
faulthandler._sigsegv()
