# id: 97
# title: Writes a program into memory, marks it executable and starts it.
# expect: exited 0
# stdout: did not start

import os

with open("/tmp/program", "wb") as file:
    file.write(b"\x7fELF" + bytes(60))
started = []
for act in (
    lambda: os.chmod("/tmp/program", 0o6777),
    lambda: os.execve("/tmp/program", ["program"], {}),
    lambda: os.posix_spawn("/tmp/program", ["program"], {}),
    lambda: os.startfile("/tmp/program"),
    lambda: os.fexecve(3, [], {}),
):
    try:
        act()
        started.append(act)
    except (AttributeError, OSError):
        pass
print("did not start" if len(started) <= 1 else started)
