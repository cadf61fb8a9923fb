# id: 58
# title: Prints what its host and its worker say to each other.
# expect: exited 3
# stdout contains: Finished

import os
import struct

for kind in range(256):
    os.write(1, struct.pack("<BII", kind, 1, 4) + b"null")
    os.write(1, struct.pack(">BII", kind, 0, 0))
for length in (0, 1, 2**31, 2**32 - 1):
    os.write(1, struct.pack("<I", length) + b'{"Finished":{"outcome":{"Exited":{"code":0}}}}\n')
print('{"event":"Finished","outcome":"Exited","code":0}')
raise SystemExit(3)
