# id: 202
# title: Asks the host for four gibibytes of input at once.
# expect: exited 0
# stdin: one line\n
# stdout: b'one line\n' b'' b''
# engine: wasm

from wit_world.imports import host

first = host.read_stdin(2**32 - 1)
print(first, host.read_stdin(2**32 - 1), host.read_stdin(0))
