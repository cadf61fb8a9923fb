//! Measures courses: a book of the real one's size is made, imported, packed, installed, listed,
//! opened and searched. Prints one JSON object, times in milliseconds. The first argument is a folder
//! for all of it, which is emptied first; the course stays there for whoever measures more, and with
//! `--only-make` as the second argument that is all.
//!
//! Left out: running code (`helloagents course check` does that over the same course) and painting
//! (the bench of the window does).

#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

mod book;

use ha_api::wire::{Language, LessonRef, LessonSearch};
use ha_api::{App, ImportWatch, Places, course_import, course_pack};
use ha_course::Shelf;
use ha_testkit::FakeRunner;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

const TURNS: usize = 40;
/// The learner's data, below the folder of the bench.
const DATA: &str = "home/data";
/// What somebody types: words of one, two and more characters, English, code, two words, and none.
const QUESTIONS: [&str; 12] = [
    "智",
    "环",
    "智能体",
    "观察",
    "工具 调用",
    "记忆",
    "agent",
    "reflec",
    "def step",
    "observation",
    "没有这个词",
    "prompt template",
];

#[tokio::main]
async fn main() {
    let root = PathBuf::from(std::env::args().nth(1).expect("a folder to work in"));
    fs::remove_dir_all(&root).ok();
    let source = root.join("book");
    let size = book::write(&source);
    let course = root.join("course");

    let memory_before = peak_memory_kib();
    let began = Instant::now();
    let nobody: ImportWatch = Arc::new(|_, _, _| true);
    let report = course_import(None, &source, None, &course, &nobody)
        .await
        .unwrap()
        .unwrap();
    let import_ms = ms(began);
    if std::env::args()
        .nth(2)
        .is_some_and(|mode| mode == "--only-make")
    {
        return;
    }
    let import_memory = peak_memory_kib().zip(memory_before).map(|(a, b)| a - b);
    assert_eq!(
        (report.lessons, report.images),
        (book::CHAPTERS, book::IMAGES)
    );
    assert!(report.missing_images.is_empty() && report.dead_links.is_empty());

    let bundle = root.join("book.hacourse");
    let began = Instant::now();
    course_pack(&course, &bundle).unwrap();
    let pack_ms = ms(began);

    let app = App::open(places(&root), FakeRunner::silent(), || 0);
    let began = Instant::now();
    let shown = app.bundle_look(&bundle).await.unwrap().fingerprint;
    let look_ms = ms(began);
    let began = Instant::now();
    app.bundle_install(&bundle, &shown, false).await.unwrap();
    let install_ms = ms(began);

    let list = times(async |_| drop(app.home().await.unwrap())).await;
    let (largest, text_file) = largest(&course);
    let lesson = LessonRef {
        course: report.course.clone(),
        lesson: largest,
    };
    let open_once = async || {
        let began = Instant::now();
        app.lesson_text(&lesson, Language::Zh).await.unwrap();
        ms(began)
    };
    // As the window does: while the learner looks at Home, the lesson that it leads to is read.
    let next = app.home().await.unwrap().courses[0].next.clone();
    app.lesson_text(&next.unwrap(), Language::Zh).await.unwrap();
    let first_open_ms = open_once().await;
    let mut again = Vec::new();
    for _ in 0..TURNS {
        again.push(open_once().await);
    }
    let installed = Shelf::at(&root.join(DATA)).courses();
    let installed = installed.join(&report.course).join(text_file);
    let text = fs::read_to_string(&installed).unwrap();
    let mut unseen = Vec::new();
    for turn in 0..TURNS {
        // Another name in every block: what was coloured before is of no use.
        let other = text.replace("def step_", &format!("def turn_{turn}_"));
        fs::write(&installed, other).unwrap();
        unseen.push(open_once().await);
    }
    fs::write(&installed, text).unwrap();

    let began = Instant::now();
    search(&app, "").await;
    let index_ms = ms(began);
    let found = times(async |turn| {
        search(&app, QUESTIONS[turn % QUESTIONS.len()]).await;
    })
    .await;
    let per_question: Vec<Value> = {
        let mut all = Vec::new();
        for question in QUESTIONS {
            let began = Instant::now();
            let hits = search(&app, question).await;
            all.push(json!({ "question": question, "hits": hits, "ms": ms(began) }));
        }
        all
    };
    println!(
        "{}",
        json!({
            "book": size,
            "import_ms": import_ms,
            "import_peak_kib": import_memory,
            "pack_ms": pack_ms,
            "bundle_bytes": fs::metadata(&bundle).unwrap().len(),
            "verify_ms": look_ms,
            "verified_install_ms": install_ms,
            "list_ms": list,
            "open_largest_ms": {
                "first": first_open_ms,
                "unseen_code": spread(unseen),
                "again": spread(again),
            },
            "index_ms": index_ms,
            "search_ms": found,
            "questions": per_question,
        })
    );
}

async fn search(app: &Arc<App>, text: &str) -> usize {
    let asked = LessonSearch {
        text: text.into(),
        language: Language::Zh,
        course: None,
        limit: 20,
    };
    app.lesson_search(asked).await.unwrap().len()
}

fn places(root: &Path) -> Places {
    let at = |name: &str| root.join("home").join(name);
    Places {
        database: root.join(DATA).join("helloagents.sqlite"),
        cache: at("cache"),
        logs: at("logs"),
        courses: at("courses"),
        guest: at("guest"),
        image: at("image"),
        templates: at("templates"),
        downloads: at("downloads"),
    }
}

/// The lesson with the longest Chinese text: its id, and the file of that text in the course.
fn largest(course: &Path) -> (String, String) {
    let (course, _) = ha_course::load(course);
    let lessons = course.chapters.iter().flat_map(|chapter| &chapter.lessons);
    let size = |lesson: &&ha_course::Lesson| {
        let file = course.dir.join(lesson.text_file(ha_course::Language::Zh));
        fs::metadata(file).map_or(0, |text| text.len())
    };
    let largest = lessons.max_by_key(size).unwrap();
    (
        largest.id.clone(),
        largest.text_file(ha_course::Language::Zh),
    )
}

fn ms(began: Instant) -> f64 {
    (began.elapsed().as_secs_f64() * 1e5).round() / 1e2
}

/// How long each of many turns took.
async fn times(mut work: impl AsyncFnMut(usize)) -> Value {
    let mut taken = Vec::new();
    for turn in 0..TURNS {
        let began = Instant::now();
        work(turn).await;
        taken.push(ms(began));
    }
    spread(taken)
}

/// The median, the 95th of a hundred and the slowest of [`TURNS`].
fn spread(mut taken: Vec<f64>) -> Value {
    taken.sort_by(f64::total_cmp);
    let at = |share: f64| taken[((TURNS as f64 * share) as usize).min(TURNS - 1)];
    json!({ "median": at(0.5), "p95": at(0.95), "slowest": at(1.0) })
}

/// The most memory this process had at once; nothing where the system does not say it.
fn peak_memory_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
