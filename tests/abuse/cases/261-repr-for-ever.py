# id: 261
# title: Leaves a variable whose words never come.
# expect: exited 4
# inspect: variables
# inside contains: first

class Forever:
    def __repr__(self):
        while True:
            pass


first = 1
last = Forever()
raise SystemExit(4)
