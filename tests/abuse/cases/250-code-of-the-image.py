# id: 250
# title: Reads the whole memory image of the harness for secrets of the machine it was built on.
# expect: exited 0
# stdout: nothing found

import gc
import sys

found = set()
for module in list(sys.modules.values()):
    for value in list(vars(module).values()) if hasattr(module, "__dict__") else []:
        if isinstance(value, str) and value.startswith(("/home", "/Users", "C:\\")):
            found.add(value)
for thing in gc.get_objects():
    if isinstance(thing, dict):
        for value in list(thing.values()):
            if isinstance(value, str) and value.startswith(("/home", "/Users", "C:\\", "sk-")):
                found.add(value[:100])
print(found or "nothing found")
