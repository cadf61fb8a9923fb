"""Records a program step by step: each line of the learner's files, with what changed.

Every step is handed to the engine at once, which keeps it and says whether more are wanted; so a program
that is stopped in an endless loop still shows it. Python's own monitoring is used and only in the
learner's files: the library runs as fast as ever, and after the last step so does the program.
Nothing of the program is called to show its values, and whatever goes wrong in here ends the
recording, never the program.
"""

import builtins
import inspect
import sys
import types

from _sandbox_inside import is_data, learners_file
from _sandbox_streams import flush_printed
from _sandbox_values import LONGEST, fitting, short, type_name
from wit_world.imports import inside
from wit_world.imports.inside import StepKind

# Free for anybody; the first ones are meant for debuggers, coverage and profilers.
_TOOL = 4
_NAME = "helloagents steps"
# A step is written in deeper calls than the program's own; without room for them a program near its
# recursion limit would end earlier than it does otherwise.
_HEADROOM = 60
_monitoring = sys.monitoring
_events = _monitoring.events
_EVERYWHERE = _events.PY_START | _events.RAISE | _events.PY_UNWIND
_IN_FILES = _events.LINE | _events.PY_RETURN | _events.PY_YIELD
_DISABLE = _monitoring.DISABLE
_ASYNC = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
# Values that cannot change, so the same object is the same text.
_CONSTANTS = frozenset((bool, int, float, complex, str, bytes, type(None), range))
# A program may replace any builtin; this file keeps those it began with.
__builtins__ = vars(builtins).copy()
_frame_at = sys._getframe
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


class _Recorder:
    """The recording of one program."""

    def __init__(self, entry):
        self.entry = entry
        # By the frame's address: keeping the frame itself would keep the program's objects alive.
        self.calls = {}
        self.callbacks = {
            _events.PY_START: self.started,
            _events.LINE: self.line,
            _events.PY_RETURN: self.returned,
            _events.PY_YIELD: self.yielded,
            _events.RAISE: self.raised,
            _events.PY_UNWIND: self.unwound,
        }

    def begin(self):
        _monitoring.use_tool_id(_TOOL, _NAME)
        for event, callback in self.callbacks.items():
            _monitoring.register_callback(_TOOL, event, callback)
        _monitoring.set_events(_TOOL, _EVERYWHERE)
        _set_limit(_get_limit() + _HEADROOM)
        sys.getrecursionlimit = lambda: _get_limit() - _HEADROOM
        sys.setrecursionlimit = lambda limit: _set_limit(limit + _HEADROOM)

    def is_in_place(self):
        """Whether the program left the recorder alone."""
        return (
            _monitoring.get_tool(_TOOL) == _NAME
            and _monitoring.get_events(_TOOL) == _EVERYWHERE
        )

    def end(self):
        self.calls.clear()
        if _monitoring.get_tool(_TOOL) == _NAME:
            for event in self.callbacks:
                _monitoring.register_callback(_TOOL, event, None)
            _monitoring.set_events(_TOOL, 0)
            _monitoring.free_tool_id(_TOOL)

    def give_up(self):
        """Ends the recording after trouble of its own."""
        try:
            self.end()
            inside.cut_steps()
        except BaseException:
            pass

    # What Python calls. Each takes care of its own trouble.

    def started(self, code, offset):
        try:
            file = learners_file(code.co_filename, self.entry)
            if file is None:
                return _DISABLE
            _monitoring.set_local_events(_TOOL, code, _IN_FILES)
            frame = _frame_at(1)
            call = self.entered(frame, code, file)
            if code.co_flags & inspect.CO_OPTIMIZED:
                self.step(StepKind.CALL, call, frame)
        except BaseException:
            self.give_up()

    def line(self, code, line):
        try:
            frame = _frame_at(1)
            self.step(StepKind.LINE, self.call_of(frame, code), frame, line)
        except BaseException:
            self.give_up()

    def returned(self, code, offset, value):
        try:
            frame = _frame_at(1)
            said = short(value, False) if code.co_flags & inspect.CO_OPTIMIZED else None
            self.step(StepKind.RETURN, self.call_of(frame, code), frame, said=said)
            self.calls.pop(id(frame), None)
        except BaseException:
            self.give_up()

    def yielded(self, code, offset, value):
        try:
            # What a waiting coroutine hands to its loop is nobody's value.
            if not code.co_flags & _ASYNC:
                frame = _frame_at(1)
                said = short(value, False)
                self.step(StepKind.YIELD, self.call_of(frame, code), frame, said=said)
        except BaseException:
            self.give_up()

    def raised(self, code, offset, error):
        try:
            if learners_file(code.co_filename, self.entry) is not None:
                frame = _frame_at(1)
                self.step(StepKind.RAISE, self.call_of(frame, code), frame, said=_words(error))
        except BaseException:
            self.give_up()

    def unwound(self, code, offset, error):
        try:
            if learners_file(code.co_filename, self.entry) is not None:
                self.calls.pop(id(_frame_at(1)), None)
        except BaseException:
            self.give_up()

    # What they share.

    def call_of(self, frame, code):
        call = self.calls.get(id(frame))
        if call is None or call.code is not code:
            call = self.entered(frame, code, learners_file(code.co_filename, self.entry))
        return call

    def entered(self, frame, code, file):
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

    def step(self, kind, call, frame, line=None, said=None):
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


_recorder = None


def start(entry: str) -> None:
    """Records the program from its next line on."""
    global _recorder
    _recorder = _Recorder(entry)
    _recorder.begin()


def stop() -> None:
    """Ends the recording, if there is one."""
    global _recorder
    if _recorder is not None:
        recorder, _recorder = _recorder, None
        if recorder.is_in_place():
            recorder.end()
        else:
            recorder.give_up()
