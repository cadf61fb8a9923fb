"""The vocabulary of a course's checks: what `checks.py` imports.

A check is a function without parameters. It loads something of the learner's, calls it, and says what
it expected; it passes when it returns. Everything of the learner's runs behind `_guarded`, which turns
an exception, an endless print, a `sys.exit` or a vandalised builtin into one `LearnerFault`.
How a fault is worded and reported is `_harness.py`'s business, not this file's.

    from hacheck import call, expect_equal, load, words

    def test_rain():
        decide = load("main", "decide")
        expect_equal(
            call='decide("rain")',
            got=call(decide, "rain"),
            expected="umbrella",
            message=words(zh="下雨时要带伞。", en="Take the umbrella when it rains."),
        )
"""

import builtins
import contextlib
import difflib
import importlib
import io
import os
import sys
import types

# Characters a learner's code may print during one check: far above any lesson, and low enough that we
# can still explain the flood before the sandbox ends the program at its own cap.
MAX_PRINTED = 200_000

# Where the learner's files lie, and what beside them is ours.
FOLDER = os.path.dirname(os.path.abspath(__file__))
OURS = {"_behaviour.py", "_declared.py", "_harness.py", "_sandbox.py", "checks.py", "hacheck.py"}

_BUILTINS = vars(builtins)
_MISSING = object()
_language = "en"
_unmet = None

# Names of `_behaviour.py`, which is loaded for the checks that use them.
_BEHAVIOUR = {"FAULTS", "Ran", "Script", "Trace", "fault", "refusal", "run_program", "scripted", "watch"}

# What a check reports when it passes; empty for those whose passing says everything.
answer = ""


class Unmet(BaseException):
    """An expectation of a check does not hold.

    It derives from BaseException, so that a learner's `except Exception` around a tool of ours does not
    swallow it.
    """

    def __init__(self, message, call=None, expected=None, got=None):
        super().__init__(message)
        self.message, self.call, self.expected, self.got = message, call, expected, got


class LearnerFault(Exception):
    """The learner's code did not get as far as an expectation: `error` is what it raised, or `message`
    says what is wrong when nothing was raised. `advice` is the check's own sentence about it."""

    def __init__(self, call=None, error=None, message=None):
        super().__init__(message or repr(error))
        self.call, self.error, self.message, self.advice = call, error, message, None


class Flood(BaseException):
    """The learner's code printed more than MAX_PRINTED characters."""


class OutOfInput(EOFError):
    """`input()` was called and no line was left; `given` is how many lines there were."""

    def __init__(self, given):
        super().__init__("EOF when reading a line")
        self.given = given


def __getattr__(name):
    if name in _BEHAVIOUR:
        return getattr(importlib.import_module("_behaviour"), name)
    raise AttributeError(f"module 'hacheck' has no attribute {name!r}", name=name)


def speak(language):
    """Sets the language of `words`: "zh" or "en". The harness calls it once."""
    global _language
    _language = language


def words(zh, en):
    """The sentence in the learner's language."""
    return zh if _language == "zh" else en


def show(value):
    """The whole `repr` of a value, also when the value's own `__repr__` is broken."""
    try:
        return _contained(lambda: repr(value))
    except Exception as error:
        return f"<{type(value).__name__}: __repr__ raised {type(error).__name__}>"


def call_text(fn, *args, **kwargs):
    """A call as the learner would write it, for example `decide({'dirty': True})`."""
    name = getattr(fn, "__qualname__", None) or type(fn).__name__
    if "<locals>" in name or "<lambda>" in name:
        name = getattr(fn, "__name__", name)
    parts = [show(arg) for arg in args] + [f"{key}={show(arg)}" for key, arg in kwargs.items()]
    return f"{name}({', '.join(parts)})"


def fail(message, call=None, expected=None, got=None):
    """Ends the check as failed. May be called inside an object that the learner's code is using."""
    global _unmet
    _unmet = Unmet(message, call, expected, got)
    raise _unmet


def expect_true(condition, message, call=None, expected=None, got=None):
    """Fails with `message` unless the condition holds. `expected` and `got` are texts, shown as they are."""
    if not condition:
        fail(message, call, expected, got)


