# id: 265
# title: Takes the recorder's tool, its builtins and its frames away while it records.
# expect: exited
# inspect: steps

import builtins
import sys

for tool in range(6):
    try:
        sys.monitoring.set_events(tool, 0)
        sys.monitoring.free_tool_id(tool)
        sys.monitoring.use_tool_id(tool, "mine")
        sys.monitoring.register_callback(tool, sys.monitoring.events.LINE, lambda *_: 1 / 0)
        sys.monitoring.set_events(tool, sys.monitoring.events.LINE)
        sys.monitoring.set_events(tool, 0)
    except ValueError:
        pass
for name in ("len", "repr", "type", "list", "isinstance", "str", "id"):
    setattr(builtins, name, None)
import _sandbox_steps

_sandbox_steps._recorder = None
print("still here")
