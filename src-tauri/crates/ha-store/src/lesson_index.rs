//! The index over the texts of installed courses: headings, prose and code, found by words.
//!
//! It lies in a file of its own and not with the learner's data: everything in it can be made again
//! from the courses, so it is in no backup, may be deleted at any time, and filling it holds nobody
//! who saves. A file that cannot be used, or that another version of the app made, is emptied; where
//! no file can be written at all, the index lives in memory. What a course is, and when it changed,
//! the caller knows.

use crate::health::{OK, quick_check};
use crate::search_words::{indexed, question};
use crate::{StoreError, slow};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior};
use std::fs;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What the tables look like; another number in the file means that it is made anew.
const VERSION: u32 = 1;

const CREATE: &str = "
CREATE TABLE course (
    id TEXT PRIMARY KEY NOT NULL,
    stamp TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE passage (
    number INTEGER PRIMARY KEY,
    course TEXT NOT NULL,
    lesson TEXT NOT NULL,
    language TEXT NOT NULL,
    anchor TEXT NOT NULL,
    heading TEXT NOT NULL,
    prose TEXT NOT NULL,
    code TEXT NOT NULL
) STRICT;
CREATE INDEX passage_by_course ON passage (course);
CREATE VIRTUAL TABLE passage_words USING fts5 (
    heading, prose, code,
    content = '', contentless_delete = 1, prefix = '1', tokenize = 'unicode61 remove_diacritics 2'
);
";

const INSERT: &str = "INSERT INTO passage (course, lesson, language, anchor, heading, prose, code)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const INSERT_WORDS: &str = "INSERT INTO passage_words (rowid, heading, prose, code)
    VALUES (?1, ?2, ?3, ?4)";
const DELETE_WORDS: &str = "DELETE FROM passage_words
    WHERE rowid IN (SELECT number FROM passage WHERE course = ?1)";
const DELETE: &str = "DELETE FROM passage WHERE course = ?1";
const DELETE_STAMP: &str = "DELETE FROM course WHERE id = ?1";
const STAMP: &str = "INSERT INTO course (id, stamp) VALUES (?1, ?2)";
const STAMPS: &str = "SELECT id, stamp FROM course ORDER BY id";
/// A word in a heading says more about a passage than one in its prose, and that more than one in
/// its code. Rows are fetched for the best ones only.
const MATCHING: &str = "SELECT course, lesson, language, anchor, heading, prose, code
    FROM (SELECT rowid AS found, bm25(passage_words, 10.0, 1.0, 0.7) AS worth
        FROM passage_words WHERE passage_words MATCH ?1 ORDER BY worth LIMIT ?2)
    JOIN passage ON passage.number = found ORDER BY worth, number";

/// A stretch of a lesson under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Lesson id.
    pub lesson: String,
    /// `zh` or `en`.
    pub language: String,
    /// Where in the lesson it is; empty for its beginning.
    pub anchor: String,
    /// What it is found by first.
    pub heading: String,
    /// Plain text.
    pub prose: String,
    /// Its blocks of code.
    pub code: String,
}

/// A passage that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPassage {
    /// Course id.
    pub course: String,
    /// The passage.
    pub passage: Passage,
}

impl FoundPassage {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(FoundPassage {
            course: row.get(0)?,
            passage: Passage {
                lesson: row.get(1)?,
                language: row.get(2)?,
                anchor: row.get(3)?,
                heading: row.get(4)?,
                prose: row.get(5)?,
                code: row.get(6)?,
            },
        })
    }
}

/// The index. Share it by reference between threads; operations take turns.
pub struct LessonIndex {
    connection: Mutex<Connection>,
}

