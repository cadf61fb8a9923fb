//! The learner: a table of databases that are there already. Nothing reads or writes it.

pub(crate) const CREATE: &str = "
CREATE TABLE profile (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    id TEXT NOT NULL,
    name TEXT,
    created_at INTEGER NOT NULL
) STRICT;
";
