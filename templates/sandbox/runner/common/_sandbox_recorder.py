"""Records a program step by step: each line of the learner's files, with what changed.

Every step is handed to the engine at once, which keeps it and says whether more are wanted; so a program
that is stopped in an endless loop still shows it. How Python tells of its steps differs between its
versions and is `_sandbox_steps`' business. Nothing of the program is called to show its values, and
whatever goes wrong in here ends the recording, never the program.
"""

import builtins
import inspect
import sys
import types

from _sandbox_inside import is_data, learners_file
from _sandbox_machine import inside
from _sandbox_streams import flush_printed
from _sandbox_values import LONGEST, fitting, short, type_name

StepKind = inside.StepKind
# A step is written in deeper calls than the program's own; without room for them a program near its
# recursion limit would end earlier than it does otherwise.
_HEADROOM = 60
_ASYNC = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
# Values that cannot change, so the same object is the same text.
_CONSTANTS = frozenset((bool, int, float, complex, str, bytes, type(None), range))
# A program may replace any builtin; this file keeps those it began with.
__builtins__ = vars(builtins).copy()
_set_limit, _get_limit = sys.setrecursionlimit, sys.getrecursionlimit
_arguments = BaseException.args.__get__
_plain_words = BaseException.__str__


class _Call:
    """One call of a function, and what its variables were at its last step."""

    __slots__ = ("number", "code", "file", "known")

    def __init__(self, number, code, file):
        self.number = number
        self.code = code
        self.file = file
        self.known = {}  # name → (the value if it is a constant, its variable as it was told)


class Recorder:
    """The recording of one program. What it is told of must not raise, so each caller takes care of
    trouble with `give_up`."""

    def __init__(self, entry):
        self.entry = entry
        # By the frame's address: keeping the frame itself would keep the program's objects alive.
        self.calls = {}

    def begin(self):
        """Makes room for the calls that write a step."""
        _set_limit(_get_limit() + _HEADROOM)
        sys.getrecursionlimit = lambda: _get_limit() - _HEADROOM
        sys.setrecursionlimit = lambda limit: _set_limit(limit + _HEADROOM)

    def end(self):
        """Nothing more is recorded."""
        self.calls.clear()

    def give_up(self):
        """Ends the recording after trouble of its own."""
        try:
            self.end()
            inside.cut_steps()
        except BaseException:
            pass

    def file_of(self, code):
        """The learner's file that this code is in; none for the library's."""
        return learners_file(code.co_filename, self.entry)

    def knows(self, frame):
        """Whether this very call was entered before."""
        call = self.calls.get(id(frame))
        return call is not None and call.code is frame.f_code

    def started(self, frame, file):
        """A call begins."""
        code = frame.f_code
        call = self._entered(frame, code, file)
        if code.co_flags & inspect.CO_OPTIMIZED:
            self._step(StepKind.CALL, call, frame)

    def line(self, frame, line):
        """A line is about to be executed."""
        self._step(StepKind.LINE, self._call_of(frame), frame, line)

    def returned(self, frame, value):
        """A call ends with a value."""
        said = short(value, False) if frame.f_code.co_flags & inspect.CO_OPTIMIZED else None
        self._step(StepKind.RETURN, self._call_of(frame), frame, said=said)
        self.calls.pop(id(frame), None)

    def yielded(self, frame, value):
        """A generator hands out a value. What a waiting coroutine hands to its loop is nobody's value."""
        if not frame.f_code.co_flags & _ASYNC:
            self._step(StepKind.YIELD, self._call_of(frame), frame, said=short(value, False))

    def raised(self, frame, error):
        """An exception goes through a line."""
        self._step(StepKind.RAISE, self._call_of(frame), frame, said=_words(error))

    def unwound(self, frame):
        """A call ends with an exception."""
        self.calls.pop(id(frame), None)

    def _call_of(self, frame):
        call = self.calls.get(id(frame))
        code = frame.f_code
        if call is None or call.code is not code:
            call = self._entered(frame, code, self.file_of(code))
        return call

    def _entered(self, frame, code, file):
        caller, parent = frame.f_back, None
        while caller is not None:
            known = self.calls.get(id(caller))
            if known is not None and known.code is caller.f_code:
                parent = known.number
                break
            caller = caller.f_back
        name = code.co_qualname.rpartition("<locals>.")[2]
        call = _Call(inside.enter_frame(fitting(name), parent), code, file)
        self.calls[id(frame)] = call
        return call

    def _step(self, kind, call, frame, line=None, said=None):
        flush_printed()
        changed, gone = _changes(call.known, frame.f_locals)
        # A module begins on line 0.
        line = line or frame.f_lineno or 1
        step = inside.Step(kind, call.file, line, call.number, changed, gone, said)
        if not inside.take_step(step):
            self.end()


def _changes(known, names):
    """What is new, different or gone in a frame since its last step."""
    changed, seen = [], 0
    for name, value in list(names.items()):
        before = known.get(name)
        constant = value if type(value) in _CONSTANTS else known
        if before is not None and before[0] is constant and constant is not known:
            seen += 1
            continue
        if not _is_shown(name, value):
            continue
        seen += 1
        text, kind = short(value, False), type_name(value)
        if before is None or before[1] != text or before[2] != kind:
            changed.append(inside.Variable(fitting(name), kind, text))
            known[name] = (constant, text, kind)
        elif before[0] is not constant:
            known[name] = (constant, text, kind)
    gone = []
    if seen != len(known):
        gone = [name for name in known if name not in names or not _is_shown(name, names[name])]
        for name in gone:
            del known[name]
    return changed, [fitting(name) for name in gone]


def _is_shown(name, value):
    # Names with a dot are Python's own, for the iterator of a generator expression for example.
    hidden = type(name) is not str or name[:2] == "__" or name[:1] == "."
    return not hidden and is_data(name, value)


def _words(error):
    """The exception's type and text, without running anything of the program."""
    name = type_name(error)
    method = type(error).__str__
    if type(method) is types.FunctionType:
        return name
    arguments = _arguments(error)
    if method is _plain_words and len(arguments) == 1 and type(arguments[0]) is str:
        text = arguments[0][:LONGEST]
    elif all(type(argument) in _CONSTANTS for argument in arguments):
        text = method(error)
    else:
        text = short(arguments, False)
    return fitting(f"{name}: {text}" if text else name)
