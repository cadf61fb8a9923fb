# id: 16
# title: Asks for more memory than it may have in one piece.
# expect: exited 1
# stderr contains: MemoryError

bytearray(400 << 20)
