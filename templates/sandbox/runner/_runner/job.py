"""What the host asks to be run. The host has checked all of it; what cannot be read is its fault.

The JSON of a run:

```text
language    "python", "javascript" or "go"
entry       path of the file that runs
before      texts of Python that run first, in the names of that file, unheard
args        what follows it on the command line
files       [{"path", "size", "read_only"}], in the order of the bytes behind the JSON
stdin       "text": all of it follows at once; "interactive": somebody answers
wall_ms     milliseconds until the program is stopped
memory_bytes, output_bytes
disk_bytes  what may be written into each folder; more than a folder holds is as much as it holds
seed        of `random`, or null
inspect     "nothing", "variables" or "steps"
pty         {"rows", "columns"}: a shell on a terminal instead of a program; or null
```
"""

import json
import struct

_LENGTH = struct.Struct(">I")


class Job:
    """One run as it was asked for."""

    def __init__(self, payload):
        (length,) = _LENGTH.unpack_from(payload)
        asked = json.loads(payload[4 : 4 + length])
        self.language = asked.get("language", "python")
        self.entry = asked.get("entry", "")
        self.before = asked.get("before", [])
        self.args = asked.get("args", [])
        self.is_interactive = asked.get("stdin") == "interactive"
        self.wall = asked.get("wall_ms", 0) / 1000
        self.memory_bytes = asked.get("memory_bytes", 0)
        self.output_bytes = asked.get("output_bytes", 0)
        self.disk_bytes = asked.get("disk_bytes")
        self.seed = asked.get("seed")
        self.inspect = asked.get("inspect", "nothing")
        self.pty = asked.get("pty")
        self.files = []
        start = 4 + length
        for file in asked.get("files", ()):
            end = start + file["size"]
            self.files.append((file["path"], payload[start:end], file.get("read_only", False)))
            start = end

    @property
    def source(self):
        """The bytes of the entry."""
        return next(content for path, content, _ in self.files if path == self.entry)

    @property
    def records(self):
        """Whether steps are recorded."""
        return self.inspect == "steps"

    @property
    def shows(self):
        """Whether variables are shown at the end."""
        return self.inspect != "nothing"

    @property
    def modules(self):
        """Names that the files beside the entry have as modules."""
        folder = self.entry.rpartition("/")[0]
        prefix = folder + "/" if folder else ""
        rests = [path[len(prefix) :] for path, _, _ in self.files if path.startswith(prefix)]
        return {rest.partition("/")[0].removesuffix(".py") for rest in rests}


def _sample():
    asked = {"entry": "main.py", "args": [], "files": [{"path": "main.py", "size": 0, "read_only": False}]}
    asked |= {"stdin": "text", "wall_ms": 1000, "seed": None, "inspect": "nothing", "pty": None}
    text = json.dumps(asked).encode()
    return _LENGTH.pack(len(text)) + text


# A run that is never made: reading it prepares a process for reading another one.
SAMPLE = _sample()
