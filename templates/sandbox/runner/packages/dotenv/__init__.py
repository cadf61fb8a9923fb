"""Stands in for `python-dotenv`: settings from a file `.env` beside the program.

Agents read the address and the key of their model this way. Here the sandbox has put placeholders where
those would be, and a `.env` changes the program's own environment and nothing else.
"""

import os
import re

__all__ = ["dotenv_values", "find_dotenv", "get_key", "load_dotenv"]

# Blanks within a line; a value in quotes may go over several.
_LINE = re.compile(
    r"""[^\S\r\n]*(?:export[^\S\r\n]+)?(?P<key>[^\s=#'"]+)[^\S\r\n]*"""
    r"""(?:=[^\S\r\n]*(?P<value>'(?:\\'|[^'])*'|"(?:\\.|[^"\\])*"|[^#\r\n]*))?"""
)
_NAME = re.compile(r"\$\{(?P<name>[^}:]+)(?::-(?P<default>[^}]*))?\}")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def load_dotenv(dotenv_path=None, stream=None, verbose=False, override=False, interpolate=True, encoding="utf-8"):
    """Puts what a `.env` says into `os.environ`; says whether it said anything. What is set already stays,
    unless `override`."""
    values = dotenv_values(dotenv_path, stream, verbose, interpolate, encoding)
    for key, value in values.items():
        if value is not None and (override or key not in os.environ):
            os.environ[key] = value
    return bool(values)


def dotenv_values(dotenv_path=None, stream=None, verbose=False, interpolate=True, encoding="utf-8"):
    """What a `.env` says, as a dictionary; empty when there is none."""
    values = {}
    for key, value, is_literal in _read(_text(dotenv_path, stream, encoding)):
        if interpolate and value is not None and not is_literal:
            value = _NAME.sub(lambda found: _looked_up(found, values), value)
        values[key] = value
    return values


def find_dotenv(filename=".env", raise_error_if_not_found=False, usecwd=False):
    """The path of the `.env` in the program's folder, or an empty text."""
    path = os.path.join(os.getcwd(), filename)
    if os.path.isfile(path):
        return path
    if raise_error_if_not_found:
        raise IOError("File not found")
    return ""


def get_key(dotenv_path, key_to_get, encoding="utf-8"):
    """One value of a `.env`, or None."""
    return dotenv_values(dotenv_path, encoding=encoding).get(key_to_get)


def _text(path, stream, encoding):
    if stream is not None:
        return stream.read()
    path = path or find_dotenv()
    try:
        with open(path, encoding=encoding) as file:
            return file.read()
    except (FileNotFoundError, IsADirectoryError):
        return ""


def _read(text):
    """Key, value and whether the value stood in single quotes, which keep everything as it is. A line that
    says nothing is left out, as the original does."""
    place = 0
    while place < len(text):
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        found = None if text[place:end].lstrip()[:1] in ("#", "") else _LINE.match(text, place)
        place = end + 1
        if found is None:
            continue
        value = found["value"]
        place = max(place, text.find("\n", found.end()) + 1 or len(text))
        if value is None:
            yield found["key"], None, True
        elif value[:1] == "'" and value[-1:] == "'" and len(value) > 1:
            yield found["key"], value[1:-1].replace("\\'", "'"), True
        elif value[:1] == '"' and value[-1:] == '"' and len(value) > 1:
            yield found["key"], re.sub(r"\\(.)", lambda e: _ESCAPES.get(e[1], e[1]), value[1:-1]), False
        else:
            yield found["key"], value.strip(), False


def _looked_up(found, values):
    name = found["name"]
    value = values.get(name, os.environ.get(name))
    return value if value is not None else found["default"] or ""
