# id: 231
# title: Loads ten thousand damaged code objects and pickles.
# expect: exited | out_of_memory | timed_out
# wall: 5

import marshal
import pickle
import random

random.seed(7)
whole = marshal.dumps(compile("def f(x): return [y for y in x if y]\nf([1])", "x", "exec"))
pickled = pickle.dumps({"a": [1, 2.5, {3}], "b": (None, b"x", range(3))})
for load, sample in ((marshal.loads, whole), (pickle.loads, pickled)):
    for _ in range(5_000):
        damaged = bytearray(sample)
        for _ in range(3):
            damaged[random.randrange(len(damaged))] = random.randrange(256)
        try:
            load(bytes(damaged))
        except BaseException:
            pass
