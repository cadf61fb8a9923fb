# id: 88
# title: Opens the files through which a kernel can be told things.
# expect: exited 0
# stdout: none opened
# docker stdout:
# docker stdout lacks: sysrq

opened = []
for place in (
    "/proc/kcore", "/proc/sysrq-trigger", "/sys/kernel/debug", "/proc/timer_list", "/dev/mem", "/dev/kmsg",
    "/dev/null", "/dev/zero", "/dev/random", "/dev/tty", "/sys/fs/cgroup/release_agent",
):
    try:
        opened.append(open(place, "rb"))
    except OSError:
        pass
print(opened or "none opened")
