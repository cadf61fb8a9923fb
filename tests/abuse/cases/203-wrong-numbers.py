# id: 203
# title: Calls the host with numbers that are none of its own.
# expect: exited

from wit_world.imports import host

refused = 0
for call in (host.read_stdin, host.exit):
    for number in (-1, 2**32, 2**63, 1.5, None, "1"):
        if call is host.exit and number == -1:
            continue
        try:
            call(number)
        except (TypeError, ValueError, OverflowError):
            refused += 1
            print("refused", refused, flush=True)
