# id: 107
# title: Leaves a server, a queue and a database for the next program.
# expect: exited 0

import sqlite3

with sqlite3.connect("/tmp/left.db") as base:
    base.execute("create table left (x)")
    base.execute("insert into left values (1)")
sqlite3.connect("file:shared?mode=memory&cache=shared", uri=True).execute("create table left (x)")
# --- second ---
import sqlite3

found = []
for name in ("/tmp/left.db", "file:shared?mode=memory&cache=shared"):
    try:
        found.append(sqlite3.connect(name, uri=True).execute("select * from left").fetchall())
    except sqlite3.Error:
        pass
print(found or "clean")
