"""PID 1 of the sandbox's container: serves the runs that its host asks for over standard input.

Everything a program needs is loaded here once; each program runs in a process forked from this one. The
frames between host and runner are described in `_runner/link.py`.
"""

import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:1] = [_HERE, _HERE + "/inside", _HERE + "/common"]

from _runner.server import Server  # noqa: E402

if __name__ == "__main__":
    Server().serve()
