"""Tells the recorder of a program's steps through Python's own monitoring.

It is used in the learner's files only: the library runs as fast as ever, and after the last step so does
the program.
"""

import builtins
import sys

from _sandbox_recorder import Recorder

# Free for anybody; the first ones are meant for debuggers, coverage and profilers.
_TOOL = 4
_NAME = "helloagents steps"
_monitoring = sys.monitoring
_events = _monitoring.events
_EVERYWHERE = _events.PY_START | _events.RAISE | _events.PY_UNWIND
_IN_FILES = _events.LINE | _events.PY_RETURN | _events.PY_YIELD
_DISABLE = _monitoring.DISABLE
# A program may replace any builtin; this file keeps those it began with.
__builtins__ = vars(builtins).copy()
_frame_at = sys._getframe


class _Monitor(Recorder):
    """What Python calls, and what the recorder is told then."""

    def __init__(self, entry):
        super().__init__(entry)
        self.callbacks = {
            _events.PY_START: self.on_start,
            _events.LINE: self.on_line,
            _events.PY_RETURN: self.on_return,
            _events.PY_YIELD: self.on_yield,
            _events.RAISE: self.on_raise,
            _events.PY_UNWIND: self.on_unwind,
        }

    def begin(self):
        _monitoring.use_tool_id(_TOOL, _NAME)
        for event, callback in self.callbacks.items():
            _monitoring.register_callback(_TOOL, event, callback)
        _monitoring.set_events(_TOOL, _EVERYWHERE)
        super().begin()

    def is_in_place(self):
        """Whether the program left the recorder alone."""
        return (
            _monitoring.get_tool(_TOOL) == _NAME
            and _monitoring.get_events(_TOOL) == _EVERYWHERE
        )

    def end(self):
        super().end()
        if _monitoring.get_tool(_TOOL) == _NAME:
            for event in self.callbacks:
                _monitoring.register_callback(_TOOL, event, None)
            _monitoring.set_events(_TOOL, 0)
            _monitoring.free_tool_id(_TOOL)

    def on_start(self, code, offset):
        try:
            file = self.file_of(code)
            if file is None:
                return _DISABLE
            _monitoring.set_local_events(_TOOL, code, _IN_FILES)
            self.started(_frame_at(1), file)
        except BaseException:
            self.give_up()

    def on_line(self, code, line):
        try:
            self.line(_frame_at(1), line)
        except BaseException:
            self.give_up()

    def on_return(self, code, offset, value):
        try:
            self.returned(_frame_at(1), value)
        except BaseException:
            self.give_up()

    def on_yield(self, code, offset, value):
        try:
            self.yielded(_frame_at(1), value)
        except BaseException:
            self.give_up()

    def on_raise(self, code, offset, error):
        try:
            if self.file_of(code) is not None:
                self.raised(_frame_at(1), error)
        except BaseException:
            self.give_up()

    def on_unwind(self, code, offset, error):
        try:
            if self.file_of(code) is not None:
                self.unwound(_frame_at(1))
        except BaseException:
            self.give_up()


_monitor = None


def start(entry: str) -> None:
    """Records the program from its next line on."""
    global _monitor
    _monitor = _Monitor(entry)
    _monitor.begin()


def stop() -> None:
    """Ends the recording, if there is one."""
    global _monitor
    if _monitor is not None:
        monitor, _monitor = _monitor, None
        if monitor.is_in_place():
            monitor.end()
        else:
            monitor.give_up()
