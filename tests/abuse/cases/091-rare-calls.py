# id: 91
# title: Looks for system calls behind Python's own modules.
# expect: exited 0
# stdout: none
# docker stdout:

import importlib

found = []
for name in ("_posixshmem", "_multiprocessing", "_ctypes", "mmap", "resource", "syslog", "_posixsubprocess", "fcntl", "_ssl", "_crypt", "pwd", "termios", "_curses"):
    try:
        found.append(importlib.import_module(name).__name__)
    except ImportError:
        pass
print(found or "none")
