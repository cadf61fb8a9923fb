//! Runs: the history of a lesson. Every run, check and thrown-away version, with its files.
//!
//! A row is written when a run begins and completed when it ends, so that the learner's code is
//! kept even when the app dies under it. Growth is bounded: see [`KEPT_RUNS`].

use super::words::word_enum;
use super::{activity, lesson_progress};
use crate::{ProgressRow, Store, StoreError, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};

/// Entries kept of each lesson: the newest, and besides them the last version that passed (the
/// learner can reset to it) and whatever still runs. Older ones go when a run ends.
pub const KEPT_RUNS: u32 = 200;

/// Bytes of output kept of each run, cut between characters.
pub const OUTPUT_HEAD_BYTES: usize = 64 * 1024;

/// The long columns come last: SQLite reads a row from its beginning, and a list of the history
/// then never touches the pages that hold files and output.
pub(crate) const CREATE: &str = "
CREATE TABLE run (
    id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('run', 'check', 'snapshot')),
    status TEXT NOT NULL CHECK (status IN ('running', 'finished', 'lost')),
    course TEXT NOT NULL,
    lesson TEXT NOT NULL,
    engine TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    duration_ms REAL,
    passed INTEGER,
    total INTEGER,
    outcome TEXT,
    files TEXT NOT NULL,
    output_head TEXT NOT NULL DEFAULT '',
    results TEXT
) STRICT;
CREATE INDEX run_by_lesson ON run (course, lesson, started_at);
CREATE INDEX run_running ON run (status) WHERE status = 'running';
";

const INSERT: &str = "INSERT INTO run
        (id, kind, status, course, lesson, engine, started_at, files)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
/// A lost run that ends after all was not lost: another process had opened the file meanwhile.
const FINISH: &str = "UPDATE run SET status = 'finished', outcome = ?2, duration_ms = ?3,
        output_head = ?4, results = ?5, passed = ?6, total = ?7
    WHERE id = ?1 AND status <> 'finished'
    RETURNING kind, course, lesson, started_at";
const LOSE: &str = "UPDATE run SET status = 'lost' WHERE id = ?1 AND status = 'running'";
pub(super) const LOSE_ALL: &str = "UPDATE run SET status = 'lost' WHERE status = 'running'";
pub(super) const LIST: &str =
    "SELECT id, kind, status, course, lesson, engine, started_at, duration_ms,
        passed, total, outcome
    FROM run WHERE course = ?1 AND lesson = ?2
    ORDER BY started_at DESC, rowid DESC LIMIT ?3";
pub(super) const SELECT_ONE: &str =
    "SELECT id, kind, status, course, lesson, engine, started_at, duration_ms,
        passed, total, outcome, files, output_head, results
    FROM run WHERE id = ?1";
const PRUNE: &str = "DELETE FROM run WHERE rowid IN (
        SELECT rowid FROM run WHERE course = ?1 AND lesson = ?2
        ORDER BY started_at DESC, rowid DESC LIMIT -1 OFFSET ?3)
    AND status <> 'running'
    AND id IS NOT (SELECT passed_run FROM lesson_progress WHERE course = ?1 AND lesson = ?2)";

word_enum! {
    /// What made an entry.
    RunKind {
        /// The learner's program ran.
        Run = "run",
        /// The lesson's checks ran over it.
        Check = "check",
        /// Nothing ran: the files as they were before something replaced them.
        Snapshot = "snapshot",
    }
}

word_enum! {
    /// Where an entry is in its life.
    RunStatus {
        /// Begun, not ended yet.
        Running = "running",
        /// Ended, with whatever outcome.
        Finished = "finished",
        /// The app or the engine died under it: it has files and no outcome.
        Lost = "lost",
    }
}

