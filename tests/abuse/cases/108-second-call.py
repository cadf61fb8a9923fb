# id: 108
# title: Calls the harness again from inside, as if it were the engine.
# expect: exited 0 | exited 1 | exited 9 | exited 134 | exited 139
# stdout contains: begun

import _sandbox
import _sandbox_program

print("begun", flush=True)


class Job:
    entry = "again.py"
    source = b"print('again')\nraise SystemExit(9)"
    args = []
    seed = None


world = _sandbox.WitWorld()
world.prepare()
world.prepare()
raise SystemExit(world.run(Job))
