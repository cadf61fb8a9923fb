"""A filter of system calls for programs: what Docker's own filter leaves open in some of its versions,
and what no lesson needs. A call that is refused gives the error it gives without the privilege for it.

The filter is a program of the kernel's small machine (seccomp-BPF). It is built here by hand, because a
library for it would be larger than the whole runner.
"""

import ctypes
import errno
import os
import struct

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
# Offsets into what the kernel shows of a call: number, machine, arguments of eight bytes each.
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, 16
_X32 = 0x40000000
_NAMESPACES = 0x7E020080  # every CLONE_NEW… flag
_INPUT_FAKING = 0x5412  # TIOCSTI

# Names, then the number on x86-64 and on 64-bit ARM; none where there is no such call.
_CALLS = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kcmp": (312, 272), "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "userfaultfd": (323, 282), "perf_event_open": (298, 241), "bpf": (321, 280),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "shmget": (29, 194), "shmctl": (31, 195), "shmat": (30, 196), "shmdt": (67, 197),
    "semget": (64, 190), "semctl": (66, 191), "semtimedop": (220, 192), "semop": (65, 193),
    "msgget": (68, 186), "msgctl": (71, 187), "msgrcv": (70, 188), "msgsnd": (69, 189),
    "mq_open": (240, 180), "mq_unlink": (241, 181), "mq_timedsend": (242, 182),
    "mq_timedreceive": (243, 183), "mq_notify": (244, 184), "mq_getsetattr": (245, 185),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "open_tree": (428, 428), "move_mount": (429, 429),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262), "personality": (135, 92), "quotactl": (179, 60),
}
# These act on another process when their first argument, or the second, names one.
_ON_FIRST = {
    "prlimit64": (302, 261), "sched_setparam": (142, 118), "sched_setscheduler": (144, 119),
    "sched_setaffinity": (203, 122), "sched_setattr": (314, 274), "migrate_pages": (256, 238),
    "move_pages": (279, 239),
}
_ON_SECOND = {"setpriority": (141, 140), "ioprio_set": (251, 30)}
_SOCKET, _SOCKETPAIR = (41, 198), (53, 199)
_CLONE, _CLONE3, _IOCTL = (56, 220), (435, 435), (16, 29)
_FAMILIES = (1, 2, 10)  # Unix, IPv4 and IPv6: with no network those two fail in the usual words
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


def program(machine):
    """The filter for a machine, as pairs of instructions' bytes; none for an unknown machine."""
    if machine not in _MACHINES:
        return None
    column, name = _MACHINES[machine]
    lines = [
        (_LOAD, 0, 0, _MACHINE),
        (_JUMP_EQUAL, 1, 0, name),
        # Calls of another machine have other numbers; there are none in an honest program.
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine == "x86_64":
        lines += [(_JUMP_AT_LEAST, 0, 1, _X32), _refusal(errno.ENOSYS)]
    for numbers in _CALLS.values():
        lines += [(_JUMP_EQUAL, 0, 1, numbers[column]), _refusal(errno.EPERM)]
    for index, calls in enumerate((_ON_FIRST, _ON_SECOND)):
        for numbers in calls.values():
            lines += _when(numbers[column], _others_process(index))
    for numbers in (_SOCKET, _SOCKETPAIR):
        lines += _when(numbers[column], _strange_family())
    # Its flags lie in memory, where a filter cannot look; the C library then uses the older call.
    lines += [(_JUMP_EQUAL, 0, 1, _CLONE3[column]), _refusal(errno.ENOSYS)]
    lines += _when(_CLONE[column], _flags(0, _NAMESPACES))
    lines += _when(_IOCTL[column], _equals(1, _INPUT_FAKING))
    lines.append((_RETURN, 0, 0, _ALLOW))
    return lines


def _refusal(number):
    return (_RETURN, 0, 0, _ERROR | number)


def _when(number, check):
    """The check for one call. It ends in a decision of its own, so nothing comes back from it."""
    return [(_JUMP_EQUAL, 0, len(check), number), *check]


def _argument(index):
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * index)


def _others_process(index):
    return [_argument(index), (_JUMP_EQUAL, 0, 1, 0), (_RETURN, 0, 0, _ALLOW), _refusal(errno.EPERM)]


def _strange_family():
    return [
        _argument(0),
        *((_JUMP_EQUAL, len(_FAMILIES) - place, 0, family) for place, family in enumerate(_FAMILIES)),
        _refusal(errno.EAFNOSUPPORT),
        (_RETURN, 0, 0, _ALLOW),
    ]


def _flags(index, mask):
    return [_argument(index), (_JUMP_SET, 0, 1, mask), _refusal(errno.EPERM), (_RETURN, 0, 0, _ALLOW)]


def _equals(index, value):
    return [_argument(index), (_JUMP_EQUAL, 0, 1, value), _refusal(errno.EPERM), (_RETURN, 0, 0, _ALLOW)]


def _ready():
    lines = program(os.uname().machine)
    if lines is None:
        return None, None
    buffer = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in lines))
    return struct.pack("HxxxxxxP", len(lines), ctypes.addressof(buffer)), buffer


# Made before any fork, because a program's time begins with its process.
_header, _buffer = _ready()


def install(libc):
    """Puts the filter around this process and all it starts; for good."""
    if _header is None:
        return
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs")
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, _header, 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")
