# id: 28
# title: Makes the host copy hundreds of megabytes in one call.
# expect: output_limit | exited 1
# stdout lacks: went through

import os
import random

try:
    print(len(random.randbytes(2**28)))
except MemoryError:
    print("no memory")
for _ in range(100_000):
    os.environ.get("PATH")
text = b"x" * (40 << 20)
while text:
    text = text[os.write(1, text) :]
print("went through")
