# id: 1
# title: Computes for ever.
# expect: timed_out
# wall: 1
# stdout: begun

print("begun")
while True:
    pass
