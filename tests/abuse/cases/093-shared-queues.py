# id: 93
# title: Looks for memory, semaphores and queues that processes share.
# expect: exited 0
# stdout: none
# docker stdout:

import multiprocessing

made = []
for name in ("Queue", "Semaphore", "Lock", "Value", "Array", "Pipe", "Manager", "Barrier"):
    try:
        made.append(getattr(multiprocessing, name)(*(("i", 1) if name in ("Value", "Array") else (2,) if name == "Barrier" else ())))
    except Exception:
        pass
print(made or "none")
