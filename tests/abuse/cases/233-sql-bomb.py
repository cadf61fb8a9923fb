# id: 233
# title: Joins a table with itself until the end of time, and fills memory by a statement.
# expect: timed_out
# wall: 1

import sqlite3

base = sqlite3.connect(":memory:")
try:
    base.execute("select zeroblob(1000000000)").fetchall()
except (sqlite3.Error, MemoryError, OverflowError):
    pass
try:
    base.execute("select " + "(" * 10_000 + "1" + ")" * 10_000).fetchall()
except sqlite3.Error:
    pass
try:
    base.execute("attach '/etc/passwd' as other").fetchall()
    base.load_extension("x")
except (sqlite3.Error, AttributeError):
    pass
base.execute("with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n").fetchall()
