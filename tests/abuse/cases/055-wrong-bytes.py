# id: 55
# title: Writes bytes that are no text, cut anywhere.
# expect: exited 0
# stdout contains: ��
# stdout contains: 你好
# stdout contains: end

import os

for piece in (b"\xff\xfe", b"\xe4", b"\xbd\xa0\xe5\xa5", b"\xbd", b"\xf0\x9f", b"\n", b"\xed\xa0\x80 end"):
    os.write(1, piece)
os.write(2, b"\xf0\x9f\x98")
