# id: 77
# title: Leaves links to everywhere under the names its host might touch.
# expect: exited 0 | exited 1 | output_limit
# stdout lacks: root:
# docker stdout lacks:

import os

names = ("main.py", "__pycache__", "run.log", "output", "stdin", "a/../b", "deep")
for name in names:
    for target in ("../../../../../../etc/passwd", "/etc/passwd", "/", "..", name):
        try:
            if os.path.lexists(name):
                os.unlink(name)
            os.symlink(target, name)
            print(open(name).read())
        except OSError:
            pass
for source, name in (("/etc/passwd", "hard"), ("../../../../etc/passwd", "hard"), ("/", "hard")):
    try:
        os.link(source, name)
        print(open(name).read())
    except (AttributeError, OSError):
        pass
