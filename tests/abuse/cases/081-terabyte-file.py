# id: 81
# title: Makes a file a tebibyte long without writing it.
# expect: exited 0 | exited 1 | output_limit

import os

with open("/tmp/long", "wb") as file:
    try:
        os.ftruncate(file.fileno(), 1 << 40)
    except OSError as error:
        print(error.strerror)
    try:
        os.posix_fallocate(file.fileno(), 0, 1 << 40)
    except (AttributeError, OSError):
        pass
