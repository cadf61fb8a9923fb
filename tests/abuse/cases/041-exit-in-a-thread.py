# id: 41
# title: Exits inside a thread, a finaliser, a trace function and an exit function.
# expect: exited 6
# stdout: main goes on

import atexit
import sys
import threading


class Leaves:
    def __del__(self):
        sys.exit(1)


Leaves()
threading.Thread(target=sys.exit, args=(2,)).start()
atexit.register(sys.exit, 3)
print("main goes on")
sys.exit(6)
