# id: 218
# title: Comes back to life in every finaliser and waits there.
# expect: timed_out
# wall: 1

class Immortal:
    def __del__(self):
        globals()["again"] = type(self)()
        while True:
            pass


again = Immortal()
