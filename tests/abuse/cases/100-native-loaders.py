# id: 100
# title: Loads native code through every loader there is.
# expect: exited 0
# stdout: nothing loaded

import importlib.machinery
import importlib.util
import sys

with open("/tmp/evil.so", "wb") as file:
    file.write(b"\0asm\x01\0\0\0" + bytes(100))
loaded = []
for loader in (importlib.machinery.ExtensionFileLoader, importlib.machinery.SourcelessFileLoader):
    for place in ("/tmp/evil.so", "/lib/libc.so", "libc.so", "/usr/lib/libc.so.6"):
        try:
            spec = importlib.util.spec_from_file_location("evil", place, loader=loader("evil", place))
            importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys)
            loaded.append(place)
        except (ImportError, OSError, EOFError, ValueError):
            pass
print(loaded or "nothing loaded")
