# id: 89
# title: Mounts, unshares and enters other namespaces.
# expect: exited 0
# stdout: refused

import os

worked = []
for name in ("unshare", "setns", "mount", "pivot_root", "chroot", "umount"):
    try:
        getattr(os, name)("/")
        worked.append(name)
    except (AttributeError, OSError, TypeError):
        pass
print(worked or "refused")
