# id: 3
# title: Watches the clock for longer than it may run.
# expect: timed_out
# wall: 1

import time

end = time.monotonic() + 10
while time.monotonic() < end:
    pass
