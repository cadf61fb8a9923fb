# id: 2
# title: Sleeps for ever and needs no processor for it.
# expect: timed_out
# wall: 1

import time

time.sleep(1e9)
