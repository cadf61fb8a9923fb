# id: 56
# title: Puts half characters into reports, names, exits and arguments.
# expect: exited 1
# stdout: UnicodeEncodeError
# stdout: UnicodeEncodeError
# stdout: UnicodeEncodeError

import os

import _sandbox

half = chr(0xDFFF)
for act in (
    lambda: _sandbox.report(half + "a" * 1000),
    lambda: open("/tmp/" + half, "w").close(),
    lambda: os.mkdir(chr(0xD83D)),
):
    try:
        act()
        print("went through")
    except (UnicodeError, OSError) as error:
        print(type(error).__name__)
raise SystemExit(half)
