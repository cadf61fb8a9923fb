# id: 75
# title: Makes a thousand folders inside each other and forbids them to be read.
# expect: exited 0 | exited 1 | output_limit

import os

try:
    for _ in range(1000):
        os.mkdir("d")
        os.chdir("d")
except OSError as error:
    print(error.strerror)
try:
    os.chmod("/work/d", 0)
except (AttributeError, OSError):
    pass
