"""The library that programs find loaded: what lessons import, at no cost for the run that does.

Each module costs every container some memory, so what is large and rare stays out.
"""

import importlib
import sys

_MODULES = """
abc array asyncio base64 bisect collections.abc concurrent.futures.thread contextlib copy csv dataclasses
datetime enum functools heapq inspect io itertools json logging math operator pathlib queue random re string
struct subprocess tempfile textwrap threading time traceback types typing warnings weakref
"""


def load():
    """Imports all of it."""
    # asyncio takes encryption along where there is some: two MiB for a network that is not there. A
    # program may still import it.
    sys.modules["ssl"] = None
    for name in _MODULES.split():
        importlib.import_module(name)
    del sys.modules["ssl"]
