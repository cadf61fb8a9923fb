//! Bundles looked at and installed, courses taken away, and the learner's work, which updates leave
//! alone.

use crate::courses::{app, update};
use crate::stage::{COURSE, NOW, STARTER, file, lesson};
use ha_api::wire::{
    AuthorKeyHome, BundleInstalled, Language, LessonRef, ResetTo, SignerTrust, StarterChoice,
};
use ha_api::{ApiResult, App, ErrorCode};
use ha_testkit::FakeRunner;
use std::path::{Path, PathBuf};

/// Installs what a look showed.
async fn install(app: &App, path: &Path, is_trusted: bool) -> ApiResult<BundleInstalled> {
    let shown = app.bundle_look(path).await?.fingerprint;
    app.bundle_install(path, &shown, is_trusted).await
}

#[tokio::test]
async fn who_agreed_to_one_bundle_installs_no_other() {
    let (stage, app) = app();
    let dir = update(&stage, "print('better')\n");
    let path = PathBuf::from(app.author_pack(&dir).await.unwrap().path);
    let shown = app.bundle_look(&path).await.unwrap().fingerprint;
    let put = async |starter: &str| {
        stage.write("author/tiny/01-hello/starter/main.py", starter);
        assert_eq!(
            app.author_pack(&dir).await.unwrap().path,
            path.display().to_string()
        );
        app.bundle_install(&path, &shown, true).await
    };
    let refused = put("print('worse')\n").await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::BundleReplaced);
    let key = stage.path().join("data/author.key");
    ha_api::author_key_new(&key, [7; 32]).unwrap();
    let refused = put("print('better')\n").await.unwrap_err();
    assert_eq!(
        refused.code,
        ErrorCode::BundleReplaced,
        "somebody signed it"
    );
    let home = app.home().await.unwrap();
    let is_own = home.courses.iter().any(|course| course.own);
    assert!(!is_own, "nothing was installed");

    std::fs::remove_file(key).unwrap();
    put("print('better')\n").await.unwrap();
    let view = app.lesson_open(lesson(), Language::En).await.unwrap();
    assert_eq!(view.files[0].text, "print('better')\n");
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
    let refused = install(&app, &path, false).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::SignerChanged);
    install(&app, &path, true).await.unwrap();
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

    install(&app, &path, true).await.unwrap();
    let alone = app.course_remove("tiny", false).await.unwrap();
    assert!(alone.removed && alone.copy.is_none());
    assert_eq!(text().await, mine);

    install(&app, &path, true).await.unwrap();
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
    install(&app, &path, true).await.unwrap();
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
    install(&app, &path, true).await.unwrap();
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
    install(&app, &path, true).await.unwrap();
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
    install(&app, Path::new(&packed.path), true).await.unwrap();

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
    install(&app, &old, false).await.unwrap();
    let mine = file("main.py", "print('mine')\n");
    app.draft_save(lesson.clone(), mine).await.unwrap();
    app.course_remove("away", false).await.unwrap();
    install(&app, &new, false).await.unwrap();
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
    let shown = app.bundle_look(&path).await.unwrap().fingerprint;
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
        let error = app.bundle_install(&file, &shown, true).await.unwrap_err();
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
    install(&app, Path::new(&packed.path), true).await.unwrap();
    let view = app.lesson_open(lesson(), Language::En).await.unwrap();
    assert!(
        !view.text.needs_docker,
        "nobody signed it, so it gets the built-in sandbox"
    );
    assert_eq!(view.files[0].text, "print('better')\n");
    assert_eq!(app.starter_updates(&lesson()).await.unwrap(), []);
}
