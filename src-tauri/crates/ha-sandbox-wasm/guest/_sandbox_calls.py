"""Calls of the program to whoever started it: `ask` waits, `ask_async` lets other tasks run, `tell` does
not want to know.

The engine hands over answers in their order, whosoever they are; here each finds its call. What is
asked and answered are JSON documents that only the modules above this one understand.
"""

import asyncio
import json
import math
import sys
from collections import deque

from wit_world.imports import host

__all__ = ["ask", "ask_async", "tell"]

_LONGEST = 1 << 20
# By call: the pieces that came and nobody has read, and who is to be woken by the next one.
_pieces = {}
_sleepers = {}


def _request(name, payload):
    request = json.dumps({"name": name, "payload": payload}, ensure_ascii=False, allow_nan=False)
    if len(request.encode()) > _LONGEST:
        raise ValueError("what is asked is larger than 1 MiB")
    return request


def tell(name, payload):
    """Asks without waiting; whoever reads the next answer passes over the one to this."""
    host.call(_request(name, payload))


def _begin(name, payload):
    request = _request(name, payload)
    sys.stdout.flush()  # what was printed before is seen while the program waits
    number = host.call(request)
    _pieces[number] = deque()
    return number


def take(patience):
    """Waits for one piece of any answer, `patience` seconds at most or for ever with None.

    Says whether there was one; the event loop calls it where it would sleep.
    """
    answer = host.next_answer(None if patience is None else max(0, math.ceil(patience * 1000)))
    if answer is None:
        return False
    waiting = _pieces.get(answer.id)
    if waiting is not None:  # else its program has given up on it
        waiting.append((json.loads(answer.text), answer.is_last))
        sleeper = _sleepers.pop(answer.id, None)
        if sleeper is not None and not sleeper.done():
            sleeper.set_result(None)
    return True


def is_asked():
    """Whether a task sleeps until an answer comes."""
    return bool(_sleepers)


def ask(name, payload):
    """The pieces of the answer, one after the other. Nothing else runs while one is waited for."""
    number = _begin(name, payload)
    return _read(number)


def _read(number):
    pieces, is_last = _pieces[number], False
    try:
        while not is_last:
            while not pieces:
                if not take(None):
                    raise ConnectionError("whoever started this program answers no more")
            piece, is_last = pieces.popleft()
            yield piece
    finally:
        del _pieces[number]


async def ask_async(name, payload):
    """The same for `async for`: other tasks run meanwhile."""
    number = _begin(name, payload)
    pieces, is_last = _pieces[number], False
    try:
        while not is_last:
            while not pieces:
                sleeper = _sleepers[number] = asyncio.get_running_loop().create_future()
                await sleeper
            piece, is_last = pieces.popleft()
            yield piece
    finally:
        _sleepers.pop(number, None)
        del _pieces[number]
