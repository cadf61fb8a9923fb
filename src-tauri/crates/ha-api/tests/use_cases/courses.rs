//! Courses on the shelf: bundles looked at and installed, work that updates leave alone, questions,
//! imports, and the author's place.

use crate::stage::{COURSE, NOW, STARTER, Seen, Stage, file, id, lesson};
use ha_api::wire::{
    AuthorKeyHome, ImportEvent, ImportKind, ImportStart, Language, LessonRef, ProofEvent,
    QuestionAnswer, QuestionForm, ResetTo, SignerTrust, StarterChoice,
};
use ha_api::{App, ErrorCode};
use ha_llm::keys::KeyStore;
use ha_testkit::FakeRunner;
use std::path::{Path, PathBuf};
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

fn app() -> (Stage, Arc<App>) {
    let stage = Stage::new();
    stage.write("courses/tiny/01-hello/questions.toml", QUESTIONS);
    // A keyring of this machine is asked for a name that nobody has, and never written to.
    let keys = KeyStore::new(&format!("helloagents-test-{}", id()), None).unwrap();
    let app = App::open_with_keys(stage.places(), FakeRunner::silent(), || NOW, Arc::new(keys));
    (stage, app)
}

/// The course of the stage in an author's folder, with another starter and version.
fn update(stage: &Stage, starter: &str) -> PathBuf {
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
async fn a_bundle_says_who_signed_it_and_what_it_changes_before_it_is_installed() {
    let (stage, app) = app();
    let dir = update(&stage, "print('better')\n");
    let unsigned = app.author_pack(&dir).await.unwrap();
    assert_eq!(unsigned.signer, None);
    let path = PathBuf::from(&unsigned.path);
    let look = app.bundle_look(&path).await.unwrap();
    assert_eq!(look.trust, SignerTrust::NotTheApp);
    assert_eq!(
        (look.version.as_str(), look.installed.as_deref()),
        ("1.1.0", Some("1.0.0"))
    );
    let changes = look.changes.unwrap();
    assert_eq!(changes.changed[0].work, ["main.py"]);
    assert_eq!(changes.same, 1);

    let file = stage.path().join("data/author.key");
    ha_api::author_key_new(&file, [7; 32]).unwrap();
    let key = app.author_key_make([8; 32]).await.unwrap();
    assert_eq!(key.home, AuthorKeyHome::File, "the one that is there stays");
    let signed = app.author_pack(&dir).await.unwrap();
    assert_eq!(signed.signer, key.signer);
    assert_eq!(
        app.bundle_look(&path).await.unwrap().trust,
        SignerTrust::NotTheApp
    );
    let refused = app.bundle_install(&path, false).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::SignerChanged);
    app.bundle_install(&path, true).await.unwrap();
    let text = app.lesson_text(&lesson(), Language::En).await.unwrap();
    assert!(text.needs_docker, "who signed stands for what it asks for");
    assert_eq!(
        app.bundle_look(&path).await.unwrap().trust,
        SignerTrust::Same
    );
    let home = app.home().await.unwrap();
    assert!(
        home.courses
            .iter()
            .any(|course| course.id == "tiny" && course.own)
    );
    assert_eq!(
        std::fs::read_dir(stage.path().join("cache"))
            .unwrap()
            .count(),
        0,
        "what was unpacked to be looked at is gone"
    );

    let removed = app.course_remove("tiny", false).await.unwrap();
    assert!(removed.removed && removed.copy.is_none());
    let home = app.home().await.unwrap();
    assert!(
        !home.courses[0].own,
        "the one that came with the app is there again"
    );
}

#[tokio::test]
async fn a_course_goes_alone_or_with_the_work_in_it() {
    let (stage, app) = app();
    let dir = update(&stage, STARTER);
    let packed = app.author_pack(&dir).await.unwrap();
    let path = PathBuf::from(packed.path);
    let mine = "print('mine')\n";
    app.draft_save(lesson(), file("main.py", mine))
        .await
        .unwrap();
    let text = async || {
        let view = app.lesson_open(lesson(), Language::En).await.unwrap();
        view.files[0].text.clone()
    };

    let nothing = app.course_remove("tiny", true).await.unwrap();
    assert!(!nothing.removed, "it came with the app");
    assert_eq!(text().await, mine);

    app.bundle_install(&path, true).await.unwrap();
    let alone = app.course_remove("tiny", false).await.unwrap();
    assert!(alone.removed && alone.copy.is_none());
    assert_eq!(text().await, mine);

    app.bundle_install(&path, true).await.unwrap();
    let both = app.course_remove("tiny", true).await.unwrap();
    assert!(both.copy.is_some_and(|copy| Path::new(&copy).is_file()));
    assert_eq!(text().await, STARTER);
}

