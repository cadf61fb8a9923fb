"""Entry program of one Python check: runs it, words what went wrong, sends exactly one result.

Laid beside the learner's files together with `checks.py` and `hacheck.py`, and started with the name of
a function in `checks.py` and a language, "zh" or "en". The result leaves through the sandbox's own
channel; whatever the learner's code prints stays ordinary output. Time, memory and a hard `os._exit`
are the sandbox's business: then no result comes.
"""

import sys

# The standard library is loaded while the learner's folder is out of sight: a learner's own `json.py`
# must not become ours.
_folder = sys.path.pop(0)
import json.encoder  # noqa: E402
import traceback  # noqa: E402
import builtins, difflib, importlib, io, os, types  # noqa: E401, E402, F401  (hacheck uses them)

sys.path.insert(0, _folder)

import hacheck  # noqa: E402
from _sandbox import report  # noqa: E402
from hacheck import LearnerFault, OutOfInput, Unmet, words  # noqa: E402

# Bound now: the learner's code may replace whatever is looked up later.
_quote = json.encoder.encode_basestring_ascii

# A deep mutual recursion formats to thousands of lines; its ends tell the story.
MAX_TRACE_LINES = 60

# What an exception usually means for a beginner; the first class that fits is taken.
MEANINGS = [
    (RecursionError, "一个函数不停地调用自己，没有停下来的条件。", "A function keeps calling itself and nothing makes it stop."),
    (UnboundLocalError, "函数里给这个名字赋了值，却在赋值之前就用了它。", "The function assigns this name, but uses it before that."),
    (NameError, "这个名字还不存在：检查拼写，或者先给它一个值。", "This name does not exist here: check its spelling, or give it a value first."),
    (NotImplementedError, "这里还等着你来写。", "This place is still waiting for your code."),
    (ModuleNotFoundError, "找不到要导入的模块：检查拼写，也看看文件还在不在。", "The module to import was not found: check its spelling and that the file is still there."),
    (ImportError, "那个文件里没有要导入的名字：检查拼写。", "The file has no such name to import: check the spelling."),
    (FileNotFoundError, "找不到这个文件：检查路径，例如 data/weather.json。", "The file was not found: check its path, for example data/weather.json."),
    (AttributeError, "点号前面的那个值没有这个属性；值如果是 None，多半是前面少了 `return`。", "The value before the dot has no such attribute; if it is None, a `return` is often missing further up."),
    (IndexError, "下标超出了范围：列表没有那么长。", "The index is out of range: the list is not that long."),
    (LookupError, "要找的东西不在里面。", "What was looked for is not there."),
    (ZeroDivisionError, "除数是 0。", "Something is divided by zero."),
    (json.JSONDecodeError, "这段文字不是 JSON。", "This text is not JSON."),
    (TypeError, "参数的个数不对，或者两种不能一起用的类型碰到了一起。", "The number of arguments is wrong, or two types met that do not go together."),
    (ValueError, "类型对了，但这个值不能用。", "The type is right, but this value cannot be used."),
]


def main(function, language):
    """Runs one check and reports it."""
    hacheck.speak(language)
    hacheck.limit_printing()
    try:
        result = judge(function)
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    report(to_json(result))


def judge(function):
    """The result of one check, as a dictionary of texts."""
    try:
        import checks

        getattr(checks, function)()
    except Unmet as unmet:
        return outcome("fail", unmet.message, unmet.call, unmet.expected, unmet.got)
    except LearnerFault as fault:
        return outcome("error", explain(fault), None if is_import(fault.call) else fault.call)
    except BaseException as error:
        return outcome("error", blame_check(error))
    return outcome("pass", hacheck.answer)


def outcome(status, message, call=None, expected=None, got=None):
    """One result in the words of the contract."""
    return {"status": status, "message": message, "call": call, "expected": expected, "got": got}


def to_json(result):
    """JSON of a flat dictionary of texts; lone surrogates, which JSON readers refuse, become visible."""

    def value(text):
        if text is None:
            return "null"
        return _quote(str(text).encode("utf-8", "backslashreplace").decode("utf-8"))

    return "{" + ",".join(f"{_quote(key)}:{value(text)}" for key, text in result.items()) + "}"


def is_import(call):
    """Whether the learner's file was only being loaded, which is nothing they called."""
    return call is not None and call.startswith("import ")


def explain(fault):
    """What happened, for the learner: a few sentences, then the traceback of their own lines."""
    message = fault.message or explain_error(fault.error, fault.call)
    if fault.advice:
        message += "\n" + fault.advice
    return message if fault.error is None else message + where(fault.error)


