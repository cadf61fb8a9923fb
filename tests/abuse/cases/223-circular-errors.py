# id: 223
# title: Raises an error that is its own cause in a ring of ten thousand.
# expect: exited 1
# stderr contains: ValueError

errors = [ValueError(number) for number in range(10_000)]
for first, second in zip(errors, errors[1:] + errors[:1]):
    first.__context__ = second
    first.__cause__ = second
raise errors[0]
