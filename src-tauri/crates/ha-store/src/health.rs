//! The store's part of the health report.

use crate::files::{beside, size};
use crate::{Store, StoreError, migration};
use std::time::Instant;

/// What a probe of the database found.
#[derive(Debug, Clone, PartialEq)]
pub struct StoreHealth {
    /// Whether SQLite found nothing wrong.
    pub healthy: bool,
    /// Everything below and the path, in one English line.
    pub summary: String,
    /// Version of the schema.
    pub schema_version: u32,
    /// Bytes of the file and of its log together.
    pub size_bytes: u64,
    /// `wal`, except on file systems that cannot share memory.
    pub journal_mode: String,
    /// `ok`, or the first problem SQLite found.
    pub quick_check: String,
    /// How long the probe took, milliseconds.
    pub duration_ms: f64,
}

impl Store {
    /// Reads the whole file and says how it is. Takes about a millisecond per megabyte and holds
    /// the store meanwhile; for a report, not for a poll.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the file is too damaged to look into, and those of reading.
    pub fn health(&self) -> Result<StoreHealth, StoreError> {
        let began = Instant::now();
        let (schema_version, journal_mode, quick_check) = {
            let connection = self.lock();
            (
                migration::version(&connection)?,
                connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?,
                quick_check(&connection)?,
            )
        };
        let size_bytes = size(self.path()) + size(&beside(self.path(), "-wal"));
        let journal: &String = &journal_mode;
        Ok(StoreHealth {
            healthy: quick_check == OK,
            summary: format!(
                "{}: schema {schema_version}, {} KiB, {journal}, quick check {quick_check}",
                self.path().display(),
                size_bytes.div_ceil(1024),
            ),
            schema_version,
            size_bytes,
            journal_mode,
            quick_check,
            duration_ms: began.elapsed().as_secs_f64() * 1e3,
        })
    }
}

/// What SQLite answers when it finds nothing wrong.
pub(crate) const OK: &str = "ok";

/// `ok`, or the first problem.
pub(crate) fn quick_check(connection: &rusqlite::Connection) -> rusqlite::Result<String> {
    connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
}
