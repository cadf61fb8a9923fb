# id: 25
# title: Makes ten million objects in cycles and forbids their collection.
# expect: exited 1 | out_of_memory

import gc

gc.disable()
for _ in range(10**7):
    a, b = [], []
    a.append(b)
    b.append(a)
