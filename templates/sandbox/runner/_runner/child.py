"""The process that becomes a program: forked ahead, it waits for a job and never comes back.

Everything that does not depend on the job is done before it comes. The job arrives over the pipe that is
the program's standard input afterwards; its bytes were read to the last one by then.
"""

import builtins
import os
import struct
import sys
import time

import _sandbox  # noqa: F401  (programs import these two; their folder is out of sight by then)
import _sandbox_calls  # noqa: F401
import _sandbox_machine
import _sandbox_program
import _sandbox_streams
import _sandbox_told
from _runner import languages, room, terminal, walls
from _runner.job import SAMPLE, Job

FOLDER = "/work"
_LENGTH = struct.Struct(">I")
_MOST_DESCRIPTORS = 4096
# What the operating system's own shell says of a program that could not be started.
_NOT_STARTED = 126
# A program may replace any builtin, and still deserves a proper end.
__builtins__ = vars(builtins).copy()
_exit, _close_all, _sleep, _say_done = os._exit, os.closerange, time.sleep, _sandbox_told.say_done
# The runner ends this process at once, unless others that the program has started still hold its outputs.
_LEAVING_SECONDS = 0.01


def package(payload):
    """A job's payload as it goes through the pipe."""
    return _LENGTH.pack(len(payload)) + payload


def live(incoming, outgoing, errors, page):
    """Waits for a job on `incoming` and runs it. Never returns."""
    try:
        os.setsid()
        _take_places(incoming, outgoing, errors)
        os.chdir(FOLDER)
        walls.around_program()
        # Pages that every program writes to are copied now, while nobody waits for them.
        _sandbox_streams.rehearse(_sandbox_program.warm_up)
        _rehearse(Job(SAMPLE), page)
        job = Job(_read(*_LENGTH.unpack(_read(_LENGTH.size))))
        _sandbox_streams.install()
        _prepare(job, page)
    except EOFError:
        code = 0  # the runner needs no program any more
    except BaseException as error:
        code = _NOT_STARTED
        _sandbox_told.say_not_begun(page, f"{type(error).__name__}: {error}")
    else:
        code = _run(job)
        _leave(page, code)
    _exit(code)


def _leave(page, code):
    """Says that all is done and lets go of everything, so that nobody waits for the end of this process:
    the system takes longer to give its memory back than many a program to run."""
    try:
        _say_done(page, code)
        _close_all(0, _MOST_DESCRIPTORS)
        _sleep(_LEAVING_SECONDS)
    except BaseException:
        pass  # then the runner sees the process end


def _rehearse(job, page):
    """Does with a job that nobody made what is done with every one."""
    job.modules
    if room.AT_HOME:
        _prepare(job, page)
        os.unlink(job.entry)


def live_on_terminal(terminal_end, payload, page):
    """Becomes a shell on a terminal, with the job's files. Never returns."""
    try:
        os.setsid()
        _take_places(terminal_end, terminal_end, terminal_end)
        os.chdir(FOLDER)
        walls.around_program()
        job = Job(payload)
        lay_out(job.files)
        terminal.become_shell()
    except BaseException as error:
        _sandbox_told.say_not_begun(page, f"{type(error).__name__}: {error}")
    _exit(_NOT_STARTED)


def _take_places(*ends):
    # Copies first: an end may have the number of another one's place.
    copies = [os.dup(end) for end in ends]
    for place, copy in enumerate(copies):
        os.dup2(copy, place, inheritable=True)
    os.closerange(len(ends), _MOST_DESCRIPTORS)


def _read(length):
    data = bytearray()
    while len(data) < length:
        piece = os.read(0, length - len(data))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)


def _run(job):
    try:
        if job.language != "python":
            languages.become(job)
        return _sandbox_program.run(job)
    except BaseException:
        # The program has taken the harness apart; what it printed is out.
        return 1


def _prepare(job, page):
    if job.language not in languages.present():
        raise ValueError(f"this image has no {job.language}")
    lay_out(job.files)
    if job.memory_bytes and job.language == "python":
        walls.limit_memory(job.memory_bytes)
    _protect([os.path.join(FOLDER, path) for path, _, read_only in job.files if read_only])
    _sandbox_machine.Input.is_interactive = job.is_interactive
    _sandbox_machine.Output.counts = job.records
    _sandbox_told.open_page(page, lambda: _sandbox_machine.Output.printed)


def lay_out(files):
    """Writes the job's files into the program's folder."""
    for path, content, read_only in files:
        folder = os.path.dirname(path)
        if folder:
            os.makedirs(folder, exist_ok=True)
        mode = 0o444 if read_only else 0o644
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
        try:
            view = memoryview(content)
            while view:
                view = view[os.write(file, view) :]
        finally:
            os.close(file)


# Of each event: where in its arguments a path stands that would change, and the folder it is relative to.
_CHANGES = {
    "os.remove": ((0, 1),), "os.rmdir": ((0, 1),), "os.rename": ((0, 2), (1, 3)), "os.link": ((1, 3),),
    "os.symlink": ((1, 2),), "os.truncate": ((0, None),), "os.chmod": ((0, 2),), "os.chown": ((0, 3),),
    "os.utime": ((0, 3),),
}


def _protect(paths):
    """Refuses to remove, rename or change these files, and to take away the folders they lie in.

    The files belong to the program's own user, so this is a rule for a lesson's data and no wall: a
    program that insists gets around it, and the next one finds its own files anyway.
    """
    if not paths:
        return
    kept = set(paths)
    for path in paths:
        while len(path := os.path.dirname(path)) > len(FOLDER):
            kept.add(path)
    absolute, join, decode, read_link = os.path.abspath, os.path.join, os.fsdecode, os.readlink

    def refuse(event, arguments):
        for path_at, folder_at in _CHANGES.get(event, ()):
            path = arguments[path_at]
            if isinstance(path, int):
                continue  # a descriptor; of these files it can only be one for reading
            folder = -1 if folder_at is None else arguments[folder_at]
            base = read_link(f"/proc/self/fd/{folder}") if folder >= 0 else ""
            if absolute(join(base, decode(path))) in kept:
                raise PermissionError(13, "Permission denied", path)

    sys.addaudithook(refuse)
