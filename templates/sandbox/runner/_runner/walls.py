"""Walls inside the container: what keeps a program from the runner, and the system from a program.

The container itself (no network, no capability, read-only root, limits of memory and processes) is made
by the host. These walls need no privilege:

- the runner is not dumpable, so another process of the same user can neither trace it nor open its
  memory or descriptors; as the first process it cannot be killed or stopped from inside;
- a program cannot call what Docker's own filter leaves open and no lesson needs (`filter.py`);
- a program's data, files and descriptors have limits, and it is the first to go when memory runs out.
"""

import ctypes
import os
import resource
import signal
import threading

from _runner import filter

_PR_SET_DUMPABLE = 4
_libc = ctypes.CDLL(None, use_errno=True)
_libc_with_lock = ctypes.PyDLL(None, use_errno=True)
# Beside a program's own data the container's memory holds the runner, its files and what the kernel keeps.
_SET_ASIDE = 20 << 20
# Larger than the file systems a program may write to: those are full first, with a better error.
_LARGEST_FILE = 16 << 20
# Eight MiB for each of sixty threads would not fit, although hardly any of it is ever used.
_THREAD_STACK = 1 << 20
_LAST_SIGNAL = 64
_LIMITS = 16


def around_runner():
    """Makes this process safe from the programs it will start."""
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    # With a handler a signal would reach the first process; without one it does not.
    for number in range(1, _LAST_SIGNAL + 1):
        try:
            signal.signal(number, signal.SIG_DFL)
        except (OSError, ValueError):
            pass  # not every number is a signal that may be handled
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.stack_size(_THREAD_STACK)


def around_program():
    """Makes the system safe from the program that this process will become."""
    # A process that is not dumpable may not even write its own files in /proc.
    _libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
    try:
        with open("/proc/self/oom_score_adj", "wb", 0) as file:
            file.write(b"1000")
    except OSError:
        pass  # then the largest process goes first, which is the program as well
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    # What Python sets for itself when it starts, and the runner has undone.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    filter.install(_libc)


def limit_memory(limit):
    """Python itself says when there is no more memory, while that is still possible."""
    data = max(limit - _SET_ASIDE, _SET_ASIDE)
    resource.setrlimit(resource.RLIMIT_DATA, (data, data))


def fork():
    """Forks this process of a single thread.

    Python's own `os.fork` then repairs what other threads may have left behind, in a hundred pages that
    each have to be copied for it. There are no others here, and what the program's process needs is done
    there: see `_sandbox_machine.begin`.
    """
    pid = _libc_with_lock.fork()
    if pid < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return pid


class Levers:
    """What another process of the same user may change of the runner, as it was in the beginning."""

    def __init__(self):
        self._first = self._now()

    @staticmethod
    def _now():
        limits = [resource.getrlimit(number) for number in range(_LIMITS)]
        return (
            limits,
            os.getpriority(os.PRIO_PROCESS, 0),
            os.sched_getscheduler(0),
            os.sched_getaffinity(0),
            len(os.listdir("/proc/self/fd")),
        )

    def are_untouched(self):
        """Whether nothing was changed."""
        return self._now() == self._first
