"""Runs one program as `python main.py` would, from its first line to its exit code.

The order at the end is CPython's: traceback, `atexit` functions, flush of standard output, end of the
program's objects. Tracebacks carry no frame of these modules.
"""

import _imp
import atexit
import builtins
import gc
import importlib.util
import linecache
import os
import random
import sys
import types

import _sandbox_inside
import _sandbox_steps
from _sandbox_machine import FOLDER, LIBRARY_PATH, OWN_FILES, begin, inside, wait_for_threads
from _sandbox_streams import flush_stderr, flush_stdout, unheard

# Where agents look for their model. It is reached over the sandbox's own channel, and what stands here is
# worth nothing anywhere.
PLACEHOLDERS = {
    "LLM_API_KEY": "kept-outside-the-sandbox",
    "LLM_BASE_URL": "https://model.invalid/v1",
    "LLM_MODEL_ID": "lesson-model",
    "OPENAI_API_KEY": "kept-outside-the-sandbox",
    "OPENAI_BASE_URL": "https://model.invalid/v1",
}
# Formatting 100,000 frames takes seconds and nobody reads the middle. Twice the usual recursion limit, so
# an ordinary RecursionError reads as it does everywhere.
_MOST_FRAMES = 2000
# Released before a traceback is printed, so that there is memory to print a MemoryError.
_reserve = [bytearray(256 * 1024)]
_default_excepthook = sys.excepthook
# A program may replace any builtin, and still deserves a proper end.
__builtins__ = vars(builtins).copy()
_collect = gc.collect
_collector_stats, _run_exit_functions = gc.get_stats, atexit._run_exitfuncs


_REHEARSED = (b"print('hi')", b"x = 1 +", b"def f(n):\n    return 1 / n\nx = 'a'\nprint(f(0))\n")


def rehearse() -> None:
    """Runs small programs ahead of time, so that every run starts from an interpreter whose caches and
    specialised code are warm: a first program costs what a tenth one costs."""
    for source in _REHEARSED:
        for _ in range(3):  # CPython specialises code that has run a few times
            _rehearse(source, False)
            _rehearse(source, True)
    _reserve.append(bytearray(256 * 1024))


def warm_up() -> None:
    """Touches the memory that every program touches, before there is one: a page of the image costs a
    fault and a copy when it is first written."""
    _rehearse(_REHEARSED[0], True)


def _rehearse(source, shows) -> None:
    global _run_exit_functions, wait_for_threads
    kept = sys.argv[:], sys.path[:], sys.modules["__main__"], _run_exit_functions, wait_for_threads
    calls = {name: getattr(inside, name) for name in ("show", "show_variable", "shown")}
    # The library's own belong to the learner's program, and after its threads Python has none.
    _run_exit_functions = wait_for_threads = lambda: None
    for name in calls:
        setattr(inside, name, lambda *words: None)  # nobody listens yet
    job = types.SimpleNamespace(
        entry="main.py", source=source, before=(), args=(), seed=None, modules=(), records=False, shows=shows
    )
    run(job)
    linecache.cache.clear()
    for name, call in calls.items():
        setattr(inside, name, call)
    sys.argv[:], sys.path[:], sys.modules["__main__"], _run_exit_functions, wait_for_threads = kept


def run(job) -> int:
    """Runs the program and returns its exit code."""
    collections = _collections()
    _set_up(job)
    main = _main_module(job.entry)
    linecache.cache[job.entry] = (lambda: importlib.util.decode_source(job.source),)
    code, failure = 0, None
    try:
        program = compile(job.source, job.entry, "exec", dont_inherit=True)
        if job.before:
            unheard(lambda: _run_before(job.before, main.__dict__))
        if job.records:
            _sandbox_steps.start(job.entry)
        exec(program, main.__dict__)
    except SystemExit as error:
        code = _exit_code(error)
    except BaseException as error:
        code = _uncaught(error)
        if job.shows:
            failure = _sandbox_inside.failed_place(error, job.entry)
    wait_for_threads()
    _run_exit_functions()
    flushed = flush_stdout()
    if job.records:
        _sandbox_steps.stop()
    if job.shows:
        _show(main.__dict__, code, failure)
    _clear(main.__dict__, collections)
    flushed &= flush_stdout()
    flush_stderr()
    return code if flushed else 120  # 120 is what CPython says when the last flush fails


