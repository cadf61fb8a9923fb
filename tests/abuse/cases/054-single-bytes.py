# id: 54
# title: Writes three hundred thousand single bytes.
# expect: exited 0
# stdout contains: xxxxxxxx

import os

for _ in range(300_000):
    os.write(1, b"x")
