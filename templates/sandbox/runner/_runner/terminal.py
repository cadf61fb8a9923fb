"""A shell on a terminal of its own: the runner holds one end, the shell's process the other.

The container's own terminal mode is not used: its stream has no frames, and so no place for anything but
the screen.
"""

import fcntl
import os
import struct
import termios

_SHELLS = ("/bin/bash", "/usr/bin/bash", "/bin/sh")


def shell():
    """The shell of this image, if there is one."""
    return next((path for path in _SHELLS if os.access(path, os.X_OK)), None)


# The system then erases a whole character with one key. Python has no name for it before 3.12.
_IUTF8 = 0o40000


def pair(rows, columns):
    """Both ends of a new terminal: the runner's and the shell's."""
    runners, shells = os.openpty()
    modes = termios.tcgetattr(shells)
    modes[0] |= _IUTF8
    termios.tcsetattr(shells, termios.TCSANOW, modes)
    resize(runners, rows, columns)
    return runners, shells


def resize(runners, rows, columns):
    """Gives the terminal another size; its programs are told."""
    fcntl.ioctl(runners, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def become_shell():
    """Becomes a shell on the terminal that is this process's standard input."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    path = shell()
    if path is None:
        raise FileNotFoundError("this image has no shell")
    environment = os.environ | {"TERM": "xterm-256color", "PS1": r"\w \$ "}
    plain = ["--norc", "--noprofile"] if path.endswith("bash") else []
    os.execve(path, [path, *plain, "-i"], environment)
