# id: 222
# title: Puts hooks in place that raise, exit and forget the error.
# expect: exited 9 | exited 1

import sys


class Evil(Exception):
    def __str__(self):
        raise SystemExit(7)

    __traceback__ = property(lambda self: 1 / 0)
    __cause__ = property(lambda self: self)
    __context__ = property(lambda self: self)


sys.unraisablehook = sys.displayhook = lambda *_: 1 / 0
sys.excepthook = lambda *_: sys.exit(9)
raise Evil(Evil(Evil))
