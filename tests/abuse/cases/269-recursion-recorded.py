# id: 269
# title: Recurses to every limit while each step is recorded.
# expect: exited 1
# inspect: steps
# stderr contains: RecursionError

def f(n, deep):
    return f(n + 1, [deep])


f(0, [])
