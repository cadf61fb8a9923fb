# id: 84
# title: Runs the programs that change who one is.
# expect: exited 0
# stdout: none started
# docker stdout: ['/bin/sh', '/bin/sh']

import os
import subprocess

started = []
for name in ("su", "sudo", "mount", "passwd", "/bin/sh", "newuidmap", "pkexec"):
    for run in (lambda: subprocess.run([name]), lambda: os.system(name) and 1 / 0, lambda: os.popen(name).read() or 1 / 0):
        try:
            run()
            started.append(name)
        except Exception:
            pass
print(started or "none started")
