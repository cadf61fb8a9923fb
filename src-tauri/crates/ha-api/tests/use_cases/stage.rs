//! One app on a folder of its own, with a course of two lessons.

use ha_api::wire::{FileText, Inspect, LessonRef, RunStart};
use ha_api::{App, Engines, Places, Sink};
use std::path::Path;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tokio::sync::Notify;

/// 2026-11-21 12:00 UTC.
pub const NOW: i64 = 1_795_262_400_000;

/// Those of the app itself.
const TEMPLATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../templates");

pub const COURSE: &str = r#"
format_version = 1
id = "tiny"
version = "1.0.0"
title = { zh = "小课", en = "Tiny" }
summary = { zh = "两节课。", en = "Two lessons." }
authors = ["a teacher"]
license = "CC-BY-4.0"
[[chapter]]
id = "one"
title = { zh = "一", en = "One" }
[[chapter.lesson]]
id = "hello"
path = "01-hello"
title = { zh = "你好", en = "Hello" }
minutes = 5
[[chapter.lesson]]
id = "again"
path = "02-again"
title = { zh = "再来", en = "Again" }
minutes = 10
"#;

const CHECKS: &str = r#"
[[check]]
id = "says-hello"
title = { zh = "问好", en = "Says hello" }
type = "output"
expect = "hello"
[[check]]
id = "says-more"
title = { zh = "多说", en = "Says more" }
type = "output"
contains = ["hel", "lo"]
"#;

pub const STARTER: &str = "print('nothing yet')\n";

/// A folder that lives as long as the test.
pub struct Stage {
    pub folder: TempDir,
}

impl Stage {
    pub fn new() -> Stage {
        let stage = Stage {
            folder: TempDir::new().unwrap(),
        };
        for lesson in ["01-hello", "02-again"] {
            for (path, text) in [
                ("lesson.zh.md", "# 你好\n\n运行它。\n"),
                ("lesson.en.md", "# Hello\n\nRun it.\n"),
                ("hints.zh.md", "## 看看 print\n"),
                ("hints.en.md", "## Look at print\n"),
                ("starter/main.py", STARTER),
                ("solution/main.py", "print('hello')\n"),
                ("data/note.txt", "given\n"),
                ("checks.toml", CHECKS),
            ] {
                stage.write(&format!("courses/tiny/{lesson}/{path}"), text);
            }
        }
        stage.write("courses/tiny/course.toml", COURSE);
        stage
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn places(&self) -> Places {
        let at = |name: &str| self.folder.path().join(name);
        Places {
            database: at("data/helloagents.sqlite"),
            cache: at("cache"),
            logs: at("logs"),
            courses: at("courses"),
            guest: at("guest"),
            image: self.folder.path().join("image"),
            templates: TEMPLATES.into(),
            downloads: at("downloads"),
        }
    }

    pub fn open(&self, runner: impl Into<Engines>) -> Arc<App> {
        App::open(self.places(), runner, || NOW)
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

pub fn lesson() -> LessonRef {
    LessonRef {
        course: "tiny".into(),
        lesson: "hello".into(),
    }
}

pub fn file(path: &str, text: &str) -> FileText {
    FileText {
        path: path.into(),
        text: text.into(),
    }
}

/// A run of the first lesson, kept in the history.
pub fn run_of(code: &str) -> RunStart {
    RunStart {
        run_id: id(),
        lesson: lesson(),
        files: vec![file("main.py", code)],
        before: Vec::new(),
        inspect: Inspect::Variables,
        keep: true,
        faults: Vec::new(),
        fork: None,
    }
}

pub fn id() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Collects a stream and waits for things in it.
pub struct Seen<E> {
    events: Arc<Mutex<Vec<E>>>,
    changed: Arc<Notify>,
}

impl<E: Clone + Send + 'static> Seen<E> {
    pub fn new() -> (Seen<E>, Sink<E>) {
        let events = Arc::new(Mutex::new(Vec::new()));
        let changed = Arc::new(Notify::new());
        let seen = Seen {
            events: events.clone(),
            changed: changed.clone(),
        };
        let sink = Box::new(move |batch: Vec<E>| {
            events.lock().unwrap().extend(batch);
            changed.notify_one();
        });
        (seen, sink)
    }

    /// Waits until an event fits, and answers everything so far.
    pub async fn until(&self, fits: impl Fn(&E) -> bool) -> Vec<E> {
        loop {
            let events = self.events.lock().unwrap().clone();
            if events.iter().any(&fits) {
                return events;
            }
            self.changed.notified().await;
        }
    }
}
