//! Answers to the questions of a lesson: the last one to each, and whether it was right.

use crate::{Store, StoreError, Timestamp};
use rusqlite::Row;

/// The primary key is the index of every query here.
pub(crate) const CREATE: &str = "
CREATE TABLE answer (
    course TEXT NOT NULL,
    lesson TEXT NOT NULL,
    question TEXT NOT NULL,
    is_right INTEGER NOT NULL CHECK (is_right IN (0, 1)),
    tries INTEGER NOT NULL,
    answered_at INTEGER NOT NULL,
    given TEXT NOT NULL,
    PRIMARY KEY (course, lesson, question)
) STRICT;
";

const UPSERT: &str = "INSERT INTO answer AS old
        (course, lesson, question, given, is_right, tries, answered_at)
    VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6)
    ON CONFLICT (course, lesson, question) DO UPDATE SET
        given = excluded.given, is_right = excluded.is_right, tries = old.tries + 1,
        answered_at = excluded.answered_at";
pub(super) const SELECT_ALL: &str = "SELECT question, given, is_right, tries FROM answer
    WHERE course = ?1 AND lesson = ?2 ORDER BY question";

/// The last answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerRow {
    /// The question's id.
    pub question: String,
    /// The answer, a document of the caller's.
    pub given: String,
    /// Whether it was right.
    pub is_right: bool,
    /// Answers so far, this one included.
    pub tries: u32,
}

impl AnswerRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(AnswerRow {
            question: row.get(0)?,
            given: row.get(1)?,
            is_right: row.get(2)?,
            tries: row.get(3)?,
        })
    }
}

impl Store {
    /// Writes an answer down, in place of the one before.
    ///
    /// # Errors
    /// Those of writing.
    pub fn save_answer(
        &self,
        (course, lesson, question): (&str, &str, &str),
        given: &str,
        is_right: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(UPSERT)?;
        statement.execute((course, lesson, question, given, is_right, now))?;
        Ok(())
    }

    /// The answers in a lesson, by question.
    ///
    /// # Errors
    /// Those of reading.
    pub fn answers(&self, course: &str, lesson: &str) -> Result<Vec<AnswerRow>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(SELECT_ALL)?;
        let rows = statement.query_map((course, lesson), AnswerRow::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
