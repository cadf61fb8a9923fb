# id: 60
# title: Closes its outputs and goes on.
# expect: exited 5 | exited 120

import os
import sys

sys.stdout.close()
for number in (0, 1, 2):
    try:
        os.close(number)
    except OSError:
        pass
sys.exit(5)
