# id: 96
# title: Types into the terminal it might have been started from.
# expect: exited 0
# stdout: no terminal

import os
import sys

found = [stream.name for stream in (sys.stdin, sys.stdout, sys.stderr) if stream.isatty()]
found += [number for number in range(10) if os.isatty(number)]
for name in ("openpty", "ttyname", "ctermid", "login_tty"):
    try:
        found.append(getattr(os, name)(0))
    except (AttributeError, OSError, TypeError):
        pass
print(found or "no terminal")
