# id: 87
# title: Reads what kind of machine it runs on.
# expect: exited 0
# stdout lacks: kernel
# docker stdout lacks:

import os
import platform

for place in ("/proc/meminfo", "/proc/cpuinfo", "/proc/self/mountinfo", "/etc/hostname", "/proc/version"):
    try:
        print("kernel", open(place).read())
    except OSError:
        pass
print(platform.node(), platform.system(), os.cpu_count())
if hasattr(os, "uname") and set(os.uname().release) - set("0."):
    print("kernel", os.uname())
