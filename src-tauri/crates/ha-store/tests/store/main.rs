//! The store as its callers use it: what is written is found again, whatever happens in between.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod conversations;
mod damage;
mod drafts;
mod killed;
mod lesson_index;
mod opening;
mod progress;
mod runs;
mod shared;
mod small_tables;
mod traces;

use ha_store::{NewRun, OpenOptions, RunEnd, RunKind, Store, Timestamp};
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;

pub(crate) const COURSE: &str = "build-ai-agents";
pub(crate) const LESSON: &str = "what-is-an-agent";
/// Some moment.
pub(crate) const NOW: Timestamp = Timestamp(1_795_243_500_000);

/// A database in a folder of its own, that can be closed and opened again.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) path: PathBuf,
}

impl Place {
    pub(crate) fn new() -> Place {
        let folder = tempfile::tempdir().unwrap();
        // Neither folder is there yet, and the name needs quoting everywhere.
        let path = folder.path().join("数据 'dir'").join("learner's 库.db");
        Place { folder, path }
    }

    pub(crate) fn open(&self) -> Store {
        Store::open(&self.path, NOW).unwrap()
    }

    /// With a wait too short to matter for other processes.
    pub(crate) fn open_impatient(&self) -> Store {
        Store::open_with(&self.path, NOW, impatient()).unwrap()
    }
}

pub(crate) fn impatient() -> OpenOptions {
    OpenOptions {
        busy_timeout: Duration::from_millis(20),
        ..OpenOptions::default()
    }
}

pub(crate) fn at(minutes: i64) -> Timestamp {
    Timestamp(NOW.0 + minutes * 60_000)
}

pub(crate) fn new_run(id: &str, kind: RunKind, started_at: Timestamp) -> NewRun {
    NewRun {
        id: id.into(),
        kind,
        course: COURSE.into(),
        lesson: LESSON.into(),
        files: format!(r#"[{{"path":"main.py","text":"print({id:?})"}}]"#),
        engine: "wasm".into(),
        started_at,
    }
}

pub(crate) fn run_end(numbers: Option<(u32, u32)>) -> RunEnd {
    RunEnd {
        outcome: Some(r#"{"kind":"exited","code":0}"#.into()),
        duration_ms: 12.5,
        output_head: "hi\n".into(),
        results: None,
        passed: numbers.map(|numbers| numbers.0),
        total: numbers.map(|numbers| numbers.1),
    }
}

/// Texts that break careless code.
pub(crate) fn hostile_texts() -> Vec<String> {
    vec![
        String::new(),
        "'; DROP TABLE draft; --".into(),
        "\"quoted\" `ticked` [bracketed] %_? ?1 :name @x $y".into(),
        "before\0after\0".into(),
        "👩‍👩‍👧‍👦 智能体 \u{202e}rtl \u{feff}bom \r\n\t".into(),
        "é".repeat(524_288),
    ]
}
