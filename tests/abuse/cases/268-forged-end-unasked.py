# id: 268
# title: Tells the engine that it ended well although nobody asked for its inside.
# expect: exited 3 | timed_out
# wall: 2
# engine: wasm

from wit_world.imports import inside

inside.show(0, None, 0)
inside.shown()
raise SystemExit(3)
