# id: 83
# title: Writes into the system's folders.
# expect: exited 0
# stdout: nothing was written

import os

written = []
for place in ("/", "/etc", "/usr", "/proc/sys", "/sys", "/dev", "/python", "/bin", "/0", "/work/..", "/tmp/../.."):
    for name in ("x", "passwd", "../x"):
        try:
            with open(os.path.join(place, name), "w") as file:
                file.write("x")
            if os.path.realpath(os.path.join(place, name)).split("/")[1] not in ("work", "tmp"):
                written.append((place, name))
        except OSError:
            pass
print(written or "nothing was written")
