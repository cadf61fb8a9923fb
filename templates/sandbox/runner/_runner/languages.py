"""Programs in other languages: the same walls and pipes, another program than Python.

Whether a language is there is a question of the image. Its own files lie in the program's folder; what it
prints and reads goes through the same pipes. Variables and steps are shown for Python only.
"""

import glob
import os

_PROGRAMS = {"javascript": "/usr/bin/node", "go": "/usr/lib/go-*/bin/go"}
_BUILT = "/work/.program"


def _find():
    found = {name: glob.glob(pattern) for name, pattern in _PROGRAMS.items()}
    return {name: paths[-1] for name, paths in found.items() if paths}


# By language: its program in this image.
_present = _find()


def present():
    """The languages that this image can run."""
    return ["python", *_present]


def become(job):
    """Becomes the job's program; returns only by an error."""
    program = _present[job.language]
    if job.language == "javascript":
        # Node reserves far more address space than it uses, so its own limit replaces the data limit.
        megabytes = max(job.memory_bytes >> 20, 64) // 2
        os.execv(program, [program, f"--max-old-space-size={megabytes}", job.entry, *job.args])
    _build_go(program, job.entry)
    _execute_from_memory(_BUILT, job.args)


def _build_go(program, entry):
    # All files of the package; the rest of the library is in the image, compiled. What is linked without
    # its tables for a debugger is at most 6 MB, with all of net/http; so the build fits into `/tmp`, and
    # its result into the program's folder, which have 10 MB each, as for every language.
    folder = os.path.dirname(entry)
    sources = [path for path in glob.glob(os.path.join(folder, "*.go")) if not path.endswith("_test.go")]
    environment = os.environ | {"GOCACHE": "/tmp/go", "GO111MODULE": "off"}
    arguments = [program, "build", "-p", "1", "-ldflags=-s -w", "-o", _BUILT, *sorted(sources)]
    if os.spawnve(os.P_WAIT, program, arguments, environment):
        os._exit(1)  # it has said what is wrong


def _execute_from_memory(path, arguments):
    """The program's folder does not let anything be executed from it; memory does."""
    program = os.memfd_create("program", os.MFD_CLOEXEC)
    with open(path, "rb") as file:
        while os.sendfile(program, file.fileno(), None, 1 << 20):
            pass
    os.unlink(path)
    os.execve(program, ["program", *arguments], os.environ)
