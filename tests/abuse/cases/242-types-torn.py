# id: 242
# title: Changes base classes, sizes and methods of types while they are used.
# expect: exited
# stdout contains: begun

print("begun", flush=True)


class A:
    pass


class B(A):
    def __init__(self):
        type(self).__bases__ = (C,)

    def mro(self):
        return [object]


class C:
    def __eq__(self, other):
        kept.clear()
        return False

    __hash__ = lambda self: 1


kept = [C() for _ in range(100)]
kept.index(3)
kept = [C() for _ in range(10)]
sorted(kept, key=lambda x: kept.append(x) or 1)
B()
