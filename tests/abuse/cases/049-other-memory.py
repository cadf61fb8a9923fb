# id: 49
# title: Reads and writes the memory of other processes.
# expect: exited 0
# stdout: nothing was opened
# docker stdout:
# docker stdout lacks: /proc/1/

opened = []
for process in ("1", "self", "thread-self"):
    for name in ("mem", "maps", "fd/0", "fd/1", "root", "exe", "cwd"):
        try:
            opened.append(open(f"/proc/{process}/{name}", "r+b"))
        except OSError:
            pass
print(opened or "nothing was opened")
