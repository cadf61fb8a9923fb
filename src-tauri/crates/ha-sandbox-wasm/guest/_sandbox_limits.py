"""What cannot work here says so, in words for a learner and as the kind of error it is everywhere.

Python's own words would speak of its platform. A name that is missing stays missing, so that code which
asks with `hasattr` finds another way; only who uses it is told why.
"""

import errno
import hashlib
import os
import signal
import socket
import subprocess

NO_NETWORK = "the sandbox has no network"
_NO_PROCESS = "a program here is a single process; more of them need a full Linux Python"
_NO_SIGNALS = "no signals come in here; they need a full Linux Python"
_NO_SYSTEM = "there is no system underneath; that needs a full Linux Python"

_MISSING = {
    os: {
        **dict.fromkeys(
            "execl execle execlp execlpe execv execve execvp execvpe fork forkpty killpg kill nice "
            "pipe posix_spawn posix_spawnp spawnl spawnle spawnlp spawnlpe spawnv spawnve spawnvp "
            "spawnvpe startfile wait waitpid".split(),
            _NO_PROCESS,
        ),
        **dict.fromkeys(
            "chown getegid geteuid getgid getloadavg getlogin getppid getuid mkfifo openpty "
            "sched_getaffinity setuid umask".split(),
            _NO_SYSTEM,
        ),
    },
    hashlib: dict.fromkeys(("scrypt", "pbkdf2_hmac"), "OpenSSL is not built in"),
    signal: dict.fromkeys("alarm pause pthread_kill setitimer sigwait".split(), _NO_SIGNALS),
}


def _explain(module, reasons):
    """Gives the reason when a name is missing that Python has elsewhere."""

    def missing(name):
        message = f"module {module.__name__!r} has no attribute {name!r}"
        if name in reasons:
            message += f" in the built-in sandbox: {reasons[name]}"
        raise AttributeError(message, name=name, obj=module)

    module.__getattr__ = missing


def _no_network(*address, **options):
    raise socket.gaierror(socket.EAI_FAIL, NO_NETWORK)


def _no_socket(self, *arguments, **options):
    raise PermissionError(errno.EACCES, NO_NETWORK)


def no_program(*arguments, **options):
    """Stands where Python starts other programs."""
    raise OSError(errno.ENOTSUP, "the sandbox has no other programs to start")


def _amend_urllib(module):
    def unknown_open(self, request):
        kind = request.type
        raise module.URLError(NO_NETWORK if kind == "https" else f"unknown url type: {kind}")

    module.UnknownHandler.unknown_open = unknown_open


def _amend_http(module):
    _explain(module, {"HTTPSConnection": NO_NETWORK})


def _amend_pool(module):
    module._system_limits_checked, module._system_limited = True, _NO_PROCESS


# Modules that are loaded only when a program imports them, and what is done then.
AFTER_IMPORT = {
    "concurrent.futures.process": _amend_pool,
    "http.client": _amend_http,
    "urllib.request": _amend_urllib,
}


def install() -> None:
    """Runs when the guest is built."""
    for module, reasons in _MISSING.items():
        _explain(module, {name: why for name, why in reasons.items() if not hasattr(module, name)})
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr"):
        setattr(socket, name, _no_network)
        setattr(socket._socket, name, _no_network)
    socket.socket.__init__ = _no_socket
    os.system = os.popen = subprocess.Popen.__init__ = no_program


install()
