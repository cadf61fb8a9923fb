# id: 17
# title: Asks for more memory than it may have in small pieces.
# expect: exited 1 | out_of_memory

kept = []
while True:
    kept.append(list(range(1000)))
