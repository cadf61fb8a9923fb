"""Calls of the program to whoever started it: `ask` waits, `ask_async` lets other tasks run, `tell` does
not want to know.

Each call is a connection of its own, so threads may ask at the same time. What is asked and answered are
JSON documents that only the modules above this one understand.
"""

import asyncio
import atexit
import json
import sys
import threading

import _sandbox_line

__all__ = ["ask", "ask_async", "tell"]

_LONGEST = 1 << 20
# How long the end of a program waits until the last thing it told has been heard.
_LAST_WORDS_SECONDS = 1.0
_telling = threading.Lock()
_told = None


def _request(name, payload):
    request = json.dumps({"name": name, "payload": payload}, ensure_ascii=False, allow_nan=False)
    document = request.encode()
    if len(document) > _LONGEST:
        raise ValueError("what is asked is larger than 1 MiB")
    return document


def tell(name, payload):
    """Asks without waiting. The line is closed by the next one: whatever was told is heard in its order,
    so only the program's last words have to be waited for."""
    global _told
    line = _sandbox_line.call(_request(name, payload))
    with _telling:
        before, _told = _told, line
    if before is None:
        atexit.register(_end_telling)
    else:
        before.close()


def _end_telling():
    with _told:
        _told.settimeout(_LAST_WORDS_SECONDS)
        try:
            _sandbox_line.next_answer(_told)
        except OSError:
            pass  # nobody listens


def ask(name, payload):
    """The pieces of the answer, one after the other. Only this thread waits for them."""
    line = _ask(name, payload)
    return _read(line)


def _ask(name, payload):
    document = _request(name, payload)
    sys.stdout.flush()  # what was printed before is seen while the program waits
    return _sandbox_line.call(document)


def _read(line):
    with line:
        is_last = False
        while not is_last:
            answer = _sandbox_line.next_answer(line)
            if answer is None:
                raise ConnectionError("whoever started this program answers no more")
            text, is_last = answer
            yield json.loads(text)


async def ask_async(name, payload):
    """The same for `async for`: other tasks run meanwhile."""
    line = _ask(name, payload)
    line.setblocking(False)
    loop = asyncio.get_running_loop()
    with line:
        is_last = False
        while not is_last:
            header = await _exactly(loop, line, _sandbox_line.ANSWER.size)
            length, is_last = _sandbox_line.ANSWER.unpack(header)
            yield json.loads(await _exactly(loop, line, length))


async def _exactly(loop, line, length):
    data = bytearray()
    while len(data) < length:
        piece = await loop.sock_recv(line, length - len(data))
        if not piece:
            raise ConnectionError("whoever started this program answers no more")
        data += piece
    return bytes(data)
