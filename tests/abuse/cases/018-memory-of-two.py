# id: 18
# title: Splits its hunger for memory between two processes.
# expect: exited 1
# stdout lacks: both
# docker expect: exited 0
# docker stdout lacks:

import multiprocessing


def hungry():
    bytearray(80 << 20)


workers = [multiprocessing.Process(target=hungry) for _ in range(2)]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
print("both")