/// A run that begins, or a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// Made by the caller, unique.
    pub id: String,
    /// What makes it.
    pub kind: RunKind,
    /// Course id.
    pub course: String,
    /// Lesson id.
    pub lesson: String,
    /// The learner's files as JSON.
    pub files: String,
    /// The engine's name.
    pub engine: String,
    /// When.
    pub started_at: Timestamp,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub struct RunEnd {
    /// The outcome as JSON; none for checks.
    pub outcome: Option<String>,
    /// Milliseconds.
    pub duration_ms: f64,
    /// What it printed, from the beginning; cut to [`OUTPUT_HEAD_BYTES`].
    pub output_head: String,
    /// The results of checks as JSON.
    pub results: Option<String>,
    /// Checks that passed.
    pub passed: Option<u32>,
    /// Checks in all.
    pub total: Option<u32>,
}

/// One line of the history: everything but the long texts.
#[derive(Debug, Clone, PartialEq)]
pub struct RunLine {
    /// Its id.
    pub id: String,
    /// What made it.
    pub kind: RunKind,
    /// Where it is in its life.
    pub status: RunStatus,
    /// Course id.
    pub course: String,
    /// Lesson id.
    pub lesson: String,
    /// The engine's name.
    pub engine: String,
    /// When it began.
    pub started_at: Timestamp,
    /// Milliseconds; none before it ended, for a lost one and for a snapshot.
    pub duration_ms: Option<f64>,
    /// Checks that passed.
    pub passed: Option<u32>,
    /// Checks in all.
    pub total: Option<u32>,
    /// The outcome as JSON.
    pub outcome: Option<String>,
}

/// One entry with everything it kept.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRow {
    /// The line.
    pub line: RunLine,
    /// The learner's files as JSON.
    pub files: String,
    /// The beginning of the output.
    pub output_head: String,
    /// The results of checks as JSON.
    pub results: Option<String>,
}

impl RunLine {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(RunLine {
            id: row.get(0)?,
            kind: row.get(1)?,
            status: row.get(2)?,
            course: row.get(3)?,
            lesson: row.get(4)?,
            engine: row.get(5)?,
            started_at: row.get(6)?,
            duration_ms: row.get(7)?,
            passed: row.get(8)?,
            total: row.get(9)?,
            outcome: row.get(10)?,
        })
    }
}

impl RunRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(RunRow {
            line: RunLine::read(row)?,
            files: row.get(11)?,
            output_head: row.get(12)?,
            results: row.get(13)?,
        })
    }
}

/// Writes a new entry of this kind.
pub(crate) fn insert(connection: &Connection, run: &NewRun, kind: RunKind) -> rusqlite::Result<()> {
    let status = match kind {
        RunKind::Run | RunKind::Check => RunStatus::Running,
        RunKind::Snapshot => RunStatus::Finished,
    };
    let mut statement = connection.prepare_cached(INSERT)?;
    statement.execute((
        &run.id,
        kind,
        status,
        &run.course,
        &run.lesson,
        &run.engine,
        run.started_at,
        &run.files,
    ))?;
    Ok(())
}

/// Removes the lesson's entries beyond [`KEPT_RUNS`].
pub(crate) fn prune(connection: &Connection, course: &str, lesson: &str) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(PRUNE)?;
    statement.execute((course, lesson, KEPT_RUNS))?;
    Ok(())
}

/// What an ended run is about.
struct Ended {
    course: String,
    lesson: String,
}

