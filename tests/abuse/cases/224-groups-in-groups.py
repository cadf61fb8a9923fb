# id: 224
# title: Raises groups of errors nested two hundred deep, each with a hundred errors.
# expect: exited 1 | output_limit | timed_out
# wall: 10

error = ValueError("x" * 1000)
for _ in range(200):
    error = ExceptionGroup("group", [error, *(KeyError(number) for number in range(100))])
raise error
