"""Frames between the runner and its host, over the container's standard input and output.

```text
u32be length | u8 kind | u32be run | payload        length counts everything behind it
```

The host chooses the number of a run; 0 is the container itself. A frame about another run than the
present one is ignored by both sides.

| from the host | payload |
|---|---|
| P ping | a few bytes, which come back as `p` |
| R run | u32be n, n bytes of JSON (`job.py`), then the files one behind the other |
| I input | bytes for the program's standard input |
| E end of input | |
| K cancel | |
| A answer to a call | u32be call, u8 whether it is the last piece, JSON |
| T terminal's size | u16be rows, u16be columns |

| to the host | payload |
|---|---|
| h hello | JSON: what this container can do, once and first |
| s started | the program has been handed to its process |
| o e output | bytes of standard output and standard error, in the program's order |
| n needs input | |
| r report | a document of harness code |
| q call | u32be call, JSON: the program asks the host something |
| i inside | lines of JSON (`inside/_sandbox_told.py`), cut anywhere, right before `x` |
| x exit | JSON (`ending.py`): the program and all it started were ended, its output was sent |
| z reset | JSON (`room.py`): whether nothing is left of it |
| p pong | |
| ! broken | text: the runner cannot go on and ends |

Nothing but these frames is ever written to standard output. Bytes a program prints travel inside of
frames, so they can be no frame themselves.
"""

import json
import os
import struct

_HEADER = struct.Struct(">IBI")
_LENGTH = struct.Struct(">I")
_OVERHEAD = 5
_PIECE = 1 << 16
# The largest is a run: a MiB of files and as much of JSON at the very most.
_LONGEST = 16 << 20
# Above this the program is not listened to until the host has read.
_MUCH = 256 * 1024


class Closed(Exception):
    """The host is gone: nothing is left to do."""


class Broken(Exception):
    """The host said something that is no frame."""


class Link:
    """Both directions, without ever waiting."""

    def __init__(self, incoming=0, outgoing=1):
        self.incoming, self.outgoing = incoming, outgoing
        self._read, self._unsent = bytearray(), bytearray()
        os.set_blocking(incoming, False)
        os.set_blocking(outgoing, False)

    def receive(self):
        """The frames that have arrived: kind, run, payload."""
        try:
            piece = os.read(self.incoming, _PIECE)
        except BlockingIOError:
            return
        if not piece:
            raise Closed
        self._read += piece
        while len(self._read) >= 4:
            (length,) = _LENGTH.unpack_from(self._read)
            if not _OVERHEAD <= length <= _LONGEST:
                raise Broken(f"a frame of {length} bytes")
            if len(self._read) < 4 + length:
                return
            _, kind, run = _HEADER.unpack_from(self._read)
            payload = bytes(self._read[_HEADER.size : 4 + length])
            del self._read[: 4 + length]
            yield chr(kind), run, payload

    def send(self, kind, run, payload=b""):
        """Queues a frame; it leaves with `flush`."""
        self._unsent += _HEADER.pack(_OVERHEAD + len(payload), ord(kind), run)
        self._unsent += payload

    def send_json(self, kind, run, value):
        """Queues a frame of JSON."""
        self.send(kind, run, json.dumps(value).encode())

    def flush(self):
        """Writes what the host takes now."""
        while self._unsent:
            try:
                written = os.write(self.outgoing, self._unsent[:_PIECE])
            except BlockingIOError:
                return
            except BrokenPipeError:
                raise Closed from None
            del self._unsent[:written]

    @property
    def waits(self):
        """Whether something could not be sent yet."""
        return bool(self._unsent)

    @property
    def is_full(self):
        """Whether so much waits that nothing should be added."""
        return len(self._unsent) > _MUCH