def expect_equal(*, got, expected, call=None, message=None):
    """Fails unless `got == expected`; both are shown whole."""
    if _guarded(lambda: bool(got == expected), call):
        return
    message = message or words(zh="结果和预期不一样。", en="The result is not the expected one.")
    fail(message + _remark(got, expected), call, show(expected), show(got))


def expect_call(fn, *args, expected, message=None):
    """`call` and `expect_equal` in one: the call is shown as the learner would write it."""
    text = call_text(fn, *args)
    expect_equal(got=call(fn, *args), expected=expected, call=text, message=message)


def expect_contains(text, *parts, call=None, message=None):
    """Fails unless `text` is a string with all `parts` in it, in any order; upper and lower case are the same."""
    missing = [part for part in parts if not isinstance(text, str) or part.lower() not in text.lower()]
    if not missing:
        return
    wanted = ", ".join(show(part) for part in parts)
    expected = words(zh=f"一段文字，里面有 {wanted}", en=f"a text that contains {wanted}")
    message = message or words(zh="这段文字里少了点什么。", en="Something is missing from this text.")
    lacking = ", ".join(show(part) for part in missing)
    fail(message + words(zh=f"还缺：{lacking}。", en=f" Missing: {lacking}."), call, expected, show(text))


def load(module, *names):
    """Imports a file of the learner's and returns what is asked for.

    `load("main")` is the module, `load("main", "decide")` the function, `load("main", "a", "b")` a tuple.
    """
    loaded = _guarded(lambda: importlib.import_module(module), f"import {module}")
    found = tuple(_find(loaded, name) for name in names)
    if not names:
        return loaded
    return found[0] if len(found) == 1 else found


def call(fn, *args, **kwargs):
    """Calls a function of the learner's; what it raises becomes the check's result."""
    if not callable(fn):
        what = show(fn)
        raise LearnerFault(
            message=words(
                zh=f"这里应该是一个能调用的函数，现在却是 {what}。",
                en=f"A function is needed here, but this is {what}.",
            )
        )
    return _guarded(lambda: fn(*args, **kwargs), call_text(fn, *args, **kwargs))


@contextlib.contextmanager
def advise(message, call=None):
    """Around a `call` where not raising is the point of the exercise: adds `message` to what was raised.

    A `call` given here is shown in place of the built one, for arguments whose `repr` teaches nothing.
    """
    try:
        yield
    except LearnerFault as fault:
        fault.advice, fault.call = message, call or fault.call
        raise


def run_main(stdin="", path="main.py"):
    """Runs a file of the learner's from its first line, as *Run* does, and returns all it printed."""
    real, captured = sys.stdout, _Counted(io.StringIO())

    def action():
        _forget_learner_modules()
        with open(os.path.join(FOLDER, path), encoding="utf-8") as file:
            source = file.read()
        program = types.ModuleType("__main__")
        program.__file__ = path
        sys.modules["__main__"] = program
        sys.stdout, sys.stdin, builtins.input = captured, io.StringIO(stdin), _scripted_input(stdin)
        exec(compile(source, os.path.join(FOLDER, path), "exec", dont_inherit=True), vars(program))

    harness = sys.modules["__main__"]
    try:
        _guarded(action, f"python {path}", may_exit=True)
    finally:
        sys.modules["__main__"] = harness
        # Past the cap's counter: these characters were counted once already. Characters that no
        # stream takes are made visible, as nothing may go wrong here any more.
        printed = captured.stream.getvalue().encode("utf-8", "backslashreplace").decode("utf-8")
        getattr(real, "stream", real).write(printed)
    return captured.stream.getvalue()


def limit_printing():
    """Puts the cap on what is printed outside `run_main`. The harness calls it once."""
    sys.stdout, sys.stderr = _Counted(sys.stdout), _Counted(sys.stderr)


def learner_file(filename):
    """The path of one of the learner's own files as they know it, or None for anybody else's."""
    path = os.path.relpath(os.path.abspath(os.path.join(FOLDER, filename)), FOLDER)
    outside = path.startswith("..") or not path.endswith(".py") or path in OURS
    return None if outside or not os.path.exists(os.path.join(FOLDER, path)) else path.replace(os.sep, "/")


