"""What a run shows of its inside, written into memory that the runner reads when the program is dead.

So nothing waits for the runner, and a program that is stopped leaves what was known by then. Lines of
JSON, made without the library's encoder: a program may have replaced anything in it. For the same reason
signals are set below their module.
"""

import builtins
import mmap
import os
import _signal as signal
from _json import encode_basestring_ascii as quoted

# A program may replace any builtin; this file keeps those it began with.
__builtins__ = vars(builtins).copy()

# The page begins with the number of bytes that follow and with the exit code of a program that is over
# and shows its variables just now; or of one that has done everything; or it says that no program began,
# and why.
LENGTH, CODE, HEADER = 0, 4, 8
NO_CODE = 256
NOT_BEGUN = 257
DONE = 512
SIZE = 6 << 20
MOST_STEPS = 5_000
MOST_BYTES = 4 << 20
# How long the program's own `__repr__`s may take together, after its end.
_PATIENCE_SECONDS = 0.25

_page = None
_end = HEADER
_frames = 0
_steps = 0
_cut = False
_muted = {}
_count = None


class StepKind:
    """What a step tells of."""

    CALL, LINE, RETURN, YIELD, RAISE = '"call"', '"line"', '"return"', '"yield"', '"raise"'


def Variable(name, type_name, value):
    """A name and what it holds, as it is written."""
    return f"[{quoted(name)},{quoted(type_name)},{quoted(value)}]"


def Failure(file, line, column, end_line, end_column, message):
    """The expression that failed, as it is written."""
    return f'["failure",{quoted(file)},{line},{column},{end_line},{end_column},{quoted(message)}]'


def Step(kind, file, line, frame, changed, gone, value):
    """A step, as it is written but for the count of what was printed."""
    names = ",".join([quoted(name) for name in gone])
    value = "null" if value is None else quoted(value)
    before = f'["step",{kind},{quoted(file)},{line},{frame},[{",".join(changed)}],[{names}],'
    return before, f",{value}]"


def new_page():
    """Memory for one program after the other; costs nothing until something is written."""
    page = mmap.mmap(-1, SIZE)
    clear_page(page)
    return page


def clear_page(page):
    """Gives the memory back, so that it is as new."""
    page.madvise(mmap.MADV_REMOVE)
    page[CODE:HEADER] = NO_CODE.to_bytes(4, "little")


def open_page(page, printed):
    """The program's own process writes here from now on; `printed` counts characters."""
    global _page, _count
    _page, _count = page, printed


def say_not_begun(page, reason):
    """What is wrong is the runner's fault and no program's."""
    data = reason.encode("utf-8", "replace")[:1000]
    page[HEADER : HEADER + len(data)] = data
    page[LENGTH:CODE] = len(data).to_bytes(4, "little")
    page[CODE:HEADER] = NOT_BEGUN.to_bytes(4, "little")


def say_done(page, code):
    """The program has ended with this exit code, and nothing but its process is left."""
    page[CODE:HEADER] = (DONE + (code & 255)).to_bytes(4, "little")


def _write(line, limit):
    global _end
    data = line.encode() + b"\n"
    end = _end + len(data)
    if end > limit:
        return False
    _page[_end:end] = data
    _end = end
    _page[LENGTH:CODE] = (end - HEADER).to_bytes(4, "little")
    return True


def enter_frame(function, parent):
    """A call was entered; gives its number."""
    global _frames
    number = _frames
    _frames += 1
    if not _cut and (
        _frames > MOST_STEPS + 1
        or not _write(f'["frame",{quoted(function)},{"null" if parent is None else parent}]', MOST_BYTES)
    ):
        cut_steps()
    return number


def take_step(step):
    """The next step; says whether more are wanted."""
    global _steps
    if _cut:
        return False
    before, after = step
    if _steps == MOST_STEPS or not _write(f"{before}{_count()}{after}", MOST_BYTES):
        cut_steps()
        return False
    _steps += 1
    return True


def cut_steps():
    """Nothing records any more, although the program goes on."""
    global _cut
    if not _cut:
        _cut = True
        _write('["cut"]', SIZE)


def show(code, failure, variables):
    """The program came to its end; until `shown` nothing is printed, and nobody waits for long."""
    _write(f'["end",{code},{variables}]', SIZE)
    if failure is not None:
        _write(failure, SIZE)
    # The program may have taken the signal for itself. Its default is to end the process, which then
    # has the exit code that stands in the page.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])
    _page[CODE:HEADER] = (code & 255).to_bytes(4, "little")
    signal.setitimer(signal.ITIMER_REAL, _PATIENCE_SECONDS)
    _mute()


def show_variable(variable):
    """One of the variables that were announced."""
    _write(f'["variable",{variable[1:]}', SIZE)


def shown():
    """All is shown: what is printed is heard again."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number, kept in _muted.items():
        os.dup2(kept, number)
        os.close(kept)
    _muted.clear()
    _page[CODE:HEADER] = NO_CODE.to_bytes(4, "little")


def _mute():
    nowhere = os.open("/dev/null", os.O_WRONLY | os.O_CLOEXEC)
    for number in (1, 2):
        try:
            _muted[number] = os.dup(number)
            os.dup2(nowhere, number)
        except OSError:
            pass  # the program closed it
    os.close(nowhere)
