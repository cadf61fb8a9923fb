# id: 102
# title: Changes what no program should be able to: types, caches, interned objects.
# expect: exited 0 | exited 1

import copyreg
import gc
import linecache
import re
import sys
import warnings

re._cache["x"] = "evil"
linecache.cache["main.py"] = (1, None, ["evil"], "main.py")
copyreg.dispatch_table[int] = "evil"
warnings.filters.insert(0, ("error", None, Warning, None, 0))
sys.modules["json"] = sys.modules["random"] = sys
for holder in gc.get_objects():
    if type(holder) is dict and "UNAVAILABLE" in holder:
        holder["UNAVAILABLE"].clear()
    if type(holder) is dict and holder is not globals():
        try:
            holder["evil"] = "evil"
        except Exception:
            pass
(lambda: None).__globals__["__builtins__"].evil = "evil"
# --- second ---
import builtins, gc, json, linecache, random, re, sys, warnings

assert json.__name__ == "json" and random.__name__ == "random"
assert "x" not in re._cache and not hasattr(builtins, "evil")
assert all("evil" not in holder for holder in gc.get_objects() if type(holder) is dict and holder is not globals())
try:
    import ssl
except ModuleNotFoundError as error:
    assert "no network" in str(error)
print("clean")
