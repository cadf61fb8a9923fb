//! The learner: one row, made at the first start.

use crate::{Store, StoreError, Timestamp};
use rusqlite::Row;

pub(crate) const CREATE: &str = "
CREATE TABLE profile (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    id TEXT NOT NULL,
    name TEXT,
    created_at INTEGER NOT NULL
) STRICT;
";

const INSERT: &str =
    "INSERT INTO profile (only, id, created_at) VALUES (1, ?1, ?2) ON CONFLICT DO NOTHING";
const SELECT: &str = "SELECT id, name, created_at FROM profile WHERE only = 1";

/// The learner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileRow {
    /// Made by the caller at the first start, then stable.
    pub id: String,
    /// As the learner wants to be called; none until they say.
    pub name: Option<String>,
    /// The first start.
    pub created_at: Timestamp,
}

impl ProfileRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(ProfileRow {
            id: row.get(0)?,
            name: row.get(1)?,
            created_at: row.get(2)?,
        })
    }
}

impl Store {
    /// The learner; `id` and `now` are used only when there is none yet. One transaction.
    ///
    /// # Errors
    /// Those of writing.
    pub fn ensure_profile(&self, id: &str, now: Timestamp) -> Result<ProfileRow, StoreError> {
        self.transaction(|transaction| {
            transaction.execute(INSERT, (id, now))?;
            transaction.query_row(SELECT, [], ProfileRow::read)
        })
    }
}
