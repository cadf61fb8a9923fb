# id: 39
# title: Sends itself the signals that nothing can handle.
# expect: exited
# stdout: begun

import os
import signal

print("begun", flush=True)
for name in ("SIGKILL", "SIGSTOP", "SIGSEGV", "SIGABRT"):
    number = getattr(signal, name, 9)
    for send in (lambda: os.kill(os.getpid(), number), lambda: signal.raise_signal(number)):
        try:
            send()
        except (AttributeError, OSError, ValueError):
            pass
raise SystemExit(3)