class _Counted(io.TextIOBase):
    """A text stream that raises Flood once too much was written to it."""

    def __init__(self, stream):
        self.stream, self.room = stream, MAX_PRINTED

    def write(self, text):
        if len(text) > self.room:
            # What still fits is kept: the beginning of a flood says most about its cause.
            self.stream.write(text[: self.room])
            self.room = 0
            raise Flood
        self.room -= len(text)
        return self.stream.write(text)

    def flush(self):
        self.stream.flush()

    def writable(self):
        return True

    @property
    def encoding(self):
        return "utf-8"

    def __getattr__(self, name):
        # `buffer`, `reconfigure` and whatever else the real stream can do; bytes go uncounted.
        return getattr(self.stream, name)


def _contained(action):
    """Runs learner code and puts builtins and streams back as they were.

    Restoring uses only names bound before the learner's code ran: after it, `len` may be anything.
    """
    saved, streams = _BUILTINS.copy(), (sys.stdout, sys.stderr, sys.stdin)
    limit, set_limit = sys.getrecursionlimit(), sys.setrecursionlimit
    try:
        return action()
    finally:
        _BUILTINS.update(saved)
        sys.stdout, sys.stderr, sys.stdin = streams
        set_limit(limit)


def _guarded(action, call, may_exit=False):
    """Runs learner code; what goes wrong in it leaves as LearnerFault or Unmet."""
    global _unmet
    try:
        result = _contained(action)
    except (Unmet, LearnerFault):
        raise
    except BaseException as error:
        if _unmet is not None:
            raise _unmet from None  # a `finally` of the learner's replaced our exception
        if may_exit and isinstance(error, SystemExit) and error.code in (None, 0):
            return None
        raise LearnerFault(call, error) from error
    if _unmet is not None:
        raise _unmet  # a bare `except:` of the learner's swallowed it
    return result


def _scripted_input(text):
    """An `input` that reads the check's lines and shows the prompt, as a terminal would."""
    lines = text.splitlines()
    rest = iter(lines)

    def scripted(prompt="", /):
        sys.stdout.write(str(prompt))
        for line in rest:
            return line
        raise OutOfInput(len(lines))

    return scripted


def _forget_learner_modules():
    """So that a run starts from the files, not from what an earlier part of the check changed."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name != "__main__" and isinstance(file, str) and learner_file(file):
            del sys.modules[name]


def _find(module, name):
    value = getattr(module, name, _MISSING)
    if value is not _MISSING:
        return value
    own = [known for known in vars(module) if not known.startswith("_")]
    close = difflib.get_close_matches(name, own, n=3)
    file = f"{module.__name__}.py"
    message = words(
        zh=f"{file} 里没有 `{name}`。它可能被改名或删掉了。",
        en=f"{file} has no `{name}`. It may have been renamed or deleted.",
    )
    if close:
        listed = ", ".join(f"`{known}`" for known in close)
        message += words(zh=f"有一个很像的名字：{listed}。", en=f" There is something similar: {listed}.")
    raise LearnerFault(message=message)


def _remark(got, expected):
    """What often explains a wrong value to a beginner."""
    if got is None and expected is not None:
        return words(
            zh="得到的是 None：函数走到了末尾却没有 `return`。",
            en=" None means that the function came to its end without a `return`.",
        )
    if isinstance(got, str) and isinstance(expected, str):
        if got.strip().lower() == expected.strip().lower():
            return words(
                zh="只差在大小写或首尾的空白。",
                en=" Only upper and lower case or the blanks around it differ.",
            )
    plain = {type(got), type(expected)} <= {str, int, float, bool}  # others may not survive `str`
    if plain and type(got) is not type(expected) and str(got) == str(expected):
        return words(
            zh=f"看上去一样，类型却不同：得到的是 {type(got).__name__}，需要的是 {type(expected).__name__}。",
            en=f" They look alike but differ in type: this is {type(got).__name__}, needed is {type(expected).__name__}.",
        )
    return ""
