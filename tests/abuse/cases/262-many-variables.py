# id: 262
# title: Leaves a hundred thousand variables with names and values of a kilobyte.
# expect: exited 0
# inspect: variables
# inside contains: more_variables

for number in range(100_000):
    globals()[f"n{number}" + "x" * 10] = "y" * 50
globals()["half \ud800"] = "\ud800"
globals()[""] = 1
globals()[chr(0)] = 2
globals()["z" * 1_000_000] = 3
