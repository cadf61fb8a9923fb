# id: 204
# title: Hands the host its largest buffers, again and again.
# expect: exited 1 | exited 134 | exited 139 | out_of_memory | output_limit

from wit_world.imports import host

for size in (1 << 20, 7 << 20, 9 << 20, 40 << 20):
    host.write_stdout(b"")
    for _ in range(1000):
        host.write_stderr(b"x" * size)
