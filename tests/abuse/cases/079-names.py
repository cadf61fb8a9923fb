# id: 79
# title: Uses names that are too long, not text, or mean something elsewhere.
# expect: exited 0
# stdout: survived

import os

twins = ("caf\u00e9", "cafe\u0301")
names = [
    "n" * 255, "n" * 256, "n" * 5000, "/".join("d" * 3000), "a\nb", "%s%n", "CON", "NUL.txt", " ", "-rf", "~",
    b"\xc3", b"\xff\xfe", "..", "...", ".", "", "/", "//tmp//x", "/tmp/./x", "x" * 200 + "\u4f60" * 20, *twins,
]
for name in names:
    for act in (lambda: open(name, "w").close(), lambda: os.mkdir(name), lambda: os.stat(name), lambda: os.unlink(name)):
        try:
            act()
        except (OSError, ValueError, UnicodeError):
            pass
try:
    open("a\0b")
except ValueError:
    print("survived")
