# id: 46
# title: Replaces itself by a shell.
# expect: exited 1
# stderr contains: Error

import os

os.execv("/bin/sh", ["sh", "-c", "echo replaced"])
