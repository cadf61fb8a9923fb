# id: 92
# title: Opens sockets of every family.
# expect: exited 0
# stdout: none opened
# docker stdout:
# docker stdout lacks: (16,

import socket

opened = []
for family in range(46):
    for kind in (1, 2, 3, 5):
        try:
            with socket.socket(family, kind) as one:
                one.connect(("127.0.0.1", 80) if family != 1 else "/run/docker.sock")
                opened.append((family, kind))
        except (AttributeError, OSError, TypeError, ValueError):
            pass
print(opened or "none opened")
