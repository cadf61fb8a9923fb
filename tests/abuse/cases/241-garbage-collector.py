# id: 241
# title: Turns the collector against its own callbacks.
# expect: exited | timed_out
# wall: 2

import gc


def collect(phase, info):
    gc.collect()
    gc.get_objects().clear()


gc.unfreeze()
gc.set_threshold(1, 1, 1)
gc.callbacks.append(collect)
for _ in range(100):
    kept = [[] for _ in range(10)]
for thing in gc.get_objects():
    if isinstance(thing, (list, dict, set)) and thing is not globals():
        try:
            thing.clear()
        except Exception:
            pass
