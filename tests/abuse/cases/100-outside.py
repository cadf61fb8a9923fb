# id: 100
# title: Opens everything outside its folder by every road.
# expect: exited 0
# stdout: nothing outside
# docker stdout:

import os

outside = []
try:
    outside += set(os.listdir("/")) - {"tmp", "work"}
except OSError:
    pass
roads = ["/", "..", "/..", "/work/../..", "/tmp/../../etc", "//", "/./", "/work/../tmp/../..", "/proc", "/home", "/python"]
for road in roads:
    for name in ("", "etc/passwd", "etc", "proc/self/exe", "bin/sh", "tmp/../etc/hostname"):
        path = os.path.join(road, name)
        resolved = os.path.normpath(os.path.join("/work", path))
        # The root itself may be looked at: it holds the two folders and nothing else.
        if resolved.lstrip("/").split("/")[0] in ("tmp", "work") or resolved.strip("/") == "":
            continue
        for act in (os.listdir, os.stat, open, os.readlink):
            try:
                outside.append((path, act(path)))
            except OSError:
                pass
for number in range(3, 64):
    for name in ("../../etc/passwd", "../etc", "/etc/passwd"):
        try:
            outside.append(os.open(name, os.O_RDONLY, dir_fd=number))
        except (OSError, NotImplementedError, TypeError):
            pass
print(outside or "nothing outside")
