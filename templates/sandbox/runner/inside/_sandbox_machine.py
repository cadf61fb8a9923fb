"""What the modules that engines share must know of this one: a process of Linux in a container.

The embedded engine's guest has a module of this name of its own; nothing else differs between them.
"""

import builtins
import io
import os
import random
import select
import sys
import threading

import _sandbox_line
import _sandbox_told as inside

__all__ = ["FOLDER", "Input", "LIBRARY", "LIBRARY_PATH", "OWN_FILES", "Output"]
__all__ += ["begin", "inside", "wait_for_threads"]

# The program's folder, and where the library's and the harness's own files lie.
FOLDER = "/work/"
LIBRARY = os.path.dirname(os.__file__) + "/"
OWN_FILES = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + "/"
# The packages of lessons come before an installed one of the same name, which has no network here.
LIBRARY_PATH = (
    OWN_FILES + "packages",
    *(path for path in sys.path if path and not path.startswith(OWN_FILES[:-1])),
)
# A program may replace any builtin; this file keeps those it began with.
__builtins__ = vars(builtins).copy()


_threads = threading._active


class Output(io.FileIO):
    """A pipe to the runner.

    Two pipes have no order between them. So before another output is written to than last time, the
    runner is told, and answers when it has read what was written until then.
    """

    # Whether characters are counted, for the recording of steps, and how many there were.
    counts = False
    printed = 0
    _last = None

    def __init__(self, number, name):
        super().__init__(number, "w", closefd=False)
        self.name = name
        self.send = self._hand_on

    def write(self, data):
        return self.send(data)

    def _hand_on(self, data):
        if Output._last is not self:
            if Output._last is not None:
                _switch()
            Output._last = self
        written = super().write(data)
        if Output.counts:
            # Every byte that does not continue a character begins one.
            Output.printed += sum(byte & 0xC0 != 0x80 for byte in bytes(data[:written]))
        return written


def _switch():
    try:
        _sandbox_line.tell(_sandbox_line.SWITCH)
    except OSError:
        pass  # the order between two outputs is not worth an error


class Input(io.FileIO):
    """The pipe from the runner; what was printed before must be visible when it is waited for."""

    # Whether somebody answers, so that it is worth telling of a wait.
    is_interactive = False

    def __init__(self):
        super().__init__(0, "r", closefd=False)
        self.name = "<stdin>"

    def readinto(self, buffer):
        try:
            sys.stdout.flush()
        except (AttributeError, ValueError):
            pass  # the program replaced or closed its output
        if Input.is_interactive:
            self._tell_of_wait()
        return super().readinto(buffer)

    def readall(self):
        pieces = []
        buffer = bytearray(1 << 16)
        while length := self.readinto(buffer):
            pieces.append(bytes(buffer[:length]))
        return b"".join(pieces)

    def _tell_of_wait(self):
        poll = select.poll()
        poll.register(0, select.POLLIN)
        if not poll.poll(0):
            try:
                _sandbox_line.tell(_sandbox_line.WAITING)
            except OSError:
                pass  # nobody learns of it, and the program waits all the same


def _in_forked_process():
    # A process of the program's own has no part in the order of the outputs.
    Output._last = None
    Input.is_interactive = False


# The runner's own forks do not come by here.
os.register_at_fork(after_in_child=_in_forked_process)


def begin() -> None:
    """A program starts, in a process that has the runner's randomness."""
    random.seed()


def wait_for_threads() -> None:
    """Waits as Python does before it ends, and as little bothered by what the program has broken."""
    try:
        # Without another thread there is nothing to wait for, and fifty pages need not be copied for it.
        # One lock is the main thread's.
        if len(_threads) > 1 or len(threading._shutdown_locks) > 1:
            threading._shutdown()
    except BaseException:
        pass
