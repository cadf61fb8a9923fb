"""Runs `print('hi')` in pyeryx for every line on standard input; every run of its sandbox is fresh."""

import sys

import eryx

sandbox = eryx.Sandbox()
sandbox.execute("print('hi')")
print("ready", flush=True)
for line in sys.stdin:
    said = sandbox.execute("print('hi')").stdout
    print("hi" if said.strip() == b"hi" else said, flush=True)
