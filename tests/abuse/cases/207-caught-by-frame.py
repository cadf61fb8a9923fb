# id: 207
# title: Climbs into the frames of the harness and changes what it holds.
# expect: exited

import sys

frame = sys._getframe()
names = []
while frame is not None:
    names.append(frame.f_code.co_name)
    for name in list(frame.f_globals):
        if name.startswith("_") and not name.startswith("__"):
            frame.f_globals[name] = None
    frame.f_locals.update(code=0, job=None, main=None)
    frame = frame.f_back
print("climbed", names)
raise SystemExit(2)
