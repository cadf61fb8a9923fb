# id: 13
# title: Makes the compiler compute a constant of a gigabyte.
# expect: exited 1 | out_of_memory
# stderr contains: MemoryError

x = "a" * 10**9
y = "abc" * (2**31 - 1)
print(len(x), len(y))
