//! The starter that a draft began from: the third leg of a three-way comparison once an update of the
//! course, or of the app with its own courses, has another. Drafts of older apps have none.

use crate::{Store, StoreError};

/// The primary key is the index of every query here.
pub(crate) const CREATE: &str = "
CREATE TABLE draft_base (
    course TEXT NOT NULL,
    lesson TEXT NOT NULL,
    path TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (course, lesson, path)
) STRICT;
";

/// A draft that is there began before.
const BEGIN: &str = "INSERT INTO draft_base (course, lesson, path, text) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT DO UPDATE SET text = excluded.text WHERE NOT EXISTS
    (SELECT 1 FROM draft WHERE course = ?1 AND lesson = ?2 AND path = ?3)";
/// Of several updates the first one counts: the draft began before it. Only files with a draft have
/// something to be compared.
const INSERT: &str = "INSERT INTO draft_base (course, lesson, path, text)
    SELECT course, lesson, path, ?4 FROM draft WHERE course = ?1 AND lesson = ?2 AND path = ?3
    ON CONFLICT DO NOTHING";
const DELETE: &str = "DELETE FROM draft_base WHERE course = ?1 AND lesson = ?2 AND path = ?3";
pub(super) const SELECT_ALL: &str = "SELECT path, text FROM draft_base
    WHERE course = ?1 AND lesson = ?2 ORDER BY path";

/// A starter's file as a draft began from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseRow {
    /// Lesson id.
    pub lesson: String,
    /// Relative path with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl Store {
    /// Keeps the starter that a draft begins from; to be called before each time the draft is saved.
    /// While there is a draft, what is kept of it stays.
    ///
    /// # Errors
    /// Those of writing.
    pub fn begin_base(&self, course: &str, base: &BaseRow) -> Result<(), StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(BEGIN)?;
        statement.execute((course, &base.lesson, &base.path, &base.text))?;
        Ok(())
    }

    /// Keeps the starters that an update replaces, each only where the learner has a draft of the file
    /// and no older one is kept. One transaction.
    ///
    /// # Errors
    /// Those of writing.
    pub fn keep_bases(&self, course: &str, bases: &[BaseRow]) -> Result<(), StoreError> {
        self.transaction(|transaction| {
            let mut insert = transaction.prepare_cached(INSERT)?;
            for BaseRow { lesson, path, text } in bases {
                insert.execute((course, lesson, path, text))?;
            }
            Ok(())
        })
    }

    /// The starters that drafts of a lesson began from, by path.
    ///
    /// # Errors
    /// Those of reading.
    pub fn bases(&self, course: &str, lesson: &str) -> Result<Vec<BaseRow>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(SELECT_ALL)?;
        let rows = statement.query_map((course, lesson), |row| {
            Ok(BaseRow {
                lesson: lesson.into(),
                path: row.get(0)?,
                text: row.get(1)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The learner has decided about a file: its draft stands beside the newest starter.
    ///
    /// # Errors
    /// Those of writing.
    pub fn drop_base(&self, course: &str, lesson: &str, path: &str) -> Result<(), StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(DELETE)?;
        statement.execute((course, lesson, path))?;
        Ok(())
    }
}
