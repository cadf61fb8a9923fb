# id: 7
# title: Asks not to be stopped by signals, then computes for ever.
# expect: timed_out
# wall: 1
# stdout: begun

import signal

for name in ("SIGTERM", "SIGINT", "SIGALRM", "SIGHUP", "SIGXCPU"):
    try:
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    except (AttributeError, OSError, ValueError):
        pass
print("begun")
while True:
    pass
