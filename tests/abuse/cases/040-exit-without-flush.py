# id: 40
# title: Leaves with text that was never flushed.
# expect: exited 3
# stdout lacks: lost

import os
import sys

sys.stdout.write("lost")
os._exit(3)
