# id: 225
# title: Traces, profiles and monitors everything, the harness too, and fails in it.
# expect: exited | timed_out
# wall: 3

import sys
import threading


def trace(frame, event, argument):
    frame.f_trace_opcodes = True
    if event == "return":
        raise RuntimeError("traced")
    return trace


sys.setprofile(lambda *_: None)
threading.settrace(trace)
tool = sys.monitoring
tool.use_tool_id(0, "evil")
tool.register_callback(0, tool.events.LINE, lambda *_: 1 / 0)
sys.settrace(trace)
tool.set_events(0, tool.events.LINE)
for _ in range(10):
    print("line")
