# id: 34
# title: Starts programs until there is no room for more.
# expect: exited 1
# stderr contains: does not support processes

import subprocess

while True:
    subprocess.Popen(["sleep", "60"])
