//! Progress: how far the learner is in each lesson. A lesson that passed stays passed.

use super::words::word_enum;
use crate::{Store, StoreError, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};

/// The primary key answers for a lesson and for a course. `passed_run` is a foreign key, so it has
/// an index too: without one, removing a run would look through the whole table.
pub(crate) const CREATE: &str = "
CREATE TABLE lesson_progress (
    course TEXT NOT NULL,
    lesson TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('started', 'passed')),
    first_passed_at INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    last_passed INTEGER,
    last_total INTEGER,
    passed_run TEXT REFERENCES run (id) ON DELETE SET NULL,
    PRIMARY KEY (course, lesson),
    CHECK ((state = 'passed') = (first_passed_at IS NOT NULL))
) STRICT;
CREATE INDEX lesson_progress_by_opened ON lesson_progress (opened_at);
CREATE INDEX lesson_progress_by_passed_run ON lesson_progress (passed_run);
";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT course, lesson, opened_at, state, first_passed_at, attempts, last_passed,
                last_total, passed_run FROM lesson_progress ",
            $rest
        )
    };
}

const OPEN: &str = "INSERT INTO lesson_progress (course, lesson, opened_at, state)
    VALUES (?1, ?2, ?3, 'started')
    ON CONFLICT (course, lesson) DO UPDATE SET opened_at = excluded.opened_at";
pub(super) const SELECT_ONE: &str = select!("WHERE course = ?1 AND lesson = ?2");
pub(super) const SELECT_COURSE: &str = select!("WHERE course = ?1 ORDER BY lesson");
pub(super) const SELECT_LAST: &str = select!("ORDER BY opened_at DESC, rowid DESC LIMIT 1");
/// `?6` is 1 for a check that passed whole. The run may be missing when the history could not be
/// written; the pass counts all the same.
const RECORD: &str = "INSERT INTO lesson_progress AS old
        (course, lesson, opened_at, state, first_passed_at, attempts, last_passed, last_total,
         passed_run)
    VALUES (?1, ?2, ?7, iif(?6, 'passed', 'started'), iif(?6, ?7, NULL), 1, ?4, ?5,
        iif(?6, (SELECT id FROM run WHERE id = ?3), NULL))
    ON CONFLICT (course, lesson) DO UPDATE SET
        state = iif(?6, 'passed', old.state),
        first_passed_at = coalesce(old.first_passed_at, excluded.first_passed_at),
        attempts = old.attempts + 1,
        last_passed = excluded.last_passed,
        last_total = excluded.last_total,
        passed_run = coalesce(excluded.passed_run, old.passed_run)";

word_enum! {
    /// How far the learner is. A lesson never opened has no row.
    ProgressState {
        /// Opened or tried.
        Started = "started",
        /// All checks passed once.
        Passed = "passed",
    }
}

/// Progress in one lesson.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgressRow {
    /// Course id.
    pub course: String,
    /// Lesson id.
    pub lesson: String,
    /// When it was opened last.
    pub opened_at: Timestamp,
    /// How far the learner is.
    pub state: ProgressState,
    /// When all checks passed for the first time.
    pub first_passed_at: Option<Timestamp>,
    /// Checks recorded.
    pub attempts: u32,
    /// How many passed at the last check.
    pub last_passed: Option<u32>,
    /// Out of how many.
    pub last_total: Option<u32>,
    /// The run that holds the files of the last check that passed whole.
    pub passed_run: Option<String>,
}

impl ProgressRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(ProgressRow {
            course: row.get(0)?,
            lesson: row.get(1)?,
            opened_at: row.get(2)?,
            state: row.get(3)?,
            first_passed_at: row.get(4)?,
            attempts: row.get(5)?,
            last_passed: row.get(6)?,
            last_total: row.get(7)?,
            passed_run: row.get(8)?,
        })
    }
}

/// A check's numbers passed whole: none of nothing is not a pass.
pub(crate) fn is_pass(passed: u32, total: u32) -> bool {
    total > 0 && passed == total
}

/// Writes down that a check ended with `passed` of `total`, and answers the state after it. `run`
/// becomes the lesson's passed version when all passed.
pub(crate) fn record(
    connection: &Connection,
    (course, lesson): (&str, &str),
    run: &str,
    (passed, total): (u32, u32),
    now: Timestamp,
) -> rusqlite::Result<ProgressRow> {
    let is_pass = is_pass(passed, total);
    let mut statement = connection.prepare_cached(RECORD)?;
    statement.execute((course, lesson, run, passed, total, is_pass, now))?;
    let mut statement = connection.prepare_cached(SELECT_ONE)?;
    statement.query_row((course, lesson), ProgressRow::read)
}

impl Store {
    /// Remembers that a lesson was opened.
    ///
    /// # Errors
    /// Those of writing.
    pub fn open_lesson(
        &self,
        course: &str,
        lesson: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(OPEN)?;
        statement.execute((course, lesson, now))?;
        Ok(())
    }

    /// Progress in one lesson; `None` when it was never opened.
    ///
    /// # Errors
    /// Those of reading.
    pub fn progress(&self, course: &str, lesson: &str) -> Result<Option<ProgressRow>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(SELECT_ONE)?;
        Ok(statement
            .query_row((course, lesson), ProgressRow::read)
            .optional()?)
    }

    /// Progress in every opened lesson of a course, by lesson id.
    ///
    /// # Errors
    /// Those of reading.
    pub fn progress_of(&self, course: &str) -> Result<Vec<ProgressRow>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(SELECT_COURSE)?;
        let rows = statement.query_map([course], ProgressRow::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The lesson opened last, in any course.
    ///
    /// # Errors
    /// Those of reading.
    pub fn last_opened(&self) -> Result<Option<ProgressRow>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(SELECT_LAST)?;
        Ok(statement.query_row([], ProgressRow::read).optional()?)
    }
}
