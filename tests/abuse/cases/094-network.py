# id: 94
# title: Calls out: names, addresses, the cloud's own and the local Docker's.
# expect: exited 0
# stdout: nobody answered

import socket
import urllib.request


def resolve(name, port):
    if not name[0].isalpha():
        raise OSError("a number is its own address")
    return socket.getaddrinfo(name, port)


answered = []
for host, port in (
    ("example.org", 80), ("1.1.1.1", 53), ("169.254.169.254", 80), ("192.168.65.7", 2375), ("localhost", 11434),
    ("::1", 80), ("0.0.0.0", 22),
):
    for act in (
        lambda: socket.create_connection((host, port), 1),
        lambda: urllib.request.urlopen(f"http://{host}:{port}/", timeout=1),
        lambda: resolve(host, port),
    ):
        try:
            act()
            answered.append((host, act))
        except Exception:
            pass
try:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.sendto(b"x", ("1.1.1.1", 53))
        answered.append("datagram")
except Exception:
    pass
print(answered or "nobody answered")
