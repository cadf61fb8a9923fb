# id: 247
# title: Lays modules with the names of the library's and the harness's beside itself.
# expect: exited 0
# stdout: library

for name in ("_sandbox", "_sandbox_program", "wit_world", "encodings", "site", "sitecustomize", "usercustomize", "json", "io", "traceback"):
    with open(f"/work/{name}.py", "w") as file:
        file.write("raise SystemExit('shadowed')")
import _sandbox
import json
import traceback

print("library" if json.dumps({}) == "{}" else "shadowed")
# --- second ---
import json, traceback, io

print("clean" if json.dumps({}) == "{}" else "shadowed")
