# id: 246
# title: Imports itself, reloads everything and leaves modules that end the import system.
# expect: exited
# stdout contains: begun

import importlib
import sys

print("begun", flush=True)
if __name__ == "__main__":
    import main

    for name in list(sys.modules):
        if name.startswith(("json", "random", "re", "os", "io", "_sandbox")):
            try:
                importlib.reload(sys.modules[name])
            except BaseException:
                pass
    sys.modules[__name__] = sys.modules["sys"] = sys.modules["builtins"] = None
    import json