#[tokio::test]
async fn work_in_a_course_that_is_gone_is_found_again_or_forgotten() {
    let (stage, app) = app();
    let dir = update(&stage, STARTER);
    std::fs::remove_dir_all(stage.path().join("courses/tiny")).unwrap();
    let packed = app.author_pack(&dir).await.unwrap();
    let path = PathBuf::from(packed.path);
    let kept = async || app.home().await.unwrap().kept;
    app.bundle_install(&path, true).await.unwrap();
    let mine = "print('mine')\n";
    app.draft_save(lesson(), file("main.py", mine))
        .await
        .unwrap();
    assert_eq!(kept().await, [], "it is installed");

    app.course_remove("tiny", false).await.unwrap();
    let [work] = &kept().await[..] else {
        panic!("the work is not shown");
    };
    assert_eq!((&*work.course, work.lessons), ("tiny", 1));
    app.bundle_install(&path, true).await.unwrap();
    let view = app.lesson_open(lesson(), Language::En).await.unwrap();
    assert_eq!(view.files[0].text, mine, "it is there again");

    app.course_remove("tiny", false).await.unwrap();
    let other = app.course_remove("nothing", true).await.unwrap();
    assert!(!other.removed && other.copy.is_none());
    let later = app.course_remove("tiny", true).await.unwrap();
    assert!(!later.removed, "it was gone");
    assert!(later.copy.is_some_and(|copy| Path::new(&copy).is_file()));
    assert_eq!(kept().await, []);
    let again = app.course_remove("tiny", true).await.unwrap();
    assert_eq!(again.copy, None, "there is nothing to copy");
    app.bundle_install(&path, true).await.unwrap();
    let view = app.lesson_open(lesson(), Language::En).await.unwrap();
    assert_eq!(view.files[0].text, STARTER);
}

#[tokio::test]
async fn an_update_asks_before_it_touches_what_the_learner_wrote() {
    let (stage, app) = app();
    let dir = update(&stage, "import sys\nprint('nothing yet')\n");
    let mine = "print('nothing yet')\n\n\nprint('mine')\n";
    app.draft_save(lesson(), file("main.py", mine))
        .await
        .unwrap();
    assert_eq!(app.starter_updates(&lesson()).await.unwrap(), []);
    let packed = app.author_pack(&dir).await.unwrap();
    app.bundle_install(&PathBuf::from(packed.path), true)
        .await
        .unwrap();

    let view = app.lesson_open(lesson(), Language::En).await.unwrap();
    assert_eq!(view.files[0].text, mine, "nothing is replaced silently");
    let updates = app.starter_updates(&lesson()).await.unwrap();
    assert_eq!(updates.len(), 1);
    assert_eq!(updates[0].before, STARTER);
    let merged = "import sys\nprint('nothing yet')\n\n\nprint('mine')\n";
    assert_eq!(updates[0].merged.as_deref(), Some(merged));

    let path = "main.py".to_string();
    let settled = app
        .starter_settle(lesson(), path.clone(), StarterChoice::Merged)
        .await
        .unwrap();
    assert_eq!(settled.files[0].text, merged);
    assert_eq!(settled.updates, []);
    let kept = app.history_list(lesson()).await.unwrap();
    let kept = app.history_get(kept[0].id.clone()).await.unwrap();
    assert_eq!(
        kept.files[0].text, mine,
        "what was replaced is in the history"
    );
    let error = app
        .starter_settle(lesson(), path, StarterChoice::Mine)
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidRequest);
}

#[tokio::test]
async fn an_update_of_the_app_asks_as_an_update_of_a_course_does() {
    let (stage, app) = app();
    let starter = |text: &str| stage.write("courses/tiny/01-hello/starter/main.py", text);
    let type_in = async |app: &App, text: &str| {
        app.draft_save(lesson(), file("main.py", text))
            .await
            .unwrap();
    };
    type_in(&app, "print('mine')\n").await;
    type_in(&app, "print('mine, longer')\n").await;
    drop(app);
    starter("print('second')\n");
    let app = App::open(stage.places(), FakeRunner::silent(), || NOW);
    let updates = app.starter_updates(&lesson()).await.unwrap();
    assert_eq!(
        (&*updates[0].before, &*updates[0].now),
        (STARTER, "print('second')\n")
    );
    // Whoever goes back to the starter and begins anew begins from the new one.
    app.lesson_reset(lesson(), ResetTo::Starter).await.unwrap();
    type_in(&app, "print('second, mine')\n").await;
    assert_eq!(app.starter_updates(&lesson()).await.unwrap(), []);
    drop(app);
    starter("print('third')\n");
    let app = App::open(stage.places(), FakeRunner::silent(), || NOW);
    let updates = app.starter_updates(&lesson()).await.unwrap();
    assert_eq!(updates[0].before, "print('second')\n");
}

