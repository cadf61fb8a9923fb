"""Conversations over the program's own line: what it tells, reports and asks beside its output.

Each is one connection (`inside/_sandbox_line.py`). What was printed before a conversation began is sent
to the host before the conversation's own frame.
"""

import os
import socket
import struct

import _sandbox_line

_LENGTH = struct.Struct(">I")
_ANSWERED = struct.Struct(">IB")
_PIECE = 1 << 16
# A report may be a MiB of characters; the program's whole right to report is in `program.py`.
_LONGEST = (4 << 20) + 1
# At once; further ones wait until one of these has ended.
_MOST = 16
_WAITING = 64
_ANSWER_SECONDS = 1.0


class Line:
    """Where the program's connections arrive."""

    def __init__(self):
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        self.listener.bind(_sandbox_line.ADDRESS)
        self.listener.listen(_WAITING)
        self.open = {}  # descriptor → Talk
        self._calls = {}  # number → Talk
        self._next = 1

    @property
    def is_free(self):
        """Whether one more may be taken."""
        return len(self.open) < _MOST

    def accept(self):
        """A new connection, if there is one."""
        try:
            connection, _ = self.listener.accept()
        except OSError:
            return None
        connection.setblocking(False)
        talk = Talk(connection)
        self.open[connection.fileno()] = talk
        return talk

    @property
    def is_asking(self):
        """Whether the program waits for an answer of the host."""
        return bool(self._calls)

    def asked(self, talk):
        """The program asks the host something; gives the call's number."""
        number, self._next = self._next, self._next + 1
        self._calls[number] = talk
        return number

    def answer(self, payload):
        """A piece of the host's answer; gives the conversation that it ended."""
        number, is_last = _ANSWERED.unpack_from(payload)
        talk = self._calls.get(number)
        if talk is None:
            return None
        document = payload[_ANSWERED.size :]
        is_heard = talk.say(_sandbox_line.ANSWER.pack(len(document), is_last) + document)
        return talk if is_last or not is_heard else None

    def end(self, talk):
        """Closes one."""
        self.open.pop(talk.connection.fileno(), None)
        self._calls = {number: other for number, other in self._calls.items() if other is not talk}
        talk.connection.close()

    def end_all(self):
        """The program is dead: closes all, those that were not taken yet too."""
        while self.accept():
            pass
        for talk in list(self.open.values()):
            self.end(talk)


class Talk:
    """One conversation."""

    def __init__(self, connection):
        self.connection = connection
        self._read = bytearray()

    def hear(self):
        """Reads on; gives kind and document once they are whole, and raises `OSError` when they never
        will be."""
        try:
            piece = os.read(self.connection.fileno(), _PIECE)
        except BlockingIOError:
            return None
        if not piece:
            raise ConnectionError("it ended early")
        self._read += piece
        if len(self._read) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._read)
        if not 1 <= length <= _LONGEST:
            raise ConnectionError("no document is so long")
        if len(self._read) < _LENGTH.size + length:
            return None
        start = _LENGTH.size
        return bytes(self._read[start : start + 1]), bytes(self._read[start + 1 : start + length])

    def say(self, data):
        """Gives the program an answer; says whether it listens. It must take it within a second, because
        the runner serves nothing else meanwhile."""
        try:
            self.connection.settimeout(_ANSWER_SECONDS)
            self.connection.sendall(data)
            self.connection.setblocking(False)
        except OSError:
            return False
        return True
