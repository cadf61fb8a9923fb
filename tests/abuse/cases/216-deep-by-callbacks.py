# id: 216
# title: Recurses through keys, comparisons, hashes, formats and descriptors.
# expect: exited 0
# stdout: RecursionError 7

import functools


class Deep:
    def __repr__(self):
        return repr(self)

    def __hash__(self):
        return hash(self)

    def __eq__(self, other):
        return self == other

    def __getattr__(self, name):
        return getattr(self, name + "x")

    def __format__(self, how):
        return format(self, how)

    def __bool__(self):
        return not self


deep, count = Deep(), 0
for act in (
    lambda: repr(deep),
    lambda: {deep: 1},
    lambda: deep == deep,
    lambda: deep.x,
    lambda: f"{deep}",
    lambda: bool(deep),
    lambda: sorted([2, 1], key=functools.cache(lambda x: sorted([x, 1], key=lambda y: repr(deep)))),
):
    try:
        act()
    except RecursionError:
        count += 1
print("RecursionError", count)
