# id: 33
# title: Starts threads without end, and each starts more.
# expect: exited | timed_out | out_of_memory | output_limit
# wall: 2

import threading


def more():
    threading.Thread(target=more).start()
    threading.Thread(target=more).start()


more()
