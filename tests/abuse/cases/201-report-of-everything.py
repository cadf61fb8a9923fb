# id: 201
# title: Hands the harness's own channel everything that is no text, and half characters.
# expect: exited
# stdout: refused 9

from _sandbox import report

refused = 0
for thing in (None, 1, b"x", [], object(), "x" * (1 << 21), chr(0xD800), type, report):
    try:
        report(thing)
    except (TypeError, ValueError):
        refused += 1
print("refused", refused, flush=True)

from wit_world.imports import host

host.report(chr(0xDFFF))
