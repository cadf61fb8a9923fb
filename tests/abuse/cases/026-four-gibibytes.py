# id: 26
# title: Grows its memory until there are no more addresses.
# expect: exited 0
# stdout: refused 7
# stdout: still alive

kept, refused = [], 0
for size in (2**31 - 25, 2**31 - 65536, 2**30, 2**29, 2**28, 2**27, 2**27 - 4096):
    try:
        kept.append(bytearray(size))
    except MemoryError:
        refused += 1
print("refused", refused)
print("still alive")
