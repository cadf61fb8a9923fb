# id: 234
# title: Fills a database in memory and in a file beyond every limit.
# expect: exited 0
# disk: 4
# stdout: memory stopped
# stdout: file stopped

import sqlite3

for name, place in (("memory", ":memory:"), ("file", "/tmp/base.db")):
    base = sqlite3.connect(place)
    base.execute("create table t (x)")
    try:
        for _ in range(1000):
            base.execute("insert into t values (randomblob(1000000))")
            base.commit()
        print(name, "went through")
    except (MemoryError, sqlite3.Error):
        print(name, "stopped")
    try:
        base.close()
    except sqlite3.Error:
        pass
