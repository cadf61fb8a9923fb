# id: 27
# title: Opens folders and files until the host has no more handles.
# expect: exited 1
# stdout lacks: 100000

import os

held = [os.open("/work/main.py", os.O_RDONLY) for _ in range(100_000)]
print(len(held))