#[tokio::test]
async fn a_course_that_was_away_comes_back_with_the_starters_one_worked_from() {
    let (stage, app) = app();
    let dir = update(&stage, STARTER);
    let manifest = |version: &str| {
        let text = COURSE
            .replace("1.0.0", version)
            .replace("\"tiny\"", "\"away\"");
        stage.write("author/tiny/course.toml", text);
    };
    manifest("2.0.0");
    let old = PathBuf::from(app.author_pack(&dir).await.unwrap().path);
    manifest("2.1.0");
    stage.write("author/tiny/01-hello/starter/main.py", "print('new')\n");
    let new = PathBuf::from(app.author_pack(&dir).await.unwrap().path);
    let lesson = LessonRef {
        course: "away".into(),
        ..lesson()
    };
    app.bundle_install(&old, false).await.unwrap();
    let mine = file("main.py", "print('mine')\n");
    app.draft_save(lesson.clone(), mine).await.unwrap();
    app.course_remove("away", false).await.unwrap();
    app.bundle_install(&new, false).await.unwrap();
    let updates = app.starter_updates(&lesson).await.unwrap();
    assert_eq!(updates.len(), 1);
    assert_eq!(updates[0].before, STARTER);
    assert_eq!(updates[0].now, "print('new')\n");
    assert_eq!(updates[0].mine, "print('mine')\n");

    let look = app.bundle_look(&old).await.unwrap();
    assert!(look.is_older, "{look:?}");
    assert_eq!(
        look.changes.unwrap().changed[0].work,
        ["main.py"],
        "what it changes is known before it is installed"
    );
}

#[tokio::test]
async fn a_file_that_is_not_let_in_says_why() {
    let (stage, app) = app();
    let dir = update(&stage, STARTER);
    let path = PathBuf::from(app.author_pack(&dir).await.unwrap().path);
    let whole = std::fs::read(&path).unwrap();
    let changed = {
        let mut bytes = whole.clone();
        let at = bytes.windows(6).position(|part| part == b"1.1.0\"");
        // Packed, so the text of the list is not to be found: any byte of the last file will do.
        let at = at.unwrap_or(bytes.len() / 2);
        bytes[at] ^= 1;
        bytes
    };
    for (bytes, expected) in [
        (&b"%PDF-1.7"[..], vec![ErrorCode::NotABundle]),
        (&whole[..whole.len() / 2], vec![ErrorCode::BundleDamaged]),
        (
            &changed[..],
            vec![
                ErrorCode::BundleChanged,
                ErrorCode::BundleDamaged,
                ErrorCode::BundleRefused,
            ],
        ),
    ] {
        let file = stage.path().join("x.hacourse");
        std::fs::write(&file, bytes).unwrap();
        let error = app.bundle_look(&file).await.unwrap_err();
        assert!(expected.contains(&error.code), "{error}");
        let error = app.bundle_install(&file, true).await.unwrap_err();
        assert!(expected.contains(&error.code), "{error}");
    }
    let nowhere = stage.path().join("nowhere.hacourse");
    let error = app.bundle_look(&nowhere).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::FileUnreadable);
    stage.write("author/tiny/author.key", "hacourse-secret-key-1:AAAA");
    let error = app.author_pack(&dir).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::CannotPack);
    assert!(error.message.contains("author.key"), "{error}");
    let chinese = error.message_in(Language::Zh);
    assert!(chinese.contains("author.key: 这是作者的私钥"), "{chinese}");
}

#[tokio::test]
async fn an_update_leaves_alone_what_nobody_worked_on() {
    let (stage, app) = app();
    let dir = update(&stage, "print('better')\n");
    app.lesson_open(lesson(), Language::En).await.unwrap();
    let packed = app.author_pack(&dir).await.unwrap();
    app.bundle_install(&PathBuf::from(packed.path), true)
        .await
        .unwrap();
    let view = app.lesson_open(lesson(), Language::En).await.unwrap();
    assert!(
        !view.text.needs_docker,
        "nobody signed it, so it gets the built-in sandbox"
    );
    assert_eq!(view.files[0].text, "print('better')\n");
    assert_eq!(app.starter_updates(&lesson()).await.unwrap(), []);
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
