# id: 32
# title: Forks for ever.
# expect: exited 1
# stderr contains: AttributeError
# docker stderr contains: BlockingIOError

import os

while True:
    os.fork()
