//! Forgetting a course: all that the learner did in it goes, and a copy of the whole database stays
//! beside it, among the backups. What it cost and on which days something was done stays counted.

use crate::migration::MIGRATIONS;
use crate::table::{message, thread};
use crate::{Store, StoreError, Timestamp, backup};
use std::path::PathBuf;

/// One statement a table. Progress names runs, so it goes before them; traces go with their runs.
const DELETE: [&str; 5] = [
    "DELETE FROM draft WHERE course = ?1",
    "DELETE FROM draft_base WHERE course = ?1",
    "DELETE FROM answer WHERE course = ?1",
    "DELETE FROM lesson_progress WHERE course = ?1",
    "DELETE FROM run WHERE course = ?1",
];
const THREADS: &str = "SELECT id FROM thread WHERE course = ?1";
/// Everything that `forget_course` would remove, but for what hangs on these.
const WORK: &str = "SELECT course, COUNT(DISTINCT lesson), MAX(at) FROM (
        SELECT course, lesson, updated_at AS at FROM draft
        UNION ALL SELECT course, lesson, answered_at FROM answer
        UNION ALL SELECT course, lesson, opened_at FROM lesson_progress
        UNION ALL SELECT course, lesson, started_at FROM run
        UNION ALL SELECT course, lesson, updated_at FROM thread
    ) GROUP BY course ORDER BY MAX(at) DESC, course";

/// How much the learner did in a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseWork {
    /// The course's id.
    pub course: String,
    /// Lessons with anything in them.
    pub lessons: u32,
    /// When something was done last.
    pub last: Timestamp,
}

impl Store {
    /// Every course that there is work of, the one worked in last first.
    ///
    /// # Errors
    /// Those of reading.
    pub fn course_work(&self) -> Result<Vec<CourseWork>, StoreError> {
        let connection = self.lock();
        let mut found = connection.prepare_cached(WORK)?;
        let rows = found.query_map([], |row| {
            Ok(CourseWork {
                course: row.get(0)?,
                lessons: row.get(1)?,
                last: Timestamp(row.get(2)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Removes drafts, answers, progress, runs, traces and conversations of a course, all or none,
    /// and answers where the database is as it was before. There need be nothing of the course.
    ///
    /// # Errors
    /// Those of writing; without a copy nothing is removed.
    pub fn forget_course(&self, course: &str, now: Timestamp) -> Result<PathBuf, StoreError> {
        let copy = {
            // An open store has been brought to the newest schema.
            let schema = MIGRATIONS.len() as u32;
            backup::make(&self.lock(), self.path(), schema, now)?
        };
        self.transaction(|transaction| {
            for sql in DELETE {
                transaction.prepare_cached(sql)?.execute([course])?;
            }
            let mut threads = transaction.prepare_cached(THREADS)?;
            let ids = threads.query_map([course], |row| row.get::<_, String>(0))?;
            for id in ids.collect::<Result<Vec<_>, _>>()? {
                message::delete_of(transaction, &id)?;
                transaction.prepare_cached(thread::DELETE)?.execute([id])?;
            }
            Ok(())
        })?;
        Ok(copy)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use crate::{MessageRole, MessageStatus, NewMessage, NewRun, RunEnd, RunKind};

    const NOW: Timestamp = Timestamp(7);

    fn found(store: &Store) -> Vec<(String, u32, i64)> {
        let work = store.course_work().unwrap().into_iter();
        work.map(|work| (work.course, work.lessons, work.last.0))
            .collect()
    }

    #[test]
    fn work_is_found_whatever_it_is_and_the_latest_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("learner.db"), NOW).unwrap();
        assert_eq!(found(&store), []);
        worked_in(&store, "old");
        let (draft, later) = ("print()", Timestamp(9));
        for lesson in ["a", "b"] {
            store
                .save_draft("drafts", lesson, "main.py", draft, later)
                .unwrap();
        }
        store
            .begin_thread("t", "talks", "a", "why", Timestamp(8))
            .unwrap();
        let of = |course: &str, lessons, last| (course.to_string(), lessons, last);
        let expected = [of("drafts", 2, 9), of("talks", 1, 8), of("old", 1, 7)];
        assert_eq!(found(&store), expected);
        store.forget_course("old", NOW).unwrap();
        assert_eq!(found(&store), expected[..2]);
    }

    fn worked_in(store: &Store, course: &str) {
        store.open_lesson(course, "l", NOW).unwrap();
        store
            .save_draft(course, "l", "main.py", "mine", NOW)
            .unwrap();
        store
            .save_answer((course, "l", "q"), "1", true, NOW)
            .unwrap();
        let run = NewRun {
            id: format!("run-{course}"),
            kind: RunKind::Check,
            course: course.into(),
            lesson: "l".into(),
            files: "[]".into(),
            engine: "wasm".into(),
            started_at: NOW,
        };
        store.begin_run(&run).unwrap();
        store.keep_trace(&run.id, 1, "{}").unwrap();
        let end = RunEnd {
            outcome: None,
            duration_ms: 1.0,
            output_head: String::new(),
            results: None,
            passed: Some(1),
            total: Some(1),
        };
        store.finish_check(&run.id, &end, NOW).unwrap();
        let thread = format!("thread-{course}");
        store
            .begin_thread(&thread, course, "l", "why", NOW)
            .unwrap();
        let said = NewMessage {
            id: format!("message-{course}"),
            thread,
            parent: None,
            role: MessageRole::User,
            status: MessageStatus::Done,
            created_at: NOW,
            about: "{}".into(),
            parts: "[]".into(),
            words: "loop".into(),
        };
        store.add_messages(&[said]).unwrap();
    }

    /// How much there is of a course: drafts, answers, runs, traces, lessons, conversations.
    fn left(store: &Store, course: &str) -> [usize; 6] {
        [
            store.drafts(course, "l").unwrap().len(),
            store.answers(course, "l").unwrap().len(),
            store.runs(course, "l", 9).unwrap().len(),
            store.traces(course, "l", 9).unwrap().len(),
            store.progress_of(course).unwrap().len(),
            store.threads(course, "l", 9).unwrap().len(),
        ]
    }

    #[test]
    fn one_course_is_forgotten_and_the_copy_still_knows_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("learner.db"), NOW).unwrap();
        worked_in(&store, "goes");
        worked_in(&store, "stays");
        assert_eq!(left(&store, "goes"), [1; 6]);

        let copy = store.forget_course("goes", NOW).unwrap();
        assert_eq!(left(&store, "goes"), [0; 6]);
        assert_eq!(left(&store, "stays"), [1; 6]);
        let found = store.search_messages("loop", 9).unwrap();
        assert_eq!(found.len(), 1, "only what stays is found");
        assert_eq!(store.activity(Timestamp(0)).unwrap().len(), 1);

        let before = Store::open(&copy, NOW).unwrap();
        assert_eq!(left(&before, "goes"), [1; 6]);
        store.forget_course("never", NOW).unwrap();
    }
}
