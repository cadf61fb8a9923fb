# id: 35
# title: Leaves its session and its parent to outlive the run.
# expect: exited 0
# stdout: setsid AttributeError
# stdout: fork AttributeError
# stdout: posix_spawn AttributeError
# stdout: execv AttributeError
# docker stdout:
# docker stdout contains: setsid PermissionError

import os

for name, arguments in (
    ("setsid", ()),
    ("fork", ()),
    ("posix_spawn", ("/bin/sh", ["sh"], {})),
    ("execv", ("/bin/sh", ["sh"])),
):
    try:
        getattr(os, name)(*arguments)
        print(name, "worked")
    except (AttributeError, OSError) as error:
        print(name, type(error).__name__)
