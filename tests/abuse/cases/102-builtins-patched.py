# id: 102
# title: Replaces print, open, import, json and codecs for whoever comes next.
# expect: exited

import _io
import builtins
import codecs
import io
import json
import os
import sys
import time


def evil(*arguments, **options):
    raise SystemError("evil")


for module in (json, os, io, codecs, time):
    for name in list(vars(module)):
        if callable(getattr(module, name)) and not name.startswith("__"):
            setattr(module, name, evil)
sys.meta_path.insert(0, evil)
sys.path_hooks.insert(0, evil)
sys.path.insert(0, "/evil")
sys.setrecursionlimit(5000)
builtins.print = builtins.open = builtins.len = evil
builtins.__import__ = evil
print("x")
# --- second ---
import builtins, codecs, io, json, os, sys, time

assert builtins.print.__module__ == builtins.open.__module__.lstrip("_").replace("io", "builtins") == "builtins"
assert json.loads(json.dumps([1])) == [1] and os.getcwd() == "/work" and sys.getrecursionlimit() == 1000
assert "/evil" not in sys.path and len("abc") == 3 and time.time() > 0
print("clean")
