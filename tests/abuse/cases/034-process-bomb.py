# id: 34
# title: Starts programs until there is no room for more.
# expect: exited 1
# stderr contains: the sandbox has no other programs to start
# docker stderr contains: Error

import subprocess

while True:
    subprocess.Popen(["sleep", "60"])
