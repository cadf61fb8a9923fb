# id: 208
# title: Opens a listing of the same large folder five hundred times.
# expect: exited 0 | exited 1
# stdout lacks: survived all

import os

os.mkdir("/tmp/large")
try:
    for number in range(2400):
        open(f"/tmp/large/{number:0250}", "w").close()
except OSError as error:
    print(error.strerror)
held = []
for _ in range(5000):
    listing = os.scandir("/tmp/large")
    next(listing)
    held.append(listing)
print("survived all")
