# id: 15
# title: Stops every clock it can reach, then computes for ever.
# expect: timed_out
# wall: 1

import time

for name in ("time", "monotonic", "perf_counter", "time_ns", "monotonic_ns", "process_time", "sleep"):
    setattr(time, name, lambda *arguments: 0)
while True:
    time.sleep(1)
