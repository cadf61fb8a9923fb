"""The time zones of the world for `zoneinfo`, which elsewhere reads them from the system.

They are taken from the package `tzdata` when the guest is built, and kept in one compressed piece: 600
names for 350 different tables, 92 KB.
"""

import io
import os
import zlib
import zoneinfo
from zoneinfo import _common, _tzpath

_FOLDER = os.path.join(os.path.dirname(__file__), "tzdata", "zoneinfo")


def _read_zones():
    """Names with the place of their table, and all tables in one compressed piece."""
    tables, names = {}, {}
    for folder, subfolders, files in os.walk(_FOLDER):
        subfolders.sort()  # two builds of the same inputs are alike
        for file in sorted(files):
            path = os.path.join(folder, file)
            with open(path, "rb") as stream:
                table = stream.read()
            if table.startswith(b"TZif"):
                names[os.path.relpath(path, _FOLDER)] = table
                tables.setdefault(table, 0)
    end = 0
    for table in tables:
        tables[table] = end
        end += len(table)
    if not names:
        raise RuntimeError("the guest is built without time zones")
    places = {name: (tables[table], len(table)) for name, table in names.items()}
    return places, zlib.compress(b"".join(tables), 9)


_places, _packed = _read_zones()


def _load_zone(key):
    if key not in _places:
        raise _common.ZoneInfoNotFoundError(f"No time zone found with key {key}")
    start, length = _places[key]
    return io.BytesIO(zlib.decompress(_packed)[start : start + length])


def _available():
    """The names of all time zones."""
    return {name for name in _places if name not in ("Factory", "localtime")}


_common.load_tzdata = _load_zone
zoneinfo.available_timezones = _tzpath.available_timezones = _available