def _run_before(texts, namespace) -> None:
    """Runs what the program builds on. Each text is a program of its own to Python, so that every line
    keeps its number and a text may begin with what must stand first in a file."""
    for number, text in enumerate(texts, 1):
        name = f"before-{number}.py"
        linecache.cache[name] = (lambda text=text: text,)
        exec(compile(text, name, "exec", dont_inherit=True), namespace)


def _show(namespace, code, failure) -> None:
    if _sandbox_inside.show(namespace, code, failure):
        # What a `__repr__` printed ends here, where nobody hears it.
        flush_stdout()
        flush_stderr()
        inside.shown()


def _clear(namespace, collections) -> None:
    """Lets the program's objects go as CPython does at its end, so that `__del__` is heard.

    `collections`: how often the collector had run before the program.
    """
    for is_first in (True, False):
        for name in list(namespace):
            # Private names first; the builtins stay, because what is still to run needs them.
            is_private = name[:1] == "_" and name[:2] != "__"
            if is_private == is_first and name != "__builtins__":
                namespace[name] = None
    # Without a collection in between every object of the program is still in the youngest
    # generation. A full collection also empties the free lists, which touches a hundred pages.
    _collect(0 if _collections() == collections else 2)


def _collections() -> int:
    """How often the collector has run by itself."""
    return sum(generation["collections"] for generation in _collector_stats())


def _set_up(job) -> None:
    sys.argv[:] = [job.entry, *job.args]
    sys.path[:] = [os.path.dirname(FOLDER + job.entry), *LIBRARY_PATH]
    for name in job.modules:
        _give_way(name)
    begin()
    if job.seed is not None:
        random.seed(job.seed)


def _give_way(name: str) -> None:
    """Lets a program's own file stand for a module of the library, as everywhere where Python looks
    beside the program first; what is a part of the interpreter itself is found before any file."""
    is_inside = name in sys.builtin_module_names or _imp.is_frozen(name) or name == "encodings"
    if is_inside or name not in sys.stdlib_module_names:
        return
    for known in list(sys.modules):
        if known == name or known.startswith(f"{name}."):
            del sys.modules[known]


def _main_module(entry: str):
    main = types.ModuleType("__main__")
    main.__file__ = FOLDER + entry
    main.__builtins__ = builtins
    sys.modules["__main__"] = main
    return main


def _exit_code(error: SystemExit) -> int:
    code = error.code
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 255
    flush_stdout()
    try:
        sys.stderr.write(f"{code}\n")
    except BaseException:
        pass  # its own text may fail to be made, and the exit code stays the same
    return 1


def _uncaught(error: BaseException) -> int:
    _reserve.clear()
    flush_stdout()
    _strip_all(error, set())
    try:
        hook = sys.excepthook
        try:
            hook(type(error), error, error.__traceback__)
        except SystemExit as exit:
            return _exit_code(exit)
        except BaseException as second:
            _strip_all(second, set())
            sys.stderr.write("Error in sys.excepthook:\n")
            _default_excepthook(type(second), second, second.__traceback__)
            sys.stderr.write("\nOriginal exception was:\n")
            _default_excepthook(type(error), error, error.__traceback__)
    except BaseException:
        pass  # standard error itself is broken
    return 130 if isinstance(error, KeyboardInterrupt) else 1


def _strip_all(error, seen) -> None:
    """Takes the frames of these modules out of an exception and of all it refers to."""
    waiting = [error]
    while waiting:
        error = waiting.pop()
        if error is None or id(error) in seen:
            continue
        seen.add(id(error))
        error.__traceback__ = _stripped(error.__traceback__)
        waiting += (error.__cause__, error.__context__)
        if isinstance(error, BaseExceptionGroup):
            waiting += error.exceptions


def _stripped(traceback):
    kept, changed = [], False
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename.startswith(OWN_FILES):
            changed = True
        else:
            kept.append(traceback)
        traceback = traceback.tb_next
    if len(kept) > _MOST_FRAMES:
        kept = kept[: _MOST_FRAMES // 2] + kept[-_MOST_FRAMES // 2 :]
        changed = True
    if not changed:
        return kept[0] if kept else None
    rebuilt = None
    for frame in reversed(kept):
        rebuilt = types.TracebackType(rebuilt, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
    return rebuilt

