"""Arranges the memory image that every run starts from, so that a run touches little of it.

A page of the image costs a fault and a copy when it is first written. Two things write all over it
without need: reference counts of objects that live for ever, and small allocations that fill gaps
between them. The first is cured with the help of whoever stores the image: `roster` lists the
objects, and their counts are set to the value that CPython never changes. The second is cured by
filling the gaps now.
"""

import array
import gc
import types

# Found by `image.rs`, which must know the same words.
_MARK = b"helloagents: objects of the image\n"
_FOR_A_MOMENT = (types.FrameType, types.GeneratorType, types.CoroutineType, types.TracebackType)
# Freed when memory runs out, so it must be able to die.
_MORTAL = (bytearray,)
_BYTES_OVERHEAD, _CHUNK_OVERHEAD, _ALIGNMENT = 17, 4, 16
_LARGEST_GAP = 2048


def roster() -> bytes:
    """The mark, and for each object reachable now its address and its type's, as 32-bit numbers."""
    seen, pairs = set(), array.array("I")
    waiting = gc.get_objects()
    seen.update((id(seen), id(pairs), id(waiting)))
    while waiting:
        found = waiting.pop()
        if id(found) in seen or isinstance(found, _FOR_A_MOMENT):
            continue
        seen.add(id(found))
        if not isinstance(found, _MORTAL):
            pairs.extend((id(found), id(type(found))))
        waiting.extend(gc.get_referents(found))
        if isinstance(found, types.CodeType):  # the collector does not look into these
            waiting.extend(
                (found.co_consts, found.co_names, found.co_name, found.co_qualname,
                 found.co_filename, found.co_linetable, found.co_exceptiontable)
            )
    return _MARK + len(pairs).to_bytes(4, "little") + pairs.tobytes()


def fill_gaps() -> list:
    """Objects in all the small gaps of the heap; keep them, and new ones will lie side by side."""
    plugs = []
    for chunk in range(_LARGEST_GAP, 16, -_ALIGNMENT):
        in_a_row, last = 0, 0
        while in_a_row < 4:
            plug = bytes(chunk - _BYTES_OVERHEAD - _CHUNK_OVERHEAD)
            in_a_row = in_a_row + 1 if id(plug) - last == chunk else 0
            last = id(plug)
            plugs.append(plug)
    return plugs
