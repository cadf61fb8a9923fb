# id: 210
# title: Moves folders into themselves and in circles.
# expect: exited 0
# stdout: refused

import os

os.makedirs("a/b/c")
moved = 0
for source, target in (("a", "a/b"), ("a", "a/b/c/d"), ("a/b", "a/b"), (".", "a"), ("/work", "/tmp"), ("/", "/tmp/x"), ("/tmp", "/work/a/b")):
    try:
        os.rename(source, target)
        moved += source not in ("a/b",)
    except OSError:
        pass
for folder, folders, files in os.walk("/"):
    assert folder.count("/") < 10 or folder.startswith(("/proc/", "/sys/", "/usr/"))
print(moved or "refused")
