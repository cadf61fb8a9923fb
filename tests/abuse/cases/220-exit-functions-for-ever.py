# id: 220
# title: Registers an exit function in every exit function.
# expect: timed_out | out_of_memory | exited 0
# wall: 1

import atexit


def again():
    atexit.register(again)
    atexit.register(again)


again()