impl LessonIndex {
    /// Opens the index in the file `path`, or an empty one in memory where no file can be.
    ///
    /// # Errors
    /// [`StoreError::Failed`] when there is no memory for it.
    pub fn open(path: &Path) -> Result<LessonIndex, StoreError> {
        let connection = match in_file(path) {
            Ok(connection) => connection,
            Err(first) => {
                tracing::warn!(error = %first, "the index of the lessons is made anew");
                remove(path);
                match in_file(path) {
                    Ok(connection) => connection,
                    Err(_) => prepared(Connection::open_in_memory()?)?,
                }
            }
        };
        Ok(LessonIndex {
            connection: Mutex::new(connection),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic under the lock rolled its transaction back on the way out.
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The courses in the index, each with the stamp it was put in with.
    ///
    /// # Errors
    /// Those of reading.
    pub fn stamps(&self) -> Result<Vec<(String, String)>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(STAMPS)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Puts the passages of a course in the place of what the index has of it. One transaction.
    ///
    /// # Errors
    /// Those of writing; the index is as before then.
    pub fn put(&self, course: &str, stamp: &str, passages: &[Passage]) -> Result<(), StoreError> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        forget(&transaction, course)?;
        {
            let mut row = transaction.prepare_cached(INSERT)?;
            let mut words = transaction.prepare_cached(INSERT_WORDS)?;
            for passage in passages {
                let Passage {
                    lesson,
                    language,
                    anchor,
                    heading,
                    prose,
                    code,
                } = passage;
                row.execute((course, lesson, language, anchor, heading, prose, code))?;
                let number = transaction.last_insert_rowid();
                words.execute((number, indexed(heading), indexed(prose), indexed(code)))?;
            }
            transaction.execute(STAMP, (course, stamp))?;
        }
        Ok(transaction.commit()?)
    }

    /// Forgets a course.
    ///
    /// # Errors
    /// Those of writing.
    pub fn forget(&self, course: &str) -> Result<(), StoreError> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        forget(&transaction, course)?;
        Ok(transaction.commit()?)
    }

    /// The passages that hold every word of `text`, best first. The last letters of a word may be
    /// missing; Chinese is found by any piece of it, one character is enough.
    ///
    /// # Errors
    /// Those of reading.
    pub fn search(&self, text: &str, limit: u32) -> Result<Vec<FoundPassage>, StoreError> {
        let Some(question) = question(text) else {
            return Ok(Vec::new());
        };
        let connection = self.lock();
        let mut statement = connection.prepare_cached(MATCHING)?;
        let rows = statement.query_map((question, limit), FoundPassage::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn forget(connection: &Connection, course: &str) -> rusqlite::Result<()> {
    for sql in [DELETE_WORDS, DELETE, DELETE_STAMP] {
        connection.prepare_cached(sql)?.execute([course])?;
    }
    Ok(())
}

fn in_file(path: &Path) -> Result<Connection, StoreError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let connection = Connection::open(path)?;
    // Another window may be filling it.
    connection.busy_timeout(Duration::from_secs(2))?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    // What a power cut takes along is made again.
    connection.pragma_update(None, "synchronous", "off")?;
    match quick_check(&connection)? {
        whole if whole == OK => prepared(connection),
        found => Err(StoreError::Corrupt(found)),
    }
}

fn prepared(mut connection: Connection) -> Result<Connection, StoreError> {
    connection.pragma_update(None, "temp_store", "memory")?;
    slow::watch(&mut connection, crate::SLOW_STATEMENT)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: Option<String> = transaction
        .query_row("SELECT name FROM sqlite_schema LIMIT 1", [], |row| {
            row.get(0)
        })
        .optional()?;
    match (version, tables) {
        (VERSION, Some(_)) => {}
        (0, None) => {
            transaction.execute_batch(CREATE)?;
            transaction.pragma_update(None, "user_version", VERSION)?;
        }
        _ => return Err(StoreError::Corrupt("it is of another version".into())),
    }
    transaction.commit()?;
    Ok(connection)
}

fn remove(path: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_os_string();
        name.push(ending);
        // What cannot be removed cannot be opened either, and then the index is in memory.
        fs::remove_file(name).ok();
    }
}
