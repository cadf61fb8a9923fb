# id: 226
# title: Unpacks some kilobytes into more than there is memory.
# expect: exited 0
# stdout: zlib refused
# stdout: gzip refused

import gzip
import zlib

for name, bits, unpack in (("zlib", 15, zlib.decompress), ("gzip", 31, gzip.decompress)):
    packer = zlib.compressobj(1, zlib.DEFLATED, bits)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(140)) + packer.flush()
    try:
        unpack(packed)
        print(name, "went through")
    except MemoryError:
        print(name, "refused")
