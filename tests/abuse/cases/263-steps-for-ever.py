# id: 263
# title: Takes steps for ever while they are recorded.
# expect: timed_out
# wall: 1
# inspect: steps
# inside contains: cut: true

number = 0
while True:
    number += 1