/// Completes an entry; `None` when there is none or it ended before.
fn finish(connection: &Connection, id: &str, end: &RunEnd) -> rusqlite::Result<Option<Ended>> {
    let head = &end.output_head;
    let head = &head[..head.floor_char_boundary(OUTPUT_HEAD_BYTES)];
    let mut statement = connection.prepare_cached(FINISH)?;
    let ended = statement
        .query_row(
            (
                id,
                &end.outcome,
                end.duration_ms,
                head,
                &end.results,
                end.passed,
                end.total,
            ),
            |row| {
                Ok((
                    row.get::<_, RunKind>(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                ))
            },
        )
        .optional()?;
    let Some((kind, course, lesson, started_at)) = ended else {
        return Ok(None);
    };
    let numbers = end.passed.zip(end.total);
    let is_pass = numbers.is_some_and(|(passed, total)| lesson_progress::is_pass(passed, total));
    if is_pass && kind == RunKind::Check {
        activity::count(connection, started_at, 0, 1)?;
    }
    Ok(Some(Ended { course, lesson }))
}

impl Store {
    /// Writes down that a run or check begins, with its files, and counts it as activity. One
    /// transaction.
    ///
    /// # Errors
    /// [`StoreError::Failed`] when the id is taken, and those of writing.
    pub fn begin_run(&self, run: &NewRun) -> Result<(), StoreError> {
        self.transaction(|transaction| {
            insert(transaction, run, run.kind)?;
            match run.kind {
                RunKind::Run | RunKind::Check => activity::count(transaction, run.started_at, 1, 0),
                RunKind::Snapshot => Ok(()),
            }
        })
    }

    /// Writes down how a run ended, and removes the lesson's oldest entries beyond [`KEPT_RUNS`].
    /// Answers whether this was the end: `false` when the entry is gone or ended before. One
    /// transaction.
    ///
    /// # Errors
    /// Those of writing; the entry is still running then.
    pub fn finish_run(&self, id: &str, end: &RunEnd) -> Result<bool, StoreError> {
        self.transaction(|transaction| {
            let Some(ended) = finish(transaction, id, end)? else {
                return Ok(false);
            };
            prune(transaction, &ended.course, &ended.lesson)?;
            Ok(true)
        })
    }

    /// [`Store::finish_run`] and the lesson's progress in one transaction, so that no death of the
    /// process leaves a check that passed without the lesson that passed. Numbers that are not
    /// there count as none. `None` when the entry is gone or ended before.
    ///
    /// # Errors
    /// Those of writing; nothing is recorded then.
    pub fn finish_check(
        &self,
        id: &str,
        end: &RunEnd,
        now: Timestamp,
    ) -> Result<Option<ProgressRow>, StoreError> {
        self.transaction(|transaction| {
            let Some(Ended { course, lesson }) = finish(transaction, id, end)? else {
                return Ok(None);
            };
            let numbers = (end.passed.unwrap_or(0), end.total.unwrap_or(0));
            let row = lesson_progress::record(transaction, (&course, &lesson), id, numbers, now)?;
            prune(transaction, &course, &lesson)?;
            Ok(Some(row))
        })
    }

    /// Writes down that a run will never end: its engine is gone. An entry that ended stays as it is.
    ///
    /// # Errors
    /// Those of writing.
    pub fn lose_run(&self, id: &str) -> Result<(), StoreError> {
        self.lock().prepare_cached(LOSE)?.execute([id])?;
        Ok(())
    }

    /// Every entry that still runs is lost: done at opening, when nothing of ours can run yet.
    pub(crate) fn mark_lost(&self) -> Result<(), StoreError> {
        let lost = self.lock().execute(LOSE_ALL, [])?;
        if lost > 0 {
            tracing::info!(lost, "runs of a process that died are marked lost");
        }
        Ok(())
    }

    /// A lesson's history, newest first, at most `limit` entries, without their long texts.
    ///
    /// # Errors
    /// Those of reading.
    pub fn runs(&self, course: &str, lesson: &str, limit: u32) -> Result<Vec<RunLine>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(LIST)?;
        let rows = statement.query_map((course, lesson, limit), RunLine::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One entry with everything it kept; `None` when there is none (any more).
    ///
    /// # Errors
    /// Those of reading.
    pub fn run(&self, id: &str) -> Result<Option<RunRow>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(SELECT_ONE)?;
        Ok(statement.query_row([id], RunRow::read).optional()?)
    }
}
