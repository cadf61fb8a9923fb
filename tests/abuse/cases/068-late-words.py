# id: 68
# title: Prints from a thread, from `atexit` and from a finaliser after its end.
# expect: exited 0
# stdout: thread
# stdout: main
# stdout: atexit
# stdout: finaliser

import atexit
import threading


class Late:
    def __del__(self):
        print("finaliser")


late = Late()
atexit.register(print, "atexit")
threading.Thread(target=print, args=("thread",), daemon=True).start()
print("main")
