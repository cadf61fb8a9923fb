# id: 22
# title: Lifts the limit of recursion and calls itself for ever.
# expect: exited 1 | exited 139 | out_of_memory

import sys

sys.setrecursionlimit(2**31 - 1)


def f():
    f()


f()
