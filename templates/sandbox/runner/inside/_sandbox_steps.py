"""Tells the recorder of a program's steps through `sys.settrace`: this Python has no monitoring yet.

Functions of the library cost a call each while a program is recorded, and nothing after its last step.
"""

import builtins
import dis
import sys

from _sandbox_recorder import Recorder

# A program may replace any builtin; this file keeps those it began with.
__builtins__ = vars(builtins).copy()
_RETURN, _YIELD = dis.opmap["RETURN_VALUE"], dis.opmap["YIELD_VALUE"]
_ENDINGS = (StopIteration, StopAsyncIteration, GeneratorExit)
# Frames of their own in this version; a newer Python runs them inside the function around them.
_COMPREHENSIONS = frozenset(("<listcomp>", "<dictcomp>", "<setcomp>"))
_set_trace, _get_trace = sys.settrace, sys.gettrace


class _Tracer(Recorder):
    """What Python calls, and what the recorder is told then."""

    def __init__(self, entry):
        super().__init__(entry)
        self.is_over = False
        self.entrance = self.on_call  # one object, so that it can be recognised
        self.codes = {}

    def begin(self):
        super().begin()
        _set_trace(self.entrance)

    def is_in_place(self):
        """Whether the program left the recorder alone."""
        return self.is_over or _get_trace() is self.entrance

    def end(self):
        super().end()
        self.is_over = True
        if _get_trace() is self.entrance:
            _set_trace(None)

    def on_call(self, frame, event, argument):
        try:
            file = None if self.is_over else self.file_of(frame.f_code)
            if file is None or frame.f_code.co_name in _COMPREHENSIONS:
                return None
            # A generator that goes on comes here again.
            if not self.knows(frame):
                self.started(frame, file)
            return self.on_event
        except BaseException:
            self.give_up()

    def on_event(self, frame, event, argument):
        if self.is_over:
            return None
        try:
            if event == "line":
                self.line(frame, frame.f_lineno)
            elif event == "return":
                self.on_return(frame, argument)
            elif event == "exception" and not isinstance(argument[1], _ENDINGS):
                self.raised(frame, argument[1])
        except BaseException:
            self.give_up()
        return self.on_event

    def on_return(self, frame, value):
        operation = self.operations(frame.f_code)[frame.f_lasti]
        if operation == _YIELD:
            self.yielded(frame, value)
        elif operation == _RETURN:
            self.returned(frame, value)
        else:
            self.unwound(frame)

    def operations(self, code):
        # Python makes these bytes anew each time they are asked for.
        if code not in self.codes:
            self.codes[code] = code.co_code
        return self.codes[code]


_tracer = None


def start(entry: str) -> None:
    """Records the program from its next line on."""
    global _tracer
    _tracer = _Tracer(entry)
    _tracer.begin()


def stop() -> None:
    """Ends the recording, if there is one."""
    global _tracer
    if _tracer is not None:
        tracer, _tracer = _tracer, None
        if tracer.is_in_place():
            tracer.end()
        else:
            tracer.give_up()
