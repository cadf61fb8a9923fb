# id: 221
# title: Puts a hook for uncaught errors in place that never ends.
# expect: timed_out
# wall: 1

import sys


def hook(*error):
    while True:
        try:
            hook(*error)
        except RecursionError:
            pass


sys.excepthook = hook
1 / 0
