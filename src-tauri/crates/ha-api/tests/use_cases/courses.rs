//! Courses of others and one's own: questions, imports, the author's place, shared code.

use crate::stage::{COURSE, NOW, STARTER, Seen, Stage, file, id, lesson};
use ha_api::wire::{
    ImportEvent, ImportKind, ImportStart, Language, ProofEvent, QuestionAnswer, QuestionForm,
};
use ha_api::{App, ErrorCode};
use ha_llm::keys::KeyStore;
use ha_testkit::FakeRunner;
use std::path::PathBuf;
use std::sync::Arc;

const QUESTIONS: &str = r#"
[[question]]
id = "pick"
type = "choice"
prompt = { zh = "选 **一** 个", en = "Pick *one*" }
why = { zh = "因为", en = "because" }
[[question.option]]
text = { zh = "对", en = "right" }
right = true
[[question.option]]
text = { zh = "错", en = "wrong" }
why = { zh = "不对", en = "not this" }
[[question]]
id = "word"
type = "fill"
prompt = { zh = "写", en = "Write" }
answers = ["while loop"]
[[question]]
id = "prints"
type = "predict"
prompt = { zh = "输出？", en = "Prints?" }
code = "print(1)"
expect = "1"
[[question]]
id = "sort"
type = "order"
prompt = { zh = "排", en = "Sort" }
lines = ["a = 1", "b = a"]
extra = ["import os"]
"#;

pub fn app() -> (Stage, Arc<App>) {
    let stage = Stage::new();
    stage.write("courses/tiny/01-hello/questions.toml", QUESTIONS);
    // A keyring of this machine is asked for a name that nobody has, and never written to.
    let keys = KeyStore::new(&format!("helloagents-test-{}", id()), None).unwrap();
    let app = App::open_with_keys(stage.places(), FakeRunner::silent(), || NOW, Arc::new(keys));
    (stage, app)
}

/// The course of the stage in an author's folder, with another starter and version.
pub fn update(stage: &Stage, starter: &str) -> PathBuf {
    let dir = stage.path().join("author/tiny");
    copy(&stage.path().join("courses/tiny"), &dir);
    stage.write("author/tiny/01-hello/starter/main.py", starter);
    stage.write(
        "author/tiny/course.toml",
        COURSE.replace("1.0.0", "1.1.0").replacen(
            "minutes = 5",
            "minutes = 5\nneeds = { docker = true }",
            1,
        ),
    );
    dir
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(std::fs::copy(entry.path(), to).unwrap()),
        }
    }
}

#[tokio::test]
async fn questions_are_asked_without_their_answers_and_judged() {
    let (_stage, app) = app();
    let asked = app.lesson_questions(lesson(), Language::Zh).await.unwrap();
    let ids: Vec<_> = asked.iter().map(|question| question.id.as_str()).collect();
    assert_eq!(ids, ["pick", "word", "prints", "sort"]);
    assert!(
        asked[0].prompt.contains("<strong>一</strong>"),
        "{}",
        asked[0].prompt
    );
    let QuestionForm::Order { lines, extra: true } = &asked[3].form else {
        panic!("{:?}", asked[3].form)
    };
    let place = |line: &str| lines.iter().position(|shown| shown == line).unwrap() as u32;
    let (first, second, extra) = (place("a = 1"), place("b = a"), place("import os"));

    let written = |text: &str| QuestionAnswer::Written { text: text.into() };
    let chosen = |options: &[u32]| QuestionAnswer::Chosen {
        options: options.to_vec(),
    };
    let ordered = |lines: &[u32]| QuestionAnswer::Ordered {
        lines: lines.to_vec(),
    };
    for (question, answer, right) in [
        ("pick", chosen(&[1]), false),
        ("pick", chosen(&[0, 1]), false),
        ("pick", chosen(&[0]), true),
        ("word", written("for"), false),
        ("word", written("  While  LOOP "), true),
        ("prints", written("2"), false),
        ("prints", written("1\n\n"), true),
        ("sort", ordered(&[second, first]), false),
        ("sort", ordered(&[first, second, extra]), false),
        ("sort", ordered(&[first, second]), true),
    ] {
        let verdict = app
            .question_answer(lesson(), question, answer.clone(), Language::En)
            .await
            .unwrap();
        assert_eq!(verdict.right, right, "{question} {answer:?}");
    }
    let again = app.lesson_questions(lesson(), Language::En).await.unwrap();
    let picked = again[0].answered.as_ref().unwrap();
    assert!(picked.right && picked.tries == 3, "{picked:?}");
    assert!(picked.said[0].contains("because"), "{picked:?}");
    for (question, answer) in [
        ("pick", chosen(&[9])),
        ("word", chosen(&[0])),
        ("nowhere", written("x")),
        ("sort", ordered(&[9])),
        ("word", written(&"x".repeat(4_001))),
    ] {
        let error = app
            .question_answer(lesson(), question, answer, Language::En)
            .await
            .unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidRequest, "{question}");
    }
}

