# id: 244
# title: Builds programs of up to a megabyte in one line and runs them.
# expect: exited 0
# stdout: 100000

names = {}
exec("x=1;" * (2**18 // 4 - 1), names)
exec("y=[" + "1," * 100_000 + "]", names)
print(len(names["y"]))
