"""Values in a few words: their `repr`, made so that no value costs much.

A `repr` is written piece by piece and left off at its limit, so a list of ten million elements costs as
much as one of a hundred. The program's own `__repr__` is only called where the caller allows it:
while a program is recorded it must not run, because it may print, wait or change what it shows.
Then, and where there is none, an object is shown by its attributes.
"""

import array
import builtins
import collections
import itertools
import re
import sys
import types
from operator import itemgetter

from _sandbox_machine import LIBRARY

LONGEST = 200
_DEEPEST = 8
# A whole number beyond this takes long to be written in decimal, and Python refuses to.
_WIDEST_INT = 14_000
_SMALL = 10**18
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
# A program may replace any builtin; this file keeps those it began with.
__builtins__ = vars(builtins).copy()
_arguments = BaseException.args.__get__
_islice = itertools.islice
_lookup = type.__getattribute__
_cut_text = str.__getitem__


class _Full(Exception):
    """Enough was written."""


class _Text:
    """What is written so far."""

    __slots__ = ("parts", "left", "open", "asks")

    def __init__(self, asks):
        self.parts = []
        self.left = LONGEST
        self.open = []  # ids of the containers that are being written: one inside itself is `...`
        self.asks = asks

    def add(self, text):
        self.parts.append(text)
        self.left -= len(text)
        if self.left < 0:
            raise _Full


def short(value, asks: bool) -> str:
    """The value's `repr` in at most 200 characters, a cut one ending in `…`. `asks`: whether the
    program's own `__repr__` may be called."""
    text = _Text(asks)
    try:
        _write(text, value)
    except _Full:
        pass
    except BaseException as error:
        text.parts = [failed(error)]
    return fitting("".join(text.parts))


def failed(error) -> str:
    """What stands for a value whose own words could not be had."""
    return f"<repr failed: {type(error).__name__}>"


def fitting(text: str) -> str:
    """At most 200 characters, all of which can be sent."""
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + "…"
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    return text


def type_name(value) -> str:
    """The name of the value's type."""
    return fitting(_name(value))


def _name(value):
    return _lookup(type(value), "__name__")


def _write(out, value):
    kind = type(value)
    if kind is int and -_SMALL < value < _SMALL:
        out.add(repr(value))
        return
    write = _BY_TYPE.get(kind)
    if write is None:
        method = _lookup(kind, "__repr__")
        write = _BY_METHOD.get(method) or _other(kind, method)
    write(out, value)


def _other(kind, method):
    """How to write what has a `__repr__` of its own."""
    if type(method) is types.FunctionType:
        if "__dataclass_fields__" in kind.__dict__ and hasattr(method, "__wrapped__"):
            return _write_dataclass
        file = method.__code__.co_filename
        if file == collections.__file__ and issubclass(kind, tuple):
            return _write_named_tuple
        if file.startswith(LIBRARY):
            return _write_plain
    elif type(method) in _C_METHODS:
        return _write_plain
    return _write_asked


def _write_plain(out, value):
    text = repr(value)
    if " at 0x" in text:
        text = _ADDRESS.sub("", text)
    out.add(text)


def _write_asked(out, value):
    """The learner's own `__repr__`; how it fails is shown in its place."""
    if not out.asks:
        return _write_object(out, value)
    try:
        text = repr(value)
    except BaseException as error:
        text = failed(error)
    out.add(_cut_text(text, slice(0, LONGEST + 1)))


def _write_int(out, value):
    width = int.bit_length(value)
    if width > _WIDEST_INT:
        out.add(f"<int of {width} bits>")
    else:
        out.add(repr(value))


def _write_str(out, value):
    # One more than fits, so that a cut is seen as one.
    out.add(repr(_cut_text(value, slice(0, LONGEST + 1))))


def _write_bytes(out, value):
    out.add(repr(bytes.__getitem__(value, slice(0, LONGEST + 1))))


def _write_bytearray(out, value):
    out.add(repr(bytearray.__getitem__(value, slice(0, LONGEST + 1))))


def _items(out, opening, values, closing, write=_write):
    """Writes what `values` gives between two brackets."""
    out.add(opening)
    first = True
    for value in values:
        if first:
            first = False
        else:
            out.add(", ")
        write(out, value)
    out.add(closing)


def _container(write):
    """Keeps a writer from going in circles and too deep."""

    def guarded(out, value):
        mark = id(value)
        if mark in out.open or len(out.open) >= _DEEPEST:
            out.add("...")
            return
        out.open.append(mark)
        write(out, value)
        out.open.pop()

    return guarded


def _some(iterator):
    # Written down first: a `__repr__` may change the container it stands in.
    return list(_islice(iterator, LONGEST))


@_container
def _write_list(out, value):
    _items(out, "[", _some(list.__iter__(value)), "]")


@_container
def _write_tuple(out, value):
    closing = ",)" if tuple.__len__(value) == 1 else ")"
    _items(out, "(", _some(tuple.__iter__(value)), closing)


def _write_pair(out, pair):
    _write(out, pair[0])
    out.add(": ")
    _write(out, pair[1])


@_container
def _write_dict(out, value):
    _items(out, "{", _some(dict.items(value)), "}", _write_pair)


