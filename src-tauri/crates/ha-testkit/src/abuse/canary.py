# What a clean interpreter says: whatever an earlier program changed and must not have been able to.
import builtins, codecs, gc, io, json, os, random, sys, threading, time, warnings

print("names", sorted(set(globals()) - {"builtins", "codecs", "gc", "io", "json", "os", "random"}))
print("builtins", len(vars(builtins)), print is builtins.print, type(print).__name__, len("你好"))
print("json", json.dumps({"a": [1, None, "é"]}), json.loads("[1.5]"))
print("streams", sys.stdout is sys.__stdout__, sys.stdout.encoding, sys.stdin.read(), io.open is open)
print("system", sys.argv, sys.path, sys.getrecursionlimit(), sys.gettrace(), sys.getswitchinterval())
print("hooks", sys.excepthook is sys.__excepthook__, sys.displayhook is sys.__displayhook__)
print("imports", len(sys.modules), len(sys.meta_path), len(sys.path_hooks))
print("collector", gc.isenabled(), gc.get_threshold(), gc.callbacks)
print("environment", dict(os.environ), os.getcwd(), sorted(os.listdir("/work")), os.listdir("/tmp"))
print("threads", threading.active_count(), threading.current_thread().name)
print("codecs", codecs.lookup("utf-8").name, "é".encode("utf-8"), "%.3f" % 2.5, int("12"))
print("clock", time.sleep.__name__, time.monotonic() > 0, 0 <= random.random() < 1, warnings.filters[:0])
