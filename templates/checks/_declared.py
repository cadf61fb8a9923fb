"""The checks that `checks.toml` declares whole, without a function of the author's.

The app writes a `checks.py` of three lines that calls one function of this file with what the author
declared. What a learner reads is worded here; how a fault is reported is `_harness.py`'s business.
"""

import ast
import json
import os
import random

import hacheck
from hacheck import call, call_text, fail, load, run_main, show, words

# What a word of `uses` and `avoids` means among the nodes of Python's syntax tree.
NODES = {
    "assert": ast.Assert,
    "async": (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith),
    "break": ast.Break,
    "class": ast.ClassDef,
    "comprehension": (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
    "continue": ast.Continue,
    "def": (ast.FunctionDef, ast.AsyncFunctionDef),
    "f-string": ast.JoinedStr,
    "for": (ast.For, ast.AsyncFor),
    "global": ast.Global,
    "if": (ast.If, ast.IfExp),
    "import": (ast.Import, ast.ImportFrom),
    "lambda": ast.Lambda,
    "match": ast.Match,
    "raise": ast.Raise,
    "return": ast.Return,
    "try": ast.Try,
    "while": ast.While,
    "with": (ast.With, ast.AsyncWith),
    "yield": (ast.Yield, ast.YieldFrom),
}
LETTERS = "abcxyz AB09,.-中文你好"


def code(uses, avoids, message):
    """Fails unless the learner's files use all of `uses` and none of `avoids`."""
    trees = list(_trees())
    for word in avoids:
        for file, tree in trees:
            for node in ast.walk(tree):
                if _is(node, word):
                    told = words(zh=f"{file} 第 {node.lineno} 行用了 `{word}`，这里不该用它。", en=f"Line {node.lineno} of {file} uses `{word}`, which has no place here.")
                    fail(_joined(told, message))
    for word in uses:
        if not any(_is(node, word) for _, tree in trees for node in ast.walk(tree)):
            fail(_joined(words(zh=f"这里要用到 `{word}`，代码里还没有。", en=f"This needs `{word}`, and the code has none yet."), message))


def answers(function, cases, generate, count, seed):
    """Runs over the solution in place of the learner's files: what it answers becomes the report."""
    fn = load("main", function)
    pairs = []
    for args in _calls(cases, generate, count, seed):
        text = repr(args)
        pairs.append([text, show(call(fn, *args))])
    hacheck.answer = json.dumps(pairs)


def same(function, pairs, message):
    """Fails at the first call whose result is not the solution's."""
    fn = load("main", function)
    for text, expected in pairs:
        args = ast.literal_eval(text)
        shown = call_text(fn, *args)
        got = call(fn, *args)
        if not _equal(got, expected):
            told = message or words(zh="结果和参考答案不一样。", en="The result differs from the solution's.")
            fail(told, shown, expected, show(got))


def file(path, stdin, expect, contains, message):
    """Runs the program and looks at a file it should have written."""
    run_main(stdin)
    try:
        with open(os.path.join(hacheck.FOLDER, path), encoding="utf-8") as made:
            text = _trimmed(made.read())
    except FileNotFoundError:
        fail(_joined(words(zh=f"程序没有写出文件 {path}。", en=f"The program wrote no file {path}."), message))
    except UnicodeDecodeError:
        fail(_joined(words(zh=f"{path} 不是 UTF-8 编码的文本。", en=f"{path} is not text in UTF-8."), message))
    told = message or words(zh=f"{path} 的内容和预期不一样。", en=f"What is in {path} is not what was expected.")
    if expect is not None and text != _trimmed(expect):
        fail(told, path, _trimmed(expect), text)
    rest = text
    for piece in contains:
        before, found, rest = rest.partition(piece)
        if not found:
            fail(told, path, piece, text)


def _joined(told, message):
    return f"{told}\n{message}" if message else told


def _trimmed(text):
    """Blanks at the ends of lines and empty lines at the end do not count."""
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip()


def _trees():
    """The learner's files and their syntax trees."""
    for folder, folders, names in os.walk(hacheck.FOLDER):
        folders[:] = sorted(name for name in folders if name not in ("data", "__pycache__"))
        for name in sorted(names):
            path = os.path.join(folder, name)
            shown = hacheck.learner_file(path)
            if shown is None:
                continue
            with open(path, encoding="utf-8") as source:
                text = source.read()
            try:
                yield shown, ast.parse(text, path)
            except SyntaxError as error:
                raise hacheck.LearnerFault(error=error) from error


def _is(node, word):
    if word in NODES:
        return isinstance(node, NODES[word])
    if word == "recursion":
        return isinstance(node, NODES["def"]) and any(_is(inner, f"{node.name}()") for inner in ast.walk(node))
    if word.startswith("import "):
        return _imports(node, word.removeprefix("import ").strip())
    if word.endswith("()"):
        name = word.removesuffix("()")
        if not isinstance(node, ast.Call):
            return False
        if name.startswith("."):
            return isinstance(node.func, ast.Attribute) and node.func.attr == name[1:]
        return ast.unparse(node.func) == name
    return isinstance(node, ast.Name) and node.id == word


def _imports(node, module):
    names = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        names = [node.module or ""]
    return any(name == module or name.startswith(module + ".") for name in names)


def _equal(got, expected):
    """`expected` is the solution's `repr`: by value where it can be read, else as it is written."""
    try:
        value = ast.literal_eval(expected)
    except (ValueError, SyntaxError):
        return show(got) == expected
    return type(got) is type(value) and got == value


def _calls(cases, generate, count, seed):
    """Arguments of every call: the author's, then made up ones, the same for the same seed."""
    for case in cases:
        yield ast.literal_eval(f"({case},)" if case.strip() else "()")
    dice = random.Random(seed)
    types = [ast.parse(text, mode="eval").body for text in generate]
    for _ in range(count if types else 0):
        yield tuple(_made(kind, dice) for kind in types)


def _made(kind, dice):
    """A value of a type; small and odd ones come often, because there the mistakes are."""
    if isinstance(kind, ast.Subscript):
        inner = kind.slice.elts if isinstance(kind.slice, ast.Tuple) else [kind.slice]
        size = dice.choice((0, 1, 2, 3, 6))
        match kind.value.id:
            case "list":
                return [_made(inner[0], dice) for _ in range(size)]
            case "dict":
                return {_made(inner[0], dice): _made(inner[1], dice) for _ in range(size)}
            case "tuple":
                return tuple(_made(part, dice) for part in inner)
        raise ValueError(f"no values can be made up for {ast.unparse(kind)}")
    match kind.id if isinstance(kind, ast.Name) else ast.unparse(kind):
        case "int":
            return dice.choice((0, 1, -1, dice.randint(-9, 9), dice.randint(-1000, 1000)))
        case "float":
            return dice.choice((0.0, 1.5, -0.5, round(dice.uniform(-100, 100), 3)))
        case "bool":
            return dice.random() < 0.5
        case "str":
            return "".join(dice.choice(LETTERS) for _ in range(dice.choice((0, 1, 3, 8))))
        case "None":
            return None
    raise ValueError(f"no values can be made up for {ast.unparse(kind)}")
