"""What harness code may ask of the sandbox; the same module that the embedded engine has."""

import sys

import _sandbox_line

__all__ = ["report"]

_LONGEST_REPORT = 1 << 20


def report(text: str) -> None:
    """Sends one JSON document to whoever started this run, beside everything that is printed."""
    if not isinstance(text, str):
        raise TypeError(f"report() argument must be str, not {type(text).__name__}")
    if len(text) > _LONGEST_REPORT:
        raise ValueError(f"report() takes at most {_LONGEST_REPORT} characters")
    document = text.encode()
    sys.stdout.flush()  # what was printed before the report arrives before it
    _sandbox_line.tell(_sandbox_line.REPORT, document)
