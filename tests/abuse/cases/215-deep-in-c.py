# id: 215
# title: Nests data until the functions written in C run out of stack.
# expect: exited 0 | exited 1 | exited 139
# stderr lacks: panicked

import ast
import copy
import json
import pickle
import re

deep = []
for _ in range(10**5):
    deep = [deep]
for name, act in (
    ("repr", lambda: repr(deep)),
    ("json", lambda: json.dumps(deep)),
    ("loads", lambda: json.loads("[" * 10**5)),
    ("pickle", lambda: pickle.dumps(deep)),
    ("copy", lambda: copy.deepcopy(deep)),
    ("compare", lambda: deep == copy.copy(deep)[:]),
    ("ast", lambda: ast.parse("(" * 5000 + ")" * 5000)),
    ("literal", lambda: ast.literal_eval("[" * 5000 + "]" * 5000)),
    ("re", lambda: re.compile("(" * 5000 + ")" * 5000)),
    ("eval", lambda: eval("~" * 10**5 + "1")),
):
    try:
        act()
        print(name, "done", flush=True)
    except (RecursionError, MemoryError, SyntaxError, OverflowError, re.error) as error:
        print(name, type(error).__name__, flush=True)
