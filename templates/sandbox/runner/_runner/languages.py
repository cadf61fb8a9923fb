"""Programs in other languages: the same walls and pipes, another program than Python.

Whether a language is there is a question of the image. Its own files lie in the program's folder; what it
prints and reads goes through the same pipes. Variables and steps are shown for Python only.
"""

import os

_NODE = "/usr/bin/node"
_GO = "/usr/lib/go/bin/go"
_BUILT = "/work/.program"


def present():
    """The languages that this image can run."""
    known = {"javascript": _NODE, "go": _GO}
    return ["python", *(name for name, program in known.items() if os.access(program, os.X_OK))]


def become(job):
    """Becomes the job's program; returns only by an error."""
    if job.language == "javascript":
        # Node reserves far more address space than it uses, so its own limit replaces the data limit.
        megabytes = max(job.memory_bytes >> 20, 64) // 2
        _execute(_NODE, f"--max-old-space-size={megabytes}", job.entry, *job.args)
    if job.language == "go":
        _build_go(job.entry)
        _execute_from_memory(_BUILT, job.args)
    raise ValueError(f"unknown language {job.language}")


def _execute(program, *arguments):
    os.execv(program, [program, *arguments])


def _build_go(entry):
    environment = os.environ | {"GOFLAGS": "-mod=mod", "GOCACHE": "/tmp/go", "GO111MODULE": "off"}
    arguments = [_GO, "build", "-o", _BUILT, entry]
    status = os.spawnve(os.P_WAIT, _GO, arguments, environment)
    if status:
        os._exit(1)


def _execute_from_memory(path, arguments):
    """The program's folder does not let anything be executed from it; memory does."""
    program = os.memfd_create("program", os.MFD_CLOEXEC)
    with open(path, "rb") as file:
        while os.sendfile(program, file.fileno(), None, 1 << 20):
            pass
    os.unlink(path)
    os.execve(program, ["program", *arguments], os.environ)
