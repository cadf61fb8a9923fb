"""The guest's side of the sandbox: the component's one export, and `report` for harness code.

Everything at module level of the `_sandbox*` modules runs once, when the guest is built; the
result is stored as a memory image and every run starts from a copy of it. The names begin with an
underscore because a program can import them and they would hide its own files of the same name.
"""

import gc
import os
import sys

import _sandbox_stdlib  # first: it reads the standard library while the builder shows it
import _sandbox_errors  # noqa: F401
import _sandbox_image
import _sandbox_machine
import _sandbox_zones  # noqa: F401
import _sandbox_streams
import _sandbox_tasks
import _sandbox_threads
import _sandbox_program
import wit_world
from wit_world.imports import host

__all__ = ["report"]

_LONGEST_REPORT = 1 << 20


def report(text: str) -> None:
    """Sends one JSON document to whoever started this run, beside everything that is printed."""
    if not isinstance(text, str):
        raise TypeError(f"report() argument must be str, not {type(text).__name__}")
    if len(text) > _LONGEST_REPORT:
        raise ValueError(f"report() takes at most {_LONGEST_REPORT} characters")
    text.encode()  # half a character is this program's error and not the engine's
    sys.stdout.flush()  # what was printed before the report arrives before it
    host.report(text)


class WitWorld(wit_world.WitWorld):
    """The component's exports; the builder looks for a class of this name."""

    def prepare(self) -> None:
        _sandbox_stdlib.install()
        _sandbox_machine.prepare()
        # Not into the image: the component's start empties the environment.
        os.environ.update(_sandbox_program.PLACEHOLDERS)
        _sandbox_streams.rehearse(_sandbox_program.warm_up)
        _sandbox_streams.install()

    def run(self, job: wit_world.Job) -> int:
        return _sandbox_program.run(job)


_sandbox_streams.rehearse(_sandbox_program.rehearse)
sys.path_importer_cache.clear()
# Garbage from the build must not be collected again in every run, so it is collected now and
# what is left is taken out of the collector's sight.
gc.collect()
_image = (_sandbox_image.roster(), _sandbox_image.fill_gaps())  # must stay alive until the image is stored
gc.freeze()
