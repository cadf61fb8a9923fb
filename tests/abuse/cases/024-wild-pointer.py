# id: 24
# title: Reads memory at address 0 through ctypes.
# expect: exited 1
# stderr contains: it loads native code
# docker expect: exited 139
# docker stderr contains:

import ctypes

print(ctypes.string_at(0))