def explain_error(error, call):
    """The sentences about one exception."""
    if isinstance(error, hacheck.Flood):
        return words(
            zh=f"你的程序打印了超过 {hacheck.MAX_PRINTED:,} 个字符，被停下了。多半有一个循环停不下来。",
            en=f"Your program printed more than {hacheck.MAX_PRINTED:,} characters and was stopped. Most likely a loop never ends.",
        )
    if isinstance(error, SystemExit):
        return words(
            zh="你的程序在检查中途自己退出了（exit() 或 sys.exit()）。去掉它，让函数用 `return` 结束。",
            en="Your program ended itself during the check (exit() or sys.exit()). Remove that and let the function `return`.",
        )
    if isinstance(error, EOFError):
        return explain_input(error, call)
    if isinstance(error, SyntaxError) and hacheck.learner_file(error.filename or ""):
        file = hacheck.learner_file(error.filename)
        return words(
            zh=f"{file} 第 {error.lineno} 行不是合法的 Python，所以整个文件都没能运行。先看这一行和它的上一行。",
            en=f"Line {error.lineno} of {file} is not valid Python, so nothing in the file could run. Look at it and at the line above it.",
        )
    return explain_exception(error, call)


def explain_input(error, call):
    """The program wanted a line and there was none."""
    if isinstance(error, OutOfInput) and error.given:
        return words(
            zh=f"你的程序用 input() 要的行数太多了：这个检查只输入 {error.given} 行。",
            en=f"Your program asks input() for more lines than the {error.given} this check types.",
        )
    if is_import(call):
        return words(
            zh='检查只是导入你的文件，文件却马上调用了 input()。把它放进函数里，或放到 `if __name__ == "__main__":` 下面。',
            en='The check only imports your file, and the file calls input() at once. Move that into a function or under `if __name__ == "__main__":`.',
        )
    return words(
        zh="你的程序用 input() 等人输入，可是检查的时候没有人在键盘前。用参数传进来的值就够了。",
        en="Your program waits for input(), but nobody is at the keyboard during a check. The values it needs come as parameters.",
    )


def explain_exception(error, call):
    """An ordinary exception: its name, its place, what it usually means."""
    name, place = type(error).__name__, own_frames(error)
    sentence = words(zh=f"你的程序出错了：{name}", en=f"Your program stopped with {name}")
    if place:
        file, line = place[-1]
        sentence += words(zh=f"，在 {file} 第 {line} 行。", en=f", in line {line} of {file}. ")
    elif call is not None and isinstance(error, TypeError) and not is_import(call):
        return sentence + words(
            zh="：这个函数不能这样调用，看看它的参数。",
            en=": the function cannot be called like this; look at its parameters.",
        )
    else:
        sentence += words(zh="。", en=". ")
    if isinstance(error, TypeError) and "NoneType" in str(error):
        return sentence + words(
            zh="这里有一个值是 None：没有找到东西，或者前面的函数少了 `return`。",
            en="A value here is None: nothing was found, or a function before it has no `return`.",
        )
    if type(error) is KeyError and error.args:
        key = hacheck.show(error.args[0])
        return sentence + words(zh=f"字典里没有 {key} 这个键。", en=f"The dictionary has no key {key}.")
    for kind, zh, en in MEANINGS:
        if isinstance(error, kind):
            return sentence + words(zh=zh, en=en)
    return sentence.rstrip()


def blame_check(error):
    """The check itself is broken: say so, or a learner looks for the fault in their own code."""
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return words(
        zh="这个检查自己出了错，不是你的代码的问题。请告诉课程的作者：",
        en="The check itself is broken; this is not your code's fault. Please tell the author of the course:",
    ) + "\n\n" + short_paths(text.rstrip())


def own_frames(error):
    """(file, line) of the learner's own frames, outermost first."""
    frames = traceback.walk_tb(error.__traceback__)
    named = ((hacheck.learner_file(frame.f_code.co_filename), line) for frame, line in frames)
    return [(file, line) for file, line in named if file]


def where(error):
    """The traceback with the learner's frames only, as Python would print it, after an empty line."""
    if isinstance(error, (hacheck.Flood, SystemExit)) and not own_frames(error):
        return ""
    shown = traceback.TracebackException.from_exception(error)
    keep_own_frames(shown, set())
    lines = "".join(shown.format()).rstrip().splitlines()
    if isinstance(error, hacheck.Flood):
        lines.pop()  # our own exception's name says nothing to anybody
    if len(lines) > MAX_TRACE_LINES:
        half = MAX_TRACE_LINES // 2
        lines[half:-half] = [f"  ... {len(lines) - 2 * half} ..."]
    return "\n\n" + short_paths("\n".join(lines))


def short_paths(text):
    """A traceback with the files' names as the learner knows them."""
    for folder in (hacheck.FOLDER, os.path.realpath(hacheck.FOLDER)):
        text = text.replace(f'File "{folder}{os.sep}', 'File "')
    return text


def keep_own_frames(shown, seen):
    """Drops foreign frames from a traceback and everything chained to it."""
    if shown is None or id(shown) in seen:
        return
    seen.add(id(shown))
    if shown.stack is not None:
        shown.stack[:] = [frame for frame in shown.stack if hacheck.learner_file(frame.filename)]
        if not shown.stack:
            shown.stack = None
    for other in (shown.__cause__, shown.__context__, *(shown.exceptions or ())):
        keep_own_frames(other, seen)


if __name__ == "__main__":
    main(*sys.argv[1:3])
