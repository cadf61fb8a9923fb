"""The library that programs find loaded: what lessons import, at no cost for the run that does.

Each module costs every container some memory, so what is large and rare stays out.
"""

import atexit
import builtins
import importlib
import logging
import os
import sys

import _sandbox_program

# A program may replace any builtin, and what runs at its end is here.
__builtins__ = vars(builtins).copy()
_MODULES = """
abc array asyncio base64 bisect collections.abc concurrent.futures.thread contextlib copy csv dataclasses
datetime enum functools heapq inspect io itertools json logging math operator pathlib queue random re string
struct subprocess tempfile textwrap threading time traceback types typing warnings weakref
"""


def load():
    """Imports all of it, and puts what agents look for into the environment."""
    os.environ.update(_sandbox_program.PLACEHOLDERS)
    # asyncio takes encryption along where there is some: two MiB for a network that is not there. A
    # program may still import it.
    sys.modules["ssl"] = None
    for name in _MODULES.split():
        importlib.import_module(name)
    del sys.modules["ssl"]
    atexit.unregister(logging.shutdown)
    atexit.register(_end_logging)


def _end_logging():
    # One handler is the library's own. Without others there is nothing to flush, and thirty pages need not
    # be copied for it.
    if len(logging._handlerList) > 1:
        logging.shutdown()
