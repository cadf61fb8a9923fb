//! Settings: documents by name. What is in them is the caller's.

use crate::{Store, StoreError};
use rusqlite::OptionalExtension;

pub(crate) const CREATE: &str = "
CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
";

pub(super) const SELECT: &str = "SELECT value FROM setting WHERE key = ?1";
const UPSERT: &str = "INSERT INTO setting (key, value) VALUES (?1, ?2)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value";

impl Store {
    /// The value set last, usually JSON; `None` when there never was one.
    ///
    /// # Errors
    /// Those of reading.
    pub fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(SELECT)?;
        Ok(statement.query_row([key], |row| row.get(0)).optional()?)
    }

    /// Sets or replaces a value.
    ///
    /// # Errors
    /// Those of writing.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.lock().prepare_cached(UPSERT)?.execute((key, value))?;
        Ok(())
    }
}
