"""Gives two errors of the file system the number they have everywhere else.

The C library reports every write that failed in a stream as "I/O error", and WASI has no number for
too many open files. In this sandbox each can mean one thing only: files are in memory, so a write fails
for want of room and for nothing else, and the engine says "quota" for descriptors alone. CPython turns
numbers into exceptions with a table that is its own; it is found here by what is in it. An error that
a program makes itself, with its own words, stays as it is.
"""

import errno
import gc
import os

_MEANT = {
    (errno.EIO, os.strerror(errno.EIO)): errno.ENOSPC,
    (errno.EDQUOT, os.strerror(errno.EDQUOT)): errno.EMFILE,
}


class _Meant(OSError):
    """An `OSError` that says what was meant; shows itself as a plain one."""

    def __init__(self, *args) -> None:
        for said, number in _MEANT.items():
            if args[:2] == said:
                args = (number, os.strerror(number), *args[2:])
        super().__init__(*args)

    def __reduce__(self):
        return OSError, *super().__reduce__()[1:]


_Meant.__name__ = _Meant.__qualname__ = "OSError"
_Meant.__module__ = "builtins"


def install() -> None:
    """Runs when the guest is built, so that no run pays for the search."""
    tables = [
        table
        for table in gc.get_referrers(BlockingIOError)
        if type(table) is dict and table.get(errno.EAGAIN) is BlockingIOError
    ]
    if len(tables) != 1:
        raise RuntimeError(f"{len(tables)} tables of OSError numbers instead of one")
    for number, _ in _MEANT:
        tables[0][number] = _Meant


install()
