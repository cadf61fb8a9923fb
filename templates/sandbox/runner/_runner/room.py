"""Leaves the container as it was before a program: no process, no file, nothing shared.

What the host learns (`z`), as JSON:

```text
quiet    whether all of it was verified; a container that is not quiet must not be used again
reason   why it is not, in English
calm     whether the program ended by itself and left no process behind
reaped   processes that were ended
files    entries that were removed
micros   microseconds all of it took
```

Killing everybody and emptying folders is only ever done as the first process of a container with a
read-only root: anywhere else it would end the session, and take the files, of whoever tries the runner out.
"""

import ctypes
import os
import signal
import time

# Everything a program may write to in a container with a read-only root.
FOLDERS = (b"/work", b"/tmp", b"/dev/shm", b"/dev/mqueue")
# How large the first two are, and in what pieces they are given.
_FOLDER_BYTES, _BLOCK = 10 << 20, 4096
_SHARED = {"shm": "shmctl", "sem": "semctl", "msg": "msgctl"}
_REMOVE = 0  # IPC_RMID
# Processes of `docker exec` are not this one's children, so they are gone a moment later.
_ROUNDS, _PAUSE_SECONDS = 50, 0.002
# A container whose room takes longer is replaced: a new one is there sooner.
_PATIENCE_SECONDS = 0.3
_libc = ctypes.CDLL(None)


def _is_at_home():
    return os.getpid() == 1 and bool(os.statvfs("/").f_flag & os.ST_RDONLY)


# Whether all processes and all folders around this one are its own to clear.
AT_HOME = _is_at_home()


def end_everybody(group):
    """Kills all processes, or out of a container the group of the program (0: there is none). Says whether
    there was anybody; does not wait."""
    try:
        if AT_HOME:
            os.kill(-1, signal.SIGKILL)
        elif group:
            os.killpg(group, signal.SIGKILL)
        else:
            return False
    except (ProcessLookupError, PermissionError):
        return False
    return True


def clear_processes(group):
    """Ends everybody and waits until nobody is left. Gives how many there were, and whether it worked."""
    reaped = 0
    for turn in range(_ROUNDS):
        if not end_everybody(group):
            return reaped, True
        reaped += _reap()
        if turn:
            time.sleep(_PAUSE_SECONDS)
    return reaped, False


def _reap():
    reaped = 0
    try:
        while True:
            os.waitpid(-1, 0)
            reaped += 1
    except ChildProcessError:
        return reaped


def wipe(folder, deadline):
    """Empties a folder; gives the number of entries removed, none when some could not be.

    Directories found inside of others are moved up and emptied there: so neither depth nor length of a
    path matters, and nothing is followed out of the folder.
    """
    removed = moved = 0
    while True:
        try:
            entries = list(os.scandir(folder))
        except FileNotFoundError:
            return removed
        except OSError:
            return None
        if not entries:
            return removed
        before = removed + moved
        for entry in entries:
            if time.monotonic() > deadline:
                return None
            if not entry.is_dir(follow_symlinks=False):
                removed += _gone(os.unlink, entry.path)
                continue
            if _gone(os.rmdir, entry.path):
                removed += 1
                continue
            _gone(os.chmod, entry.path, 0o700)
            for inner in _entries(entry.path):
                if not inner.is_dir(follow_symlinks=False):
                    removed += _gone(os.unlink, inner.path)
                elif _gone(os.rmdir, inner.path):
                    removed += 1
                else:
                    _gone(os.chmod, inner.path, 0o700)
                    moved += _gone(os.rename, inner.path, b"%s/.moved-%d" % (folder, moved))
        if removed + moved == before:
            return None


def ballast(job):
    """Holds what a program may not fill of the folders it may write to; gives the descriptors.

    The folders' size is their container's. A file without a name, open here only, takes the rest: no
    program sees it or can remove it.
    """
    held = []
    if not AT_HOME or job.disk_bytes is None or job.disk_bytes >= _FOLDER_BYTES:
        return held
    own = sum(-(-len(content) // _BLOCK) * _BLOCK for _, content, _ in job.files)
    for folder, given in ((b"/work", own), (b"/tmp", 0)):
        rest = _FOLDER_BYTES - job.disk_bytes - given
        if rest > 0:
            held.append(os.open(folder, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600))
            os.posix_fallocate(held[-1], 0, rest)
    return held


def _entries(folder):
    try:
        return list(os.scandir(folder))
    except OSError:
        return ()


def _gone(action, *arguments):
    try:
        action(*arguments)
    except OSError:
        return 0
    return 1


def _remove_shared():
    """Removes what is shared by key; gives whether there is nothing of it any more."""
    for kind, control in _SHARED.items():
        try:
            with open(f"/proc/sysvipc/{kind}", "rb", 0) as table:
                rows = table.read(1 << 16).splitlines()[1:]
        except OSError:
            continue  # a kernel without it has nothing to remove
        for row in rows:
            identity = int(row.split()[1])
            arguments = (identity, 0, _REMOVE) if kind == "sem" else (identity, _REMOVE, None)
            if getattr(_libc, control)(*arguments):
                return False
    return True


def reset(levers, reaped, left_nobody, calm):
    """Cleans and verifies; gives what the host is told. Processes are gone by now."""
    begun = time.monotonic()
    reason = None if left_nobody else "processes could not be ended"
    if not AT_HOME:
        reason = "this is not a container of its own"
    files = 0
    for folder in FOLDERS if AT_HOME else ():
        removed = wipe(folder, begun + _PATIENCE_SECONDS)
        if removed is None:
            reason = reason or f"{folder.decode()} could not be emptied"
        files += removed or 0
    if AT_HOME and not _remove_shared():
        reason = reason or "shared memory could not be removed"
    if not levers.are_untouched():
        reason = reason or "the runner's own limits were changed"
    return {
        "quiet": reason is None,
        "reason": reason,
        "calm": calm and reaped == 0,
        "reaped": reaped,
        "files": files,
        "micros": int((time.monotonic() - begun) * 1e6),
    }
