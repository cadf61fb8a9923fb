//! Threads: the learner's conversations with the tutor, each about one lesson.
//!
//! A thread is a tree of messages (see `message.rs`); `leaf` is the newest one of the branch that is
//! shown. `summary` stands for the messages up to `summary_to` when a long conversation is sent.

use super::message;
use crate::{Store, StoreError, Timestamp};
use rusqlite::{OptionalExtension, Row};

pub(crate) const CREATE: &str = "
CREATE TABLE thread (
    id TEXT PRIMARY KEY NOT NULL,
    course TEXT NOT NULL,
    lesson TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    leaf TEXT,
    title TEXT NOT NULL,
    summary TEXT NOT NULL DEFAULT '',
    summary_to TEXT
) STRICT;
CREATE INDEX thread_by_lesson ON thread (course, lesson, updated_at);
";

const INSERT: &str = "INSERT INTO thread (id, course, lesson, created_at, updated_at, title)
    VALUES (?1, ?2, ?3, ?4, ?4, ?5)";
pub(super) const BY_LESSON: &str =
    "SELECT id, course, lesson, created_at, updated_at, leaf, title, summary, summary_to
    FROM thread WHERE course = ?1 AND lesson = ?2 ORDER BY updated_at DESC, rowid DESC LIMIT ?3";
const BY_ID: &str =
    "SELECT id, course, lesson, created_at, updated_at, leaf, title, summary, summary_to
    FROM thread WHERE id = ?1";
const RENAME: &str = "UPDATE thread SET title = ?2 WHERE id = ?1";
const SET_LEAF: &str = "UPDATE thread SET leaf = ?2 WHERE id = ?1";
pub(super) const TOUCH: &str = "UPDATE thread SET leaf = ?2, updated_at = ?3 WHERE id = ?1";
const SUMMARISE: &str = "UPDATE thread SET summary = ?2, summary_to = ?3 WHERE id = ?1";
pub(crate) const DELETE: &str = "DELETE FROM thread WHERE id = ?1";

/// One conversation, without its messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadRow {
    /// Made by the caller, unique.
    pub id: String,
    /// Course id.
    pub course: String,
    /// Lesson id.
    pub lesson: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When something was last said in it.
    pub updated_at: Timestamp,
    /// The newest message of the branch that is shown.
    pub leaf: Option<String>,
    /// What the learner calls it.
    pub title: String,
    /// What was said up to `summary_to`, in short; may be empty.
    pub summary: String,
    /// The last message that the summary stands for.
    pub summary_to: Option<String>,
}

impl ThreadRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(ThreadRow {
            id: row.get(0)?,
            course: row.get(1)?,
            lesson: row.get(2)?,
            created_at: row.get(3)?,
            updated_at: row.get(4)?,
            leaf: row.get(5)?,
            title: row.get(6)?,
            summary: row.get(7)?,
            summary_to: row.get(8)?,
        })
    }
}

impl Store {
    /// Begins a conversation.
    ///
    /// # Errors
    /// [`StoreError::Failed`] when the id is taken, and those of writing.
    pub fn begin_thread(
        &self,
        id: &str,
        course: &str,
        lesson: &str,
        title: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(INSERT)?;
        statement.execute((id, course, lesson, now, title))?;
        Ok(())
    }

    /// The conversations about a lesson, the one that was last spoken in first.
    ///
    /// # Errors
    /// Those of reading.
    pub fn threads(
        &self,
        course: &str,
        lesson: &str,
        limit: u32,
    ) -> Result<Vec<ThreadRow>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(BY_LESSON)?;
        let rows = statement.query_map((course, lesson, limit), ThreadRow::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One conversation; `None` when there is none (any more).
    ///
    /// # Errors
    /// Those of reading.
    pub fn thread(&self, id: &str) -> Result<Option<ThreadRow>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(BY_ID)?;
        Ok(statement.query_row([id], ThreadRow::read).optional()?)
    }

    /// Gives a conversation another name. Nothing happens to one that is gone.
    ///
    /// # Errors
    /// Those of writing.
    pub fn rename_thread(&self, id: &str, title: &str) -> Result<(), StoreError> {
        self.lock().prepare_cached(RENAME)?.execute((id, title))?;
        Ok(())
    }

    /// Shows another branch: the one that ends with this message.
    ///
    /// # Errors
    /// Those of writing.
    pub fn show_branch(&self, id: &str, leaf: &str) -> Result<(), StoreError> {
        self.lock().prepare_cached(SET_LEAF)?.execute((id, leaf))?;
        Ok(())
    }

    /// Keeps what stands for the messages up to `to`.
    ///
    /// # Errors
    /// Those of writing.
    pub fn summarise_thread(&self, id: &str, summary: &str, to: &str) -> Result<(), StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(SUMMARISE)?;
        statement.execute((id, summary, to))?;
        Ok(())
    }

    /// Removes a conversation with all that was said in it. What it cost stays counted. One
    /// transaction.
    ///
    /// # Errors
    /// Those of writing; everything is as before then.
    pub fn delete_thread(&self, id: &str) -> Result<(), StoreError> {
        self.transaction(|transaction| {
            message::delete_of(transaction, id)?;
            transaction.prepare_cached(DELETE)?.execute([id])?;
            Ok(())
        })
    }
}
