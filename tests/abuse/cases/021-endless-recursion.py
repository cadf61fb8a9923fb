# id: 21
# title: Calls itself for ever.
# expect: exited 1
# stderr contains: RecursionError

def f():
    f()


f()