#[tokio::test]
async fn an_import_tells_how_far_it_is_and_what_it_did() {
    let (stage, app) = app();
    for number in 1..=3 {
        stage.write(
            &format!("book/{number}.md"),
            format!("# {number}\n\n```python\nx\n```\n"),
        );
    }
    stage.write(
        "book/_sidebar.md",
        "- [一](1.md)\n- [二](2.md)\n- [三](3.md)\n",
    );
    let (seen, sink) = Seen::new();
    let start = ImportStart {
        job_id: id(),
        from: stage.path().join("book").display().to_string(),
        kind: ImportKind::Auto,
        into: stage.path().join("course").display().to_string(),
        run: false,
    };
    app.import_start(start.clone(), sink).await.unwrap();
    let is_last = |event: &ImportEvent| !matches!(event, ImportEvent::Progress { .. });
    let events = seen.until(is_last).await;
    let Some(ImportEvent::Finished { report }) = events.last() else {
        panic!("{events:?}")
    };
    assert_eq!((report.lessons, report.code.not_run), (3, 3));
    assert!(
        matches!(events[0], ImportEvent::Progress { total: 3, .. }),
        "{events:?}"
    );
    let opened = app.author_open(&PathBuf::from(&start.into)).await.unwrap();
    assert_eq!(opened.lessons.len(), 3);

    let (seen, sink) = Seen::new();
    let nothing = ImportStart {
        job_id: id(),
        from: stage.path().join("courses").display().to_string(),
        ..start
    };
    app.import_start(nothing, sink).await.unwrap();
    let events = seen.until(is_last).await;
    assert!(
        matches!(events.last(), Some(ImportEvent::Failed { .. })),
        "{events:?}"
    );
}

#[tokio::test]
async fn the_author_sees_each_lesson_put_through() {
    let (stage, app) = app();
    let dir = stage.path().join("courses/tiny");
    let (seen, sink) = Seen::new();
    app.author_check(&id(), &dir, sink).await.unwrap();
    let events = seen.until(|event| *event == ProofEvent::Finished).await;
    let lessons: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            ProofEvent::Lesson { proof } => Some((proof.lesson.as_str(), proof.checks)),
            _ => None,
        })
        .collect();
    assert_eq!(lessons, [("hello", 2), ("again", 2)]);

    let error = app.author_open(stage.path()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidRequest);
    let made = app.author_new(&stage.path().join("new-one")).await.unwrap();
    assert_eq!((made.id.as_str(), made.lessons.len()), ("new-one", 1));
}

#[tokio::test]
async fn a_preview_shows_what_was_saved_last_with_its_images() {
    let (stage, app) = app();
    let dir = update(&stage, STARTER);
    let pixel = b"GIF89a\x01\0\x01\0";
    stage.write("author/tiny/01-hello/images/a.png", pixel);
    stage.write(
        "author/tiny/01-hello/lesson.en.md",
        "# Hello\n\n![a](images/a.png)\n",
    );
    let address = async || {
        let text = app.author_preview(&dir, "hello", Language::En).await;
        let html = text.unwrap().html;
        let from = html.find("~preview").expect(&html);
        html[from..].split('"').next().unwrap().to_string()
    };
    let first = address().await;
    assert!(first.ends_with("/01-hello/images/a.png"), "{first}");
    assert_eq!(app.course_asset(&first).unwrap().0, pixel);
    assert_eq!(address().await, first);
    // A picture that was drawn anew is asked for anew.
    let larger = b"GIF89a\x02\0\x02\0 ";
    stage.write("author/tiny/01-hello/images/a.png", larger);
    let second = address().await;
    assert_ne!(second, first);
    assert_eq!(app.course_asset(&second).unwrap().0, larger);
    let before = app.author_stamp(&dir, None).await.unwrap();
    // Whoever knows the newest waits, and hears of the next save.
    let (saved, ()) = tokio::join!(app.author_stamp(&dir, Some(before.clone())), async {
        stage.write("author/tiny/01-hello/lesson.en.md", "# Hello\n\nmore\n")
    },);
    assert_ne!(saved.unwrap(), before);
}

#[tokio::test]
async fn shared_code_is_opened_beside_ones_own() {
    let (_stage, app) = app();
    app.draft_save(lesson(), file("main.py", "print('theirs')\n"))
        .await
        .unwrap();
    let path = app.code_share(lesson()).await.unwrap();
    app.draft_save(lesson(), file("main.py", "print('mine')\n"))
        .await
        .unwrap();
    let view = app.code_shared(&PathBuf::from(path)).await.unwrap();
    assert_eq!(view.code.files, [file("main.py", "print('theirs')\n")]);
    assert_eq!(view.mine.unwrap(), [file("main.py", "print('mine')\n")]);
    assert_eq!(view.code.result, None);
    let error = app
        .code_shared(&PathBuf::from("/nowhere.hacode"))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::FileUnreadable);
}
