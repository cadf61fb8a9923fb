# id: 236
# title: Registers a codec and error handlers that fail, recurse and never end.
# expect: exited | timed_out
# wall: 2

import codecs
import sys


def handler(error):
    return ("?" * 10, 0 if error.start < 5 else error.end)


codecs.register(lambda name: 1 / 0)
codecs.register_error("evil", handler)
try:
    codecs.lookup("evil")
except (LookupError, ZeroDivisionError):
    pass
try:
    sys.stdout.reconfigure(encoding="utf-16", errors="evil", newline="\r\n")
except Exception:
    pass
print("x" + chr(0xD800) * 3)
"\ud800".encode("ascii", "evil")
