# id: 11
# title: Leaves a child behind and ends.
# expect: exited 0
# stdout: parent ends

import subprocess
import sys

try:
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60); print('late')"])
except Exception:
    pass
print("parent ends")
