# id: 211
# title: Makes links that lead to themselves, to each other, and into the dark.
# expect: exited 0
# stdout: survived

import os

for name, target in (("a", "b"), ("b", "a"), ("c", "c"), ("d", "d/d/d"), ("e", "x" * 4000), ("f", "../" * 1000 + "f"), ("g", "/work/g/g")):
    for act in (lambda: os.symlink(target, name), lambda: open(name), lambda: os.listdir(name), lambda: os.stat(name), lambda: os.path.realpath(name), lambda: os.rename(name, target)):
        try:
            act()
        except (OSError, ValueError, AttributeError):
            pass
for number in range(200):
    try:
        os.symlink(f"chain{number + 1}", f"chain{number}")
    except (OSError, AttributeError):
        pass
try:
    open("chain0")
except OSError:
    print("survived")
