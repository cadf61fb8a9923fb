"""Standard input, output and error over the engine's own calls.

These are genuine text wrappers over tiny raw streams, so `input()`, `print`, `.buffer`,
`reconfigure` and encoding errors are CPython's own.
"""

import builtins
import io
import sys

from wit_world.imports import host

# A program may replace any builtin; this file keeps those it began with.
__builtins__ = vars(builtins).copy()
# The engine takes a few MiB in one call; in pieces, output streams also while a long text is printed.
_PIECE = 64 * 1024


class _Output(io.RawIOBase):
    """Hands bytes to the engine, which counts and caps them."""

    mode = "wb"

    def __init__(self, name, send):
        super().__init__()
        self.name = name
        self._send = send

    def writable(self):
        return True

    def write(self, data):
        piece = bytes(data[:_PIECE])  # the wrapper above comes again for the rest
        self._send(piece)
        return len(piece)


class _Input(io.RawIOBase):
    """Asks the engine for input; what was printed before must be visible by then."""

    mode = "rb"
    name = "<stdin>"

    def readable(self):
        return True

    def readinto(self, buffer):
        try:
            sys.stdout.flush()
        except (AttributeError, ValueError):
            pass  # the program replaced or closed its output
        data = host.read_stdin(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _text_output(name, send, errors):
    # 4 KiB: small enough to stream, large enough that a flood of prints costs few engine calls.
    buffered = io.BufferedWriter(_Output(name, send), 4096)
    return io.TextIOWrapper(buffered, "utf-8", errors, line_buffering=True)


# Made when the guest is built: nothing is read or written before a run.
_stdin = io.TextIOWrapper(io.BufferedReader(_Input()), "utf-8", "strict")
_stdout = _text_output("<stdout>", host.write_stdout, "strict")
_stderr = _text_output("<stderr>", host.write_stderr, "backslashreplace")


# What stood there before is kept: taking it apart would touch memory for nothing.
_replaced = []


def install() -> None:
    """Makes these the program's streams."""
    _replaced.extend((sys.stdin, sys.stdout, sys.stderr, sys.__stdin__, sys.__stdout__, sys.__stderr__))
    sys.stdin = sys.__stdin__ = _stdin
    sys.stdout = sys.__stdout__ = _stdout
    sys.stderr = sys.__stderr__ = _stderr


def rehearse(part) -> None:
    """Calls `part` with these streams in place and nobody listening, when the guest is built."""
    outputs = (_stdout.buffer.raw, _stderr.buffer.raw)
    sends = [output._send for output in outputs]
    before = (sys.stdin, sys.stdout, sys.stderr)
    install()
    for output in outputs:
        output._send = lambda data: None
    try:
        part()
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
        sys.__stdin__, sys.__stdout__, sys.__stderr__ = before
        for output, send in zip(outputs, sends):
            output._send = send


def flush_stdout() -> bool:
    """Flushes what the program left in its output; says whether that worked."""
    try:
        if sys.stdout is not None and not getattr(sys.stdout, "closed", False):
            sys.stdout.flush()
        if not _stdout.closed:
            _stdout.flush()
    except BaseException:
        return False
    return True


def flush_stderr() -> None:
    """Flushes standard error; there is nowhere to tell about a failure."""
    for stream in (sys.stderr, _stderr):
        try:
            stream.flush()
        except BaseException:
            pass


def flush_printed() -> None:
    """Hands on what the program printed until now."""
    if not _stdout.closed:
        _stdout.flush()
