//! Activity: how much was run when, for the heatmap of the year.
//!
//! Counted apart from the history, because the history forgets old runs and a day that was worked
//! on must not fade. Counted by quarters of an hour, because every time zone's offset is a multiple
//! of that: the caller adds them up to local days of whatever zone, summer time included. It grows
//! by at most 96 short rows a day.

use crate::{Store, StoreError, Timestamp};
use rusqlite::{Connection, Row};

pub(crate) const CREATE: &str = "
CREATE TABLE activity (
    slot INTEGER PRIMARY KEY,
    runs INTEGER NOT NULL,
    checks_passed INTEGER NOT NULL
) STRICT;
";

const COUNT: &str = "INSERT INTO activity (slot, runs, checks_passed) VALUES (?1, ?2, ?3)
    ON CONFLICT (slot) DO UPDATE SET
        runs = runs + excluded.runs,
        checks_passed = checks_passed + excluded.checks_passed";
pub(super) const SELECT_SINCE: &str = "SELECT slot, runs, checks_passed FROM activity
    WHERE slot >= ?1 ORDER BY slot";

const SLOT_MS: i64 = 15 * 60 * 1000;

/// What was done in one quarter of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivityRow {
    /// Its beginning.
    pub at: Timestamp,
    /// Runs and checks that started in it.
    pub runs: u32,
    /// Those of them that were checks and passed whole.
    pub checks_passed: u32,
}

impl ActivityRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(ActivityRow {
            at: row.get(0)?,
            runs: row.get(1)?,
            checks_passed: row.get(2)?,
        })
    }
}

/// Counts something that started at `at`.
pub(crate) fn count(
    connection: &Connection,
    at: Timestamp,
    runs: u32,
    checks_passed: u32,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(COUNT)?;
    statement.execute((slot(at), runs, checks_passed))?;
    Ok(())
}

fn slot(at: Timestamp) -> Timestamp {
    Timestamp(at.0.saturating_sub(at.0.rem_euclid(SLOT_MS)))
}

impl Store {
    /// What was done since then, oldest first; quarters of an hour without anything are left out.
    /// The one that holds `since` is included whole.
    ///
    /// # Errors
    /// Those of reading.
    pub fn activity(&self, since: Timestamp) -> Result<Vec<ActivityRow>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(SELECT_SINCE)?;
        let rows = statement.query_map([slot(since)], ActivityRow::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
