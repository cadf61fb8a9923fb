# id: 239
# title: Takes a lock twice, and lets threads wait for each other.
# expect: exited 1
# note: Deadlock
# docker expect: timed_out
# docker note:

import threading

first, second = threading.Lock(), threading.Lock()


def other():
    second.acquire()
    first.acquire()


first.acquire()
threading.Thread(target=other).start()
