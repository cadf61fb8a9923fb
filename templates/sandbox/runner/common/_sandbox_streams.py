"""Standard input, output and error over what the machine offers.

These are genuine text wrappers over tiny raw streams, so `input()`, `print`, `.buffer`,
`reconfigure` and encoding errors are CPython's own.
"""

import builtins
import io
import sys

from _sandbox_machine import Input, Output

# A program may replace any builtin; this file keeps those it began with.
__builtins__ = vars(builtins).copy()


def _text_output(number, name, errors):
    # 4 KiB: small enough to stream, large enough that a flood of prints costs few calls.
    buffered = io.BufferedWriter(Output(number, name), 4096)
    return io.TextIOWrapper(buffered, "utf-8", errors, line_buffering=True)


# Made ahead of time: nothing is read or written before a run.
_stdin = io.TextIOWrapper(io.BufferedReader(Input()), "utf-8", "strict")
_stdout = _text_output(1, "<stdout>", "strict")
_stderr = _text_output(2, "<stderr>", "backslashreplace")
# A program may take its streams apart.
_outputs = (_stdout.buffer.raw, _stderr.buffer.raw)


# What stood there before is kept: taking it apart would touch memory for nothing.
_replaced = []


def install() -> None:
    """Makes these the program's streams."""
    _replaced.extend((sys.stdin, sys.stdout, sys.stderr, sys.__stdin__, sys.__stdout__, sys.__stderr__))
    sys.stdin = sys.__stdin__ = _stdin
    sys.stdout = sys.__stdout__ = _stdout
    sys.stderr = sys.__stderr__ = _stderr


def rehearse(part) -> None:
    """Calls `part` with these streams in place and nobody listening, before there is a program."""
    sends = [output.send for output in _outputs]
    before = (sys.stdin, sys.stdout, sys.stderr)
    install()
    for output in _outputs:
        output.send = len
    try:
        part()
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
        sys.__stdin__, sys.__stdout__, sys.__stderr__ = before
        for output, send in zip(_outputs, sends):
            output.send = send


def unheard(part) -> None:
    """Calls `part`, while nothing that is printed is heard; errors are."""
    output = _outputs[0]
    send, output.send = output.send, len
    try:
        part()
    finally:
        flush_stdout()
        output.send = send


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
