# id: 85
# title: Speaks to other programs through locks on files.
# expect: exited 0
# stdout: not here
# docker stdout:

import os

try:
    import fcntl
except ModuleNotFoundError:
    print("not here" if not hasattr(os, "lockf") else "lockf")
