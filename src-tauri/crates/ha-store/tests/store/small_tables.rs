//! Settings and activity.

use crate::{COURSE, LESSON, NOW, Place, hostile_texts, new_run, run_end};
use ha_store::{ActivityRow, AnswerRow, BaseRow, RunKind, Timestamp};

#[test]
fn a_setting_is_what_was_set_last() {
    let place = Place::new();
    let store = place.open();
    assert_eq!(store.setting("theme").unwrap(), None);
    store.set_setting("theme", "\"light\"").unwrap();
    store.set_setting("theme", "\"dark\"").unwrap();
    for text in hostile_texts() {
        store.set_setting(&text, &text).unwrap();
    }
    drop(store);
    let store = place.open();
    assert_eq!(store.setting("theme").unwrap().as_deref(), Some("\"dark\""));
    for text in hostile_texts() {
        assert!(store.setting(&text).unwrap() == Some(text));
    }
}

#[test]
fn activity_is_counted_by_quarters_of_an_hour() {
    let place = Place::new();
    let store = place.open();
    let quarter = Timestamp(NOW.0 - NOW.0.rem_euclid(15 * 60_000));
    let later = |minutes: i64| Timestamp(quarter.0 + minutes * 60_000);
    for (id, kind, minute, numbers) in [
        ("a", RunKind::Run, 0, None),
        ("b", RunKind::Check, 14, Some((1, 2))),
        ("c", RunKind::Check, 14, Some((2, 2))),
        ("d", RunKind::Check, 45, Some((2, 2))),
        // A run's numbers are not a check's.
        ("e", RunKind::Run, 45, Some((2, 2))),
    ] {
        store.begin_run(&new_run(id, kind, later(minute))).unwrap();
        store.finish_run(id, &run_end(numbers)).unwrap();
    }
    let row = |at, runs, checks_passed| ActivityRow {
        at,
        runs,
        checks_passed,
    };
    let both = [row(later(0), 3, 1), row(later(45), 2, 1)];
    assert_eq!(store.activity(Timestamp(i64::MIN)).unwrap(), both);
    assert_eq!(store.activity(later(14)).unwrap(), both);
    assert_eq!(store.activity(later(15)).unwrap(), both[1..]);
    assert_eq!(store.activity(later(60)).unwrap(), []);
}

#[test]
fn health_says_what_it_found() {
    let place = Place::new();
    let store = place.open();
    let health = store.health().unwrap();
    assert!(health.healthy, "{health:?}");
    assert_eq!((health.schema_version, &*health.journal_mode), (4, "wal"));
    assert_eq!(health.quick_check, "ok");
    assert!(health.size_bytes > 4096 && health.duration_ms > 0.0);
    assert!(
        health.summary.contains("learner's 库.db: schema 4, "),
        "{}",
        health.summary
    );
    assert!(
        health.summary.ends_with("KiB, wal, quick check ok"),
        "{}",
        health.summary
    );
}

#[test]
fn the_last_answer_to_a_question_counts_and_the_tries_are_kept() {
    let place = Place::new();
    let store = place.open();
    let key = (COURSE, LESSON, "q1");
    store.save_answer(key, "[0]", false, NOW).unwrap();
    store.save_answer(key, "[1]", true, NOW).unwrap();
    drop(store);
    let expected = AnswerRow {
        question: "q1".into(),
        given: "[1]".into(),
        is_right: true,
        tries: 2,
    };
    assert_eq!(place.open().answers(COURSE, LESSON).unwrap(), [expected]);
    assert_eq!(place.open().answers(COURSE, "other").unwrap(), []);
}

#[test]
fn the_starter_that_a_draft_began_from_is_the_oldest_one() {
    let place = Place::new();
    let store = place.open();
    let base = |path: &str, text: &str| BaseRow {
        lesson: LESSON.into(),
        path: path.into(),
        text: text.into(),
    };
    store
        .save_draft(COURSE, LESSON, "main.py", "mine", NOW)
        .unwrap();
    let first = [base("main.py", "1"), base("untouched.py", "1")];
    store.keep_bases(COURSE, &first).unwrap();
    store.keep_bases(COURSE, &[base("main.py", "2")]).unwrap();
    assert_eq!(store.bases(COURSE, LESSON).unwrap(), [base("main.py", "1")]);
    store.drop_base(COURSE, LESSON, "main.py").unwrap();
    assert_eq!(store.bases(COURSE, LESSON).unwrap(), []);
    // What is kept without a draft is of one that is gone.
    store.begin_base(COURSE, &base("main.py", "3")).unwrap();
    store.begin_base(COURSE, &base("main.py", "4")).unwrap();
    store.begin_base(COURSE, &base("new.py", "1")).unwrap();
    store.begin_base(COURSE, &base("new.py", "2")).unwrap();
    let kept = [base("main.py", "3"), base("new.py", "2")];
    assert_eq!(store.bases(COURSE, LESSON).unwrap(), kept);
}
