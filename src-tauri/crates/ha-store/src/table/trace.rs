//! Traces: what the agents of a run did. One document a run; it goes when its run goes.

use crate::{Store, StoreError, Timestamp};
use rusqlite::OptionalExtension;

pub(crate) const CREATE: &str = "
CREATE TABLE trace (
    run TEXT PRIMARY KEY NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    spans INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
";

/// A run that is not in the history, because that could not be written, keeps no trace either.
const INSERT: &str = "INSERT INTO trace (run, spans, body)
    SELECT id, ?2, ?3 FROM run WHERE id = ?1
    ON CONFLICT (run) DO NOTHING";
const SELECT: &str = "SELECT body FROM trace WHERE run = ?1";
pub(super) const LIST: &str = "SELECT trace.run, run.started_at, trace.spans
    FROM run CROSS JOIN trace ON trace.run = run.id
    WHERE run.course = ?1 AND run.lesson = ?2
    ORDER BY run.started_at DESC, run.rowid DESC LIMIT ?3";

/// A run that has a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceLine {
    /// The run's id.
    pub run: String,
    /// When it began.
    pub started_at: Timestamp,
    /// Steps of its trace.
    pub spans: u32,
}

impl Store {
    /// Keeps the trace of a run as JSON, once. Answers whether it was kept: not when there is no such
    /// run, or it has one.
    ///
    /// # Errors
    /// Those of writing.
    pub fn keep_trace(&self, run: &str, spans: u32, body: &str) -> Result<bool, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(INSERT)?;
        Ok(statement.execute((run, spans, body))? == 1)
    }

    /// The trace of a run; none when it has none (any more).
    ///
    /// # Errors
    /// Those of reading.
    pub fn trace(&self, run: &str) -> Result<Option<String>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(SELECT)?;
        Ok(statement.query_row([run], |row| row.get(0)).optional()?)
    }

    /// The runs of a lesson that have a trace, newest first, at most `limit`.
    ///
    /// # Errors
    /// Those of reading.
    pub fn traces(
        &self,
        course: &str,
        lesson: &str,
        limit: u32,
    ) -> Result<Vec<TraceLine>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(LIST)?;
        let rows = statement.query_map((course, lesson, limit), |row| {
            Ok(TraceLine {
                run: row.get(0)?,
                started_at: row.get(1)?,
                spans: row.get(2)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
