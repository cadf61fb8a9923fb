# id: 101
# title: Renames a link under a path while it is being walked, and ends names with a slash.
# expect: exited 0
# stdout: stayed inside
# docker stdout:

import os

os.makedirs("a/b/c")
open("a/b/c/file", "w").close()
escaped = []
for target in ("..", "../..", "../../..", "/", "/etc"):
    for name in ("a/b/link", "a/b/link/", "a/b/c/file/", "a/b/link/etc/passwd", "a/b/link/../../../etc/passwd"):
        try:
            os.symlink(target, "a/b/new")
            os.rename("a/b/new", "a/b/link")
            escaped.append(open(name).read(10))
        except OSError:
            pass
        try:
            os.rename("a/b/link", "/etc/passwd/")
            escaped.append(name)
        except OSError:
            pass
print([text for text in escaped if text] or "stayed inside")
