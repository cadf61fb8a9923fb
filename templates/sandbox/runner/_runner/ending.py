"""How a program ended. What the host learns (`x`), as JSON:

```text
end      "exited"     by itself; code is its exit code
         "signal"     by a signal that nobody of ours sent; code is its number
         "timeout"    the time was over
         "output"     it printed more than it may
         "reports"    it reported more than it may
         "memory"     the system ended it because the container's memory was full
         "cancelled"  the host said so
         "busy"       it did not begin: another one runs
         "failed"     it did not begin, for the reason given
code     see above, else 0
reason   in English, with "failed"
micros   from the job to the end, in microseconds
```
"""

import os
import signal

import _sandbox_told

_COUNTERS = ("/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control")


class MemoryWatch:
    """Counts how often the system ended a process of this container for want of memory."""

    def __init__(self):
        self._file = next((open(path, "rb", 0) for path in _COUNTERS if os.path.exists(path)), None)
        self._known = self._now()

    def _now(self):
        if self._file is None:
            return 0
        for line in os.pread(self._file.fileno(), 4096, 0).splitlines():
            name, _, count = line.partition(b" ")
            if name == b"oom_kill":
                return int(count)
        return 0

    def has_struck(self):
        """Whether it happened since this was asked last."""
        before, self._known = self._known, self._now()
        return self._known > before


def shown_code(page):
    """What the program's page says of its end."""
    return int.from_bytes(page[_sandbox_told.CODE : _sandbox_told.HEADER], "little")


def ending(status, stopped, page, memory_struck):
    """`end` and `code` of a program that is over. `status`: its process's, none while that still goes;
    `stopped`: why the runner ended it, if it did."""
    shown = shown_code(page)
    if shown == _sandbox_told.NOT_BEGUN and stopped is None:
        return "failed", 0
    if status is None:
        return "exited", shown - _sandbox_told.DONE
    if shown < _sandbox_told.NO_CODE:
        # It was over, and only showed its variables; how that went does not change its end.
        return "exited", shown
    if stopped is not None:
        return stopped, 0
    if os.WIFEXITED(status):
        return "exited", os.WEXITSTATUS(status)
    number = os.WTERMSIG(status)
    if number == signal.SIGKILL and memory_struck:
        return "memory", 0
    return "signal", number


def told(page):
    """What the program wrote into its page."""
    length = int.from_bytes(page[_sandbox_told.LENGTH : _sandbox_told.CODE], "little")
    length = min(length, _sandbox_told.SIZE - _sandbox_told.HEADER)
    return page[_sandbox_told.HEADER : _sandbox_told.HEADER + length]
