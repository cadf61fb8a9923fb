# id: 63
# title: Puts an object in place of its output that fails at everything.
# expect: exited 120 | exited 1

import sys


class Broken:
    def __getattr__(self, name):
        raise ZeroDivisionError(name)


sys.stdout = sys.stderr = Broken()
1 / 0
