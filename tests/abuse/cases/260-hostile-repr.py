# id: 260
# title: Leaves variables whose words print, exit, wait, recurse and are no text.
# expect: exited 0
# inspect: variables
# stdout: before
# inside contains: plain
# inside lacks: evil

import sys
import time

plain = 1


class Prints:
    def __repr__(self):
        print("evil")
        sys.stdout.write("evil")
        return "fine"


class Exits:
    def __repr__(self):
        sys.exit(7)


class Leaves:
    def __repr__(self):
        return 3


class Recurses:
    def __repr__(self):
        return repr(self)


class Long:
    def __repr__(self):
        return "x" * 10_000_000


print("before")
things = [Exits(), Leaves(), Recurses(), Long(), Prints()]
a, b, c, d = things[:4]
