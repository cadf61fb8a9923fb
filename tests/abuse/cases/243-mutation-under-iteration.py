# id: 243
# title: Changes containers in the middle of what walks over them.
# expect: exited | out_of_memory | timed_out
# wall: 1

grows = [1]
for item in grows:
    grows.append(item)
