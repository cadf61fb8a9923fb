# id: 8
# title: Sends itself a signal and exits from its handler.
# expect: exited 1 | exited 7
# stdout lacks: survived

import signal
import sys


def handler(number, frame):
    sys.exit(7)


signal.signal(signal.SIGTERM, handler)
signal.raise_signal(signal.SIGTERM)
for _ in range(100_000):
    pass
print("survived")
