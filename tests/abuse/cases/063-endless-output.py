# id: 63
# title: Puts an object in place of its output whose flush never ends.
# expect: timed_out
# wall: 1

import sys


class Endless:
    closed = False

    def write(self, text):
        return len(text)

    def flush(self):
        while True:
            pass


sys.stdout = Endless()
