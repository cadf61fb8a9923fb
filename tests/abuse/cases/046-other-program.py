# id: 46
# title: Replaces itself by a shell.
# expect: exited 1
# stderr contains: Error
# docker expect: exited 0
# docker stdout: replaced
# docker stderr contains:

import os

os.execv("/bin/sh", ["sh", "-c", "echo replaced"])
