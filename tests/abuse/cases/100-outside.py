# id: 100
# title: Opens everything outside its folder by every road.
# expect: exited 0
# stdout: nothing outside

import os

outside = []
roads = ["/", "..", "/..", "/work/../..", "/tmp/../../etc", "//", "/./", "/work/../tmp/../..", "/proc", "/home", "/python"]
for road in roads:
    for name in ("", "etc/passwd", "etc", "proc/self/exe", "bin/sh", "tmp/../etc/hostname"):
        path = os.path.join(road, name)
        if os.path.normpath(path).lstrip("/").split("/")[0] in ("tmp", "work"):
            continue
        for act in (os.listdir, os.stat, open, os.readlink):
            try:
                outside.append((path, act(path)))
            except OSError:
                pass
for number in range(3, 64):
    for name in ("../../etc/passwd", "..", "/etc/passwd"):
        try:
            outside.append(os.open(name, os.O_RDONLY, dir_fd=number))
        except (OSError, NotImplementedError, TypeError):
            pass
print(outside or "nothing outside")
