"""What a program shows of its inside when it has come to its end: its variables and the failed place.

All of it happens while nothing that is printed is heard and the engine waits a quarter of a second
at most, because showing a value may run the program's own `__repr__`.
"""

import builtins
import itertools
import linecache
import traceback
import types

from _sandbox_machine import FOLDER, inside
from _sandbox_values import fitting, short, type_name

_MOST_VARIABLES = 200
_LONGEST_MESSAGE = 1000
# A program may replace any builtin; this file keeps those it began with.
__builtins__ = vars(builtins).copy()
_lookup = type.__getattribute__
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType)


def learners_file(filename: str, entry: str) -> str | None:
    """The file's path in the program's folder; none for the library's own files."""
    if filename == entry:
        return entry
    return filename.removeprefix(FOLDER) if filename.startswith(FOLDER) else None


def is_data(name, value) -> bool:
    """Whether a name holds something the program works with, and is not a part of its text: no
    module, no function and no class under its own name, no help for type hints."""
    kind = type(value)
    if kind is types.ModuleType or _lookup(kind, "__module__") == "typing":
        return False
    if kind in _FUNCTIONS:
        return value.__name__ != name
    # Looked up so that nothing of the program runs: a class may have a metaclass.
    return type not in _lookup(kind, "__mro__") or _lookup(value, "__name__") != name


def show(namespace, code: int, failure) -> bool:
    """Tells the engine the exit code, the failed place and the variables; says whether there was
    anything to tell."""
    shown = [
        (name, value)
        for name, value in list(namespace.items())
        if type(name) is str and name[:1] != "_" and is_data(name, value)
    ]
    if not shown and failure is None:
        return False
    inside.show(code, failure, len(shown))
    for name, value in shown[:_MOST_VARIABLES]:
        inside.show_variable(variable(name, value, True))
    return True


def variable(name, value, asks):
    """A name and what it holds, in the engine's form."""
    return inside.Variable(fitting(name), type_name(value), short(value, asks))


def failed_place(error, entry: str):
    """Where an uncaught exception came from, in the learner's own files; none if from elsewhere."""
    try:
        return _failed_place(error, entry)
    except BaseException:
        return None  # an exception of the program's own making may be broken in any way


def _failed_place(error, entry):
    error, place = _innermost(error, entry)
    if place is None:
        return None
    return inside.Failure(*place, _message(error))


def _innermost(error, entry):
    """In a group the first exception that comes from the learner's files says more than the group."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            found = _innermost(inner, entry)
            if found[1] is not None:
                return found
    return error, _syntax_place(error, entry) or _raised_place(error.__traceback__, entry)


def _syntax_place(error, entry):
    if not isinstance(error, SyntaxError) or error.lineno is None:
        return None
    file = learners_file(error.filename or "", entry)
    if file is None:
        return None
    lines = linecache.getlines(error.filename)
    line = max(1, min(error.lineno, len(lines) or 1))
    text = _line(lines, line)
    start = max(1, min(error.offset or 1, len(text) + 1))
    end_line, end = error.end_lineno or 0, error.end_offset or 0
    if end_line < line or end < 1 or (end_line == line and end <= start):
        end_line, end = line, start + 1
    end_text = _line(lines, end_line)
    return file, line, _units(text[: start - 1]), end_line, _units(end_text[: end - 1])


def _raised_place(trace, entry):
    found = None
    while trace is not None:
        if learners_file(trace.tb_frame.f_code.co_filename, entry) is not None:
            found = trace
        trace = trace.tb_next
    if found is None:
        return None
    code = found.tb_frame.f_code
    position = next(itertools.islice(code.co_positions(), found.tb_lasti // 2, None))
    line, end_line, start, end = position
    lines = linecache.getlines(code.co_filename)
    if None in position:
        line = end_line = found.tb_lineno
        text = _line(lines, line).encode()
        start, end = len(text) - len(text.lstrip()), len(text)
    return (
        learners_file(code.co_filename, entry),
        line,
        _units(_line(lines, line).encode()[:start].decode("utf-8", "replace")),
        end_line,
        _units(_line(lines, end_line).encode()[:end].decode("utf-8", "replace")),
    )


def _line(lines, number):
    return lines[number - 1].rstrip("\r\n") if 0 < number <= len(lines) else ""


def _units(before: str) -> int:
    """The column behind this text, from 1, as editors count."""
    return len(before.encode("utf-16-le", "surrogatepass")) // 2 + 1


def _message(error) -> str:
    # With its traceback, because a misspelt name is looked up where it was used.
    whole = traceback.TracebackException(
        type(error), error, error.__traceback__, limit=0, lookup_lines=False, compact=True
    )
    said = [line for line in whole.format_exception_only() if line[:1] != " "]
    message = said[0].rstrip("\n") if said else type(error).__name__
    return message.encode("utf-8", "replace").decode()[:_LONGEST_MESSAGE]
