"""What the modules that engines share must know of this one: CPython in the WebAssembly engine.

A guest on another machine has a module of this name of its own; nothing else differs between them.
"""

import builtins
import io
import os
import sys
import time

from wit_world.imports import host, inside

__all__ = ["FOLDER", "Input", "LIBRARY", "LIBRARY_PATH", "OWN_FILES", "Output", "PACKAGES"]
__all__ += ["begin", "inside", "prepare", "wait_for_threads"]

# The program's folder, and where the library's, the lessons' packages' and the harness's own files seem to
# lie.
FOLDER = "/work/"
LIBRARY = "/python/"
PACKAGES = "/packages/"
OWN_FILES = (os.path.dirname(__file__) + "/_sandbox", PACKAGES)
# Modules of the library come out of memory, so nothing is searched behind the program's folder.
LIBRARY_PATH = ()
# A program may replace any builtin; this file keeps those it began with.
__builtins__ = vars(builtins).copy()
# The engine takes a few MiB in one call; in pieces, output streams also while a long text is printed.
_PIECE = 64 * 1024
_SENDS = {1: host.write_stdout, 2: host.write_stderr}


class Output(io.RawIOBase):
    """Hands bytes to the engine, which counts and caps them."""

    mode = "wb"

    def __init__(self, number, name):
        super().__init__()
        self.name = name
        self.send = _SENDS[number]

    def writable(self):
        return True

    def write(self, data):
        piece = bytes(data[:_PIECE])  # the wrapper above comes again for the rest
        self.send(piece)
        return len(piece)


class Input(io.RawIOBase):
    """Asks the engine for input; what was printed before must be visible by then."""

    mode = "rb"
    name = "<stdin>"

    def readable(self):
        return True

    def readinto(self, buffer):
        try:
            sys.stdout.flush()
        except (AttributeError, ValueError):
            pass  # the program replaced or closed its output
        data = host.read_stdin(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def prepare() -> None:
    """Does what every run needs and only a running engine allows."""
    sys.dont_write_bytecode = True
    sys.path_importer_cache.clear()
    os._exit = host.exit
    os.abort = lambda: host.exit(134)  # 128 + SIGABRT, as a shell shows it
    os.chdir(FOLDER.rstrip("/"))  # the folder is known by the very text


def begin() -> None:
    """A program starts. The clock of used processor time goes on from the build, so it is counted from
    here."""
    start = time.perf_counter_ns()
    time.process_time_ns = time.thread_time_ns = lambda: time.perf_counter_ns() - start
    time.process_time = time.thread_time = lambda: (time.perf_counter_ns() - start) / 1e9


def wait_for_threads() -> None:
    """A thread runs to its end when it is started, so none is left to wait for."""
