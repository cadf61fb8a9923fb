//! Drafts: never lost, never silently replaced.

use crate::{COURSE, LESSON, NOW, Place, at, hostile_texts, new_run, run_end};
use ha_store::{RunKind, RunStatus, Store, StoreError};

fn texts(store: &Store) -> Vec<(String, String)> {
    let rows = store.drafts(COURSE, LESSON).unwrap();
    rows.into_iter().map(|row| (row.path, row.text)).collect()
}

fn pair(path: &str, text: &str) -> (String, String) {
    (path.into(), text.into())
}

#[test]
fn the_last_save_is_found_after_reopening() {
    let place = Place::new();
    let store = place.open();
    store
        .save_draft(COURSE, LESSON, "main.py", "first", NOW)
        .unwrap();
    store
        .save_draft(COURSE, LESSON, "main.py", "second", at(1))
        .unwrap();
    store
        .save_draft(COURSE, LESSON, "helper.py", "help", at(2))
        .unwrap();
    store
        .save_draft(COURSE, "another", "main.py", "elsewhere", at(3))
        .unwrap();
    drop(store);
    let rows = place.open().drafts(COURSE, LESSON).unwrap();
    let rows: Vec<_> = rows
        .iter()
        .map(|row| (&*row.path, &*row.text, row.updated_at))
        .collect();
    assert_eq!(
        rows,
        [("helper.py", "help", at(2)), ("main.py", "second", at(1))]
    );
}

#[test]
fn deleting_removes_one_file_and_may_find_none() {
    let store = &Place::new();
    let store = store.open();
    store.save_draft(COURSE, LESSON, "a.py", "a", NOW).unwrap();
    store.save_draft(COURSE, LESSON, "b.py", "b", NOW).unwrap();
    store.delete_draft(COURSE, LESSON, "a.py").unwrap();
    store.delete_draft(COURSE, LESSON, "never.py").unwrap();
    assert_eq!(texts(&store), [pair("b.py", "b")]);
}

#[test]
fn hostile_texts_and_names_come_back_as_they_were() {
    let place = Place::new();
    let store = place.open();
    for text in hostile_texts() {
        store.save_draft(&text, &text, &text, &text, NOW).unwrap();
    }
    drop(store);
    let store = place.open();
    for text in hostile_texts() {
        let rows = store.drafts(&text, &text).unwrap();
        assert_eq!(rows.len(), 1);
        assert!(rows[0].path == text && rows[0].text == text);
    }
}

#[test]
fn a_reset_replaces_all_files_and_keeps_the_old_ones_as_a_snapshot() {
    let place = Place::new();
    let store = place.open();
    store
        .save_draft(COURSE, LESSON, "main.py", "mine", NOW)
        .unwrap();
    store
        .save_draft(COURSE, LESSON, "gone.py", "mine too", NOW)
        .unwrap();
    store
        .save_draft(COURSE, "another", "main.py", "untouched", NOW)
        .unwrap();
    let snapshot = new_run("undo", RunKind::Snapshot, at(1));
    store
        .replace_drafts(&snapshot, &[pair("main.py", "restored")])
        .unwrap();

    let store = {
        drop(store);
        place.open()
    };
    assert_eq!(texts(&store), [pair("main.py", "restored")]);
    assert_eq!(store.drafts(COURSE, "another").unwrap().len(), 1);
    let kept = store.run("undo").unwrap().unwrap();
    assert_eq!(
        (kept.line.kind, kept.line.status),
        (RunKind::Snapshot, RunStatus::Finished)
    );
    assert_eq!(kept.files, snapshot.files);
    // A snapshot is no activity of the learner's.
    assert_eq!(store.activity(NOW).unwrap(), []);
}

#[test]
fn a_reset_that_fails_half_way_changes_nothing() {
    let place = Place::new();
    let store = place.open();
    store
        .save_draft(COURSE, LESSON, "main.py", "mine", NOW)
        .unwrap();
    let twice = [pair("main.py", "one"), pair("main.py", "two")];
    let failed = store.replace_drafts(&new_run("undo", RunKind::Snapshot, at(1)), &twice);
    assert!(matches!(failed, Err(StoreError::Failed(_))), "{failed:?}");
    assert_eq!(texts(&store), [pair("main.py", "mine")]);
    assert_eq!(store.run("undo").unwrap(), None);

    // The other half: the snapshot itself cannot be written because its id is taken.
    store
        .begin_run(&new_run("undo", RunKind::Run, NOW))
        .unwrap();
    store.finish_run("undo", &run_end(None)).unwrap();
    let failed = store.replace_drafts(&new_run("undo", RunKind::Snapshot, at(1)), &[]);
    assert!(matches!(failed, Err(StoreError::Failed(_))), "{failed:?}");
    assert_eq!(texts(&store), [pair("main.py", "mine")]);
}
