# id: 44
# title: Ends its main thread while another one never does.
# expect: timed_out
# wall: 1

import threading


def forever():
    while True:
        pass


threading.Thread(target=forever, daemon=False).start()
print("main ends")
