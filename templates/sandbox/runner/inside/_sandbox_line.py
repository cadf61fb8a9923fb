"""The program's own line to the runner, beside everything that is printed.

Every call opens a connection of its own, so threads and forked processes cannot get into each other's
way, and a program has no descriptor open that is not its own. What comes over this line is as much
worth as anything a program says: the runner believes nothing.
"""

import os
import socket
import struct

# In the abstract namespace of the container's own network, which nothing else is in.
ADDRESS = f"\0helloagents-{os.getpid()}"

# What a connection is about; one byte, then the document.
SWITCH = b"m"  # another output is written to from now on
WAITING = b"n"  # the program waits for input
REPORT = b"r"
CALL = b"q"
_HEADER = struct.Struct(">I")
# Before each piece of an answer: its length, and whether it is the last one.
ANSWER = struct.Struct(">IB")


def tell(kind: bytes, document: bytes = b"") -> None:
    """Tells the runner something and waits until it has been heard."""
    with _connect(kind, document) as line:
        line.recv(1)


def call(document: bytes) -> socket.socket:
    """Asks the runner's host something; the answer comes over the line that is given back."""
    return _connect(CALL, document)


def next_answer(line):
    """The next piece of an answer and whether it is the last; none when no more will come."""
    header = _exactly(line, ANSWER.size)
    if not header:
        return None
    length, is_last = ANSWER.unpack(header)
    return _exactly(line, length), is_last


def _connect(kind, document):
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.connect(ADDRESS)
        line.sendall(_HEADER.pack(1 + len(document)) + kind + document)
    except BaseException:
        line.close()
        raise
    return line


def _exactly(line, length):
    """So many bytes; none when the runner has closed the line."""
    data = bytearray()
    while len(data) < length:
        piece = line.recv(length - len(data))
        if not piece:
            return b""
        data += piece
    return bytes(data)
