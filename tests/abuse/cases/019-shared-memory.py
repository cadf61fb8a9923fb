# id: 19
# title: Maps memory that no limit of the process counts.
# expect: exited 1
# stderr contains: not available in the built-in sandbox
# docker stderr contains: OSError

from multiprocessing.shared_memory import SharedMemory

memory = SharedMemory(create=True, size=1 << 34)
memory.buf[1 << 33] = 1