@_container
def _write_set(out, value):
    values = _some(set.__iter__(value))
    if type(value) is set and values:
        _items(out, "{", values, "}")
    else:
        name = _name(value)
        _items(out, name + "({", values, "})") if values else out.add(name + "()")


@_container
def _write_frozen_set(out, value):
    values = _some(frozenset.__iter__(value))
    name = _name(value)
    _items(out, name + "({", values, "})") if values else out.add(name + "()")


@_container
def _write_deque(out, value):
    closing = "])" if value.maxlen is None else f"], maxlen={value.maxlen})"
    _items(out, _name(value) + "([", _some(collections.deque.__iter__(value)), closing)


@_container
def _write_defaultdict(out, value):
    out.add(f"{_name(value)}({short(value.default_factory, False)}, ")
    _items(out, "{", _some(dict.items(value)), "})", _write_pair)


@_container
def _write_ordered(out, value):
    name = _name(value)
    pairs = _some(dict.items(value))
    _items(out, name + "({", pairs, "})", _write_pair) if pairs else out.add(name + "()")


@_container
def _write_counter(out, value):
    name = _name(value)
    pairs = _some(dict.items(value))
    try:
        if dict.__len__(value) <= len(pairs):
            pairs.sort(key=itemgetter(1), reverse=True)
    except TypeError:
        pass  # what is counted with cannot be ordered; Python leaves the order alone then, too
    _items(out, name + "({", pairs, "})", _write_pair) if pairs else out.add(name + "()")


@_container
def _write_view(out, value):
    _items(out, _name(value) + "([", _some(iter(value)), "])")


@_container
def _write_array(out, value):
    _items(out, f"array({value.typecode!r}, [", value[:LONGEST].tolist(), "])")


@_container
def _write_error(out, value):
    arguments = _arguments(value)
    _items(out, _name(value) + "(", _some(iter(arguments)), ")")


def _write_attribute(out, pair):
    out.add(f"{str(pair[0])[:LONGEST]}=")
    _write(out, pair[1])


@_container
def _write_dataclass(out, value):
    fields = [name for name, field in value.__dataclass_fields__.items() if field.repr]
    pairs = [(name, _attribute(value, name)) for name in fields]
    _items(out, _name(value) + "(", pairs, ")", _write_attribute)


@_container
def _write_named_tuple(out, value):
    pairs = zip(type(value)._fields, tuple.__iter__(value))
    _items(out, _name(value) + "(", pairs, ")", _write_attribute)


@_container
def _write_namespace(out, value):
    _items(out, "namespace(", _some(value.__dict__.items()), ")", _write_attribute)


@_container
def _write_object(out, value):
    """An object by its attributes: `<Dog name='Rex', age=3>`."""
    kind = type(value)
    name = _lookup(kind, "__name__")
    if str(_lookup(kind, "__module__")).partition(".")[0] in sys.stdlib_module_names:
        out.add(f"<{kind.__module__}.{name} object>")
        return
    pairs = _some(_attributes(value, kind))
    if pairs:
        _items(out, f"<{name} ", pairs, ">", _write_attribute)
    else:
        out.add(f"<{name}>")


def _attributes(value, kind):
    try:
        yield from object.__getattribute__(value, "__dict__").items()
    except AttributeError:
        pass
    for base in reversed(_lookup(kind, "__mro__")):
        for name, member in _lookup(base, "__dict__").items():
            if type(member) is types.MemberDescriptorType:
                try:
                    yield name, member.__get__(value)
                except AttributeError:
                    pass  # a slot nothing was put into yet


def _attribute(value, name):
    try:
        return object.__getattribute__(value, name)
    except AttributeError:
        return ...  # a field nothing was put into yet


def _write_function(out, value):
    out.add(f"<function {value.__qualname__}>")


def _write_method(out, value):
    out.add(f"<bound method {value.__func__.__qualname__}>")


_C_METHODS = (types.WrapperDescriptorType, types.MethodDescriptorType)
_BY_TYPE = {
    **dict.fromkeys((bool, type(None), float, complex, range, type(...)), _write_plain),
    int: _write_int,
    str: _write_str,
    bytes: _write_bytes,
    bytearray: _write_bytearray,
    list: _write_list,
    tuple: _write_tuple,
    dict: _write_dict,
    set: _write_set,
    types.FunctionType: _write_function,
    types.MethodType: _write_method,
}
_BY_METHOD = {
    object.__repr__: _write_object,
    int.__repr__: _write_int,
    str.__repr__: _write_str,
    list.__repr__: _write_list,
    tuple.__repr__: _write_tuple,
    dict.__repr__: _write_dict,
    set.__repr__: _write_set,
    frozenset.__repr__: _write_frozen_set,
    collections.deque.__repr__: _write_deque,
    collections.defaultdict.__repr__: _write_defaultdict,
    collections.OrderedDict.__repr__: _write_ordered,
    collections.Counter.__repr__: _write_counter,
    type({}.keys()).__repr__: _write_view,
    type({}.values()).__repr__: _write_view,
    type({}.items()).__repr__: _write_view,
    array.array.__repr__: _write_array,
    BaseException.__repr__: _write_error,
    types.SimpleNamespace.__repr__: _write_namespace,
}
