# id: 219
# title: Makes a new object with a finaliser in every finaliser, at the end.
# expect: exited 0 | timed_out | out_of_memory
# wall: 2

class Again:
    def __del__(self):
        globals()[f"again{id(self)}"] = Again()


again = Again()
