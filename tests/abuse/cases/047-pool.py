# id: 47
# title: Shares work among a pool of processes.
# expect: exited 1
# stderr contains: Error
# docker expect: exited 0
# docker stdout: [0, 1, 2, 3]
# docker stderr contains:

import multiprocessing

with multiprocessing.Pool(2) as pool:
    print(pool.map(abs, range(4)))
