# id: 41
# title: Exits with an object whose text cannot be made.
# expect: exited 1
# stdout: before

class Hostile(SystemExit):
    def __str__(self):
        raise RuntimeError

    __repr__ = __str__

    @property
    def code(self):
        return self


print("before")
raise Hostile()
