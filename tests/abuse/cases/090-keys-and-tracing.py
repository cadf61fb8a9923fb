# id: 90
# title: Asks for keys, tracing, other personalities.
# expect: exited 0
# stdout: none
# docker stdout:

import os
import sys

found = [
    name
    for name in (
        "ptrace", "keyctl", "memfd_create", "eventfd", "pidfd_open", "process_vm_readv", "getxattr", "splice",
        "sendfile", "pipe", "pipe2", "mkfifo", "mknod", "fork", "forkpty", "spawnv", "wait", "waitpid", "times_of",
    )
    if hasattr(os, name)
]
print(found or "none")
