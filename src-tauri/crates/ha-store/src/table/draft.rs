//! Drafts: what the learner has in the editor, file by file, while it differs from the starter.

use crate::table::run;
use crate::{NewRun, RunKind, Store, StoreError, Timestamp};
use rusqlite::Row;

/// The primary key is the index of every query here.
pub(crate) const CREATE: &str = "
CREATE TABLE draft (
    course TEXT NOT NULL,
    lesson TEXT NOT NULL,
    path TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (course, lesson, path)
) STRICT;
";

const UPSERT: &str = "INSERT INTO draft (course, lesson, path, text, updated_at)
    VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (course, lesson, path)
    DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at";
const INSERT: &str = "INSERT INTO draft (course, lesson, path, text, updated_at)
    VALUES (?1, ?2, ?3, ?4, ?5)";
const DELETE: &str = "DELETE FROM draft WHERE course = ?1 AND lesson = ?2 AND path = ?3";
pub(super) const DELETE_ALL: &str = "DELETE FROM draft WHERE course = ?1 AND lesson = ?2";
pub(super) const SELECT_ALL: &str = "SELECT path, text, updated_at FROM draft
    WHERE course = ?1 AND lesson = ?2 ORDER BY path";

/// One file of the learner's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// Relative path with `/`, as the caller gave it.
    pub path: String,
    /// The whole text.
    pub text: String,
    /// When it was saved.
    pub updated_at: Timestamp,
}

impl DraftRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(DraftRow {
            path: row.get(0)?,
            text: row.get(1)?,
            updated_at: row.get(2)?,
        })
    }
}

impl Store {
    /// Saves or replaces one file.
    ///
    /// # Errors
    /// Those of writing; the text saved before stays.
    pub fn save_draft(
        &self,
        course: &str,
        lesson: &str,
        path: &str,
        text: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(UPSERT)?;
        statement.execute((course, lesson, path, text, now))?;
        Ok(())
    }

    /// Removes one file; there need be none. Its text is gone: keep it in a snapshot first when
    /// the learner did not delete it character by character.
    ///
    /// # Errors
    /// Those of writing.
    pub fn delete_draft(&self, course: &str, lesson: &str, path: &str) -> Result<(), StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(DELETE)?;
        statement.execute((course, lesson, path))?;
        Ok(())
    }

    /// All files of a lesson, by path.
    ///
    /// # Errors
    /// Those of reading.
    pub fn drafts(&self, course: &str, lesson: &str) -> Result<Vec<DraftRow>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(SELECT_ALL)?;
        let rows = statement.query_map((course, lesson), DraftRow::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Puts `drafts` (path and text) in the place of all files of the snapshot's lesson, and keeps
    /// `snapshot`, which holds what the learner had before, in the history. One transaction: there
    /// is no moment in which the old files are gone and the snapshot is not there.
    ///
    /// The snapshot's time is the drafts' time, and it is stored as [`RunKind::Snapshot`].
    ///
    /// # Errors
    /// Those of writing, and [`StoreError::Failed`] when a path is twice in `drafts` or the
    /// snapshot's id is taken; everything is as before then.
    pub fn replace_drafts(
        &self,
        snapshot: &NewRun,
        drafts: &[(String, String)],
    ) -> Result<(), StoreError> {
        let (course, lesson) = (&snapshot.course, &snapshot.lesson);
        self.transaction(|transaction| {
            run::insert(transaction, snapshot, RunKind::Snapshot)?;
            run::prune(transaction, course, lesson)?;
            transaction
                .prepare_cached(DELETE_ALL)?
                .execute((course, lesson))?;
            let mut insert = transaction.prepare_cached(INSERT)?;
            for (path, text) in drafts {
                insert.execute((course, lesson, path, text, snapshot.started_at))?;
            }
            Ok(())
        })
    }
}
