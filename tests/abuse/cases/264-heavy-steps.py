# id: 264
# title: Changes a thousand large variables in every recorded step.
# expect: exited 0 | timed_out
# wall: 10
# inspect: steps

for number in range(300):
    globals().update({f"n{i}": "x" * 200 + str(number) for i in range(500)})
