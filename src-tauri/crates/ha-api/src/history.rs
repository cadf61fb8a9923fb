//! History: every run, check and thrown-away version of a lesson, and the way back to each.

use crate::wire::{
    CheckResult, FileText, FilesChanged, HistoryDetail, HistoryEntry, HistoryKind, LessonRef,
    RunOutcome,
};
use crate::{ApiError, ApiResult, App, ErrorCode};
use ha_store::{NewRun, RunEnd, RunKind, RunLine, RunRow};

/// Lines the window shows.
const LISTED: u32 = 200;
/// Output that is kept of each run; the rest was only on the screen.
const HEAD_BYTES: usize = 64 * 1024;

/// The beginning of an output.
#[derive(Default)]
pub(crate) struct Head(String);

impl Head {
    pub(crate) fn push(&mut self, text: &str) {
        let room = HEAD_BYTES - self.0.len().min(HEAD_BYTES);
        self.0.push_str(&text[..text.floor_char_boundary(room)]);
    }
}

/// What is written when a run or a check ends.
pub(crate) struct Finished(pub(crate) RunEnd);

impl Finished {
    pub(crate) fn run(outcome: RunOutcome, duration_ms: f64, head: Head) -> Finished {
        Finished(RunEnd {
            outcome: serde_json::to_string(&outcome).ok(),
            duration_ms,
            output_head: head.0,
            results: None,
            passed: None,
            total: None,
        })
    }

    pub(crate) fn check(results: &[CheckResult], total: u32, duration_ms: f64) -> Finished {
        let mut head = Head::default();
        results.iter().for_each(|result| head.push(&result.output));
        Finished(RunEnd {
            outcome: None,
            duration_ms,
            output_head: head.0,
            results: serde_json::to_string(results).ok(),
            passed: Some(crate::checks::passed(results)),
            total: Some(total),
        })
    }
}

impl App {
    /// Writes the beginning of a run; answers whether that worked. A history that cannot be written
    /// never keeps a program from running: the report says that it was not kept.
    pub(crate) async fn history_begin(
        &self,
        id: &str,
        kind: RunKind,
        lesson: &LessonRef,
        files: &[FileText],
        engine: &str,
    ) -> bool {
        let row = self.new_run(id, kind, lesson, files, engine);
        self.with_store(move |store| store.begin_run(&row))
            .await
            .is_ok()
    }

    pub(crate) fn new_run(
        &self,
        id: &str,
        kind: RunKind,
        lesson: &LessonRef,
        files: &[FileText],
        engine: &str,
    ) -> NewRun {
        NewRun {
            id: id.into(),
            kind,
            course: lesson.course.clone(),
            lesson: lesson.lesson.clone(),
            files: serde_json::to_string(files).expect("paths and texts are always JSON"),
            engine: engine.into(),
            started_at: self.now(),
        }
    }

    pub(crate) async fn history_finish(&self, id: &str, finished: Finished) -> bool {
        let id = id.to_string();
        self.with_store(move |store| store.finish_run(&id, &finished.0))
            .await
            .unwrap_or(false)
    }

    /// Writes a run or a check that the lesson's rules did not let start; answers whether that
    /// worked.
    pub(crate) async fn history_refused(
        &self,
        id: &str,
        kind: RunKind,
        lesson: &LessonRef,
        files: &[FileText],
    ) -> bool {
        let finished = Finished::run(RunOutcome::Refused, 0.0, Head::default());
        let engine = self.engine().name;
        self.history_begin(id, kind, lesson, files, &engine).await
            && self.history_finish(id, finished).await
    }

    pub(crate) async fn history_lost(&self, id: &str) {
        let id = id.to_string();
        // The failure that lost the run is what the learner hears of; this one is in the log.
        self.with_store(move |store| store.lose_run(&id)).await.ok();
    }

    /// The lesson's history, newest first, at most 200 entries.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn history_list(&self, lesson: LessonRef) -> ApiResult<Vec<HistoryEntry>> {
        let rows = self
            .with_store(move |store| store.runs(&lesson.course, &lesson.lesson, LISTED))
            .await?;
        Ok(rows.iter().map(entry).collect())
    }

    /// One entry with everything it kept.
    ///
    /// # Errors
    /// `history_not_found`, those of the store.
    pub async fn history_get(&self, id: String) -> ApiResult<HistoryDetail> {
        let row = self.history_row(id).await?;
        Ok(HistoryDetail {
            entry: entry(&row.line),
            files: files(&row),
            results: row
                .results
                .as_deref()
                .and_then(|results| serde_json::from_str(results).ok())
                .unwrap_or_default(),
            output_head: row.output_head,
        })
    }

    /// Puts an entry's files back. What was there becomes a snapshot, so this can be undone.
    ///
    /// # Errors
    /// `history_not_found`, `lesson_not_found`, those of the store.
    pub async fn history_restore(&self, id: String) -> ApiResult<FilesChanged> {
        let row = self.history_row(id).await?;
        let lesson = LessonRef {
            course: row.line.course.clone(),
            lesson: row.line.lesson.clone(),
        };
        self.replace_files(lesson, files(&row)).await
    }

    pub(crate) async fn history_row(&self, id: String) -> ApiResult<RunRow> {
        let found = self.with_store(move |store| store.run(&id)).await?;
        found.ok_or_else(|| {
            ApiError::new(
                ErrorCode::HistoryNotFound,
                "this entry is not in the history",
            )
        })
    }
}

/// A row's files; a row whose JSON is damaged has none, and says so in the log.
pub(crate) fn files(row: &RunRow) -> Vec<FileText> {
    serde_json::from_str(&row.files).unwrap_or_else(|error| {
        tracing::error!(run = row.line.id, %error, "the files of a history entry are damaged");
        Vec::new()
    })
}

fn entry(row: &RunLine) -> HistoryEntry {
    HistoryEntry {
        id: row.id.clone(),
        kind: match row.kind {
            RunKind::Run => HistoryKind::Run,
            RunKind::Check => HistoryKind::Check,
            RunKind::Snapshot => HistoryKind::Snapshot,
        },
        at: row.started_at.0 as f64,
        outcome: row
            .outcome
            .as_deref()
            .and_then(|outcome| serde_json::from_str(outcome).ok()),
        passed: row.passed,
        total: row.total,
        duration_ms: row.duration_ms,
    }
}
