//! Runs: the code is kept from the moment it starts, and the history stays bounded.

use crate::{COURSE, LESSON, NOW, Place, at, hostile_texts, new_run, run_end};
use ha_store::{KEPT_RUNS, OUTPUT_HEAD_BYTES, RunEnd, RunKind, RunStatus, Store, StoreError};

fn ids(store: &Store, limit: u32) -> Vec<String> {
    let lines = store.runs(COURSE, LESSON, limit).unwrap();
    lines.into_iter().map(|line| line.id).collect()
}

#[test]
fn a_run_keeps_its_code_and_its_end() {
    let place = Place::new();
    let store = place.open();
    let new = new_run("a", RunKind::Check, NOW);
    store.begin_run(&new).unwrap();
    let begun = store.run("a").unwrap().unwrap();
    assert_eq!(
        (begun.line.status, &begun.files),
        (RunStatus::Running, &new.files)
    );
    let end = RunEnd {
        results: Some("[1]".into()),
        ..run_end(Some((1, 2)))
    };
    assert!(store.finish_run("a", &end).unwrap());

    let store = {
        drop(store);
        place.open()
    };
    let row = store.run("a").unwrap().unwrap();
    assert_eq!(
        (row.line.status, row.line.duration_ms),
        (RunStatus::Finished, Some(12.5))
    );
    assert_eq!((row.line.passed, row.line.total), (Some(1), Some(2)));
    assert_eq!(
        (&row.line.outcome, &row.results),
        (&end.outcome, &end.results)
    );
    assert_eq!((row.output_head, row.files), (end.output_head, new.files));
    assert_eq!(store.runs(COURSE, LESSON, 9).unwrap(), [row.line]);
    assert_eq!(store.run("b").unwrap(), None);
}

#[test]
fn the_newest_come_first_and_ties_keep_their_order() {
    let place = Place::new();
    let store = place.open();
    for (id, minute) in [("b", 2), ("a", 1), ("c", 2), ("d", 3)] {
        store
            .begin_run(&new_run(id, RunKind::Run, at(minute)))
            .unwrap();
    }
    assert_eq!(ids(&store, 9), ["d", "c", "b", "a"]);
    assert_eq!(ids(&store, 2), ["d", "c"]);
}

#[test]
fn a_run_ends_once() {
    let place = Place::new();
    let store = place.open();
    store.begin_run(&new_run("a", RunKind::Run, NOW)).unwrap();
    assert!(store.finish_run("a", &run_end(None)).unwrap());
    assert!(
        !store
            .finish_run(
                "a",
                &RunEnd {
                    duration_ms: 99.0,
                    ..run_end(None)
                }
            )
            .unwrap()
    );
    assert!(!store.finish_run("unknown", &run_end(None)).unwrap());
    assert_eq!(
        store
            .finish_check("a", &run_end(Some((1, 1))), NOW)
            .unwrap(),
        None
    );
    store.lose_run("a").unwrap();
    let line = store.run("a").unwrap().unwrap().line;
    assert_eq!(
        (line.status, line.duration_ms),
        (RunStatus::Finished, Some(12.5))
    );
    assert_eq!(store.progress(COURSE, LESSON).unwrap(), None);
}

#[test]
fn an_id_is_used_once() {
    let place = Place::new();
    let store = place.open();
    store.begin_run(&new_run("a", RunKind::Run, NOW)).unwrap();
    let again = store.begin_run(&new_run("a", RunKind::Run, at(1)));
    assert!(matches!(again, Err(StoreError::Failed(_))), "{again:?}");
    // The failed one is not counted either: the transaction is one.
    assert_eq!(store.activity(NOW).unwrap()[0].runs, 1);
}

#[test]
fn a_run_that_was_running_when_its_app_died_is_lost_and_keeps_its_code() {
    let place = Place::new();
    let store = place.open();
    store
        .begin_run(&new_run("died", RunKind::Run, NOW))
        .unwrap();
    store
        .begin_run(&new_run("engine-died", RunKind::Run, NOW))
        .unwrap();
    store.lose_run("engine-died").unwrap();
    assert_eq!(
        store.run("engine-died").unwrap().unwrap().line.status,
        RunStatus::Lost
    );

    let store = {
        drop(store);
        place.open()
    };
    let row = store.run("died").unwrap().unwrap();
    assert_eq!((row.line.status, row.line.outcome), (RunStatus::Lost, None));
    assert!(row.files.contains("died"));
}

#[test]
fn a_run_called_lost_by_another_process_still_ends() {
    let place = Place::new();
    let window = place.open();
    window
        .begin_run(&new_run("a", RunKind::Check, NOW))
        .unwrap();
    drop(place.open());
    assert_eq!(
        window.run("a").unwrap().unwrap().line.status,
        RunStatus::Lost
    );
    assert!(
        window
            .finish_check("a", &run_end(Some((1, 1))), NOW)
            .unwrap()
            .is_some()
    );
    assert_eq!(
        window.run("a").unwrap().unwrap().line.status,
        RunStatus::Finished
    );
}

#[test]
fn the_output_is_cut_at_its_limit_between_characters() {
    let place = Place::new();
    let store = place.open();
    let keep = |id: &str, output_head: String| {
        store.begin_run(&new_run(id, RunKind::Run, NOW)).unwrap();
        store
            .finish_run(
                id,
                &RunEnd {
                    output_head,
                    ..run_end(None)
                },
            )
            .unwrap();
        store.run(id).unwrap().unwrap().output_head
    };
    assert_eq!(
        keep("obeyed", "x".repeat(OUTPUT_HEAD_BYTES)).len(),
        OUTPUT_HEAD_BYTES
    );
    assert_eq!(
        keep("violated", "x".repeat(OUTPUT_HEAD_BYTES + 1)).len(),
        OUTPUT_HEAD_BYTES
    );
    // 64 KiB is no multiple of three: the character across the border goes whole.
    let wide = keep("wide", "智".repeat(OUTPUT_HEAD_BYTES));
    assert_eq!(wide.len(), OUTPUT_HEAD_BYTES / 3 * 3);
    assert!(wide.chars().all(|c| c == '智'));
}

#[test]
fn hostile_texts_come_back_as_they_were() {
    let place = Place::new();
    let store = place.open();
    for (n, text) in hostile_texts().into_iter().enumerate() {
        let mut new = new_run(&format!("{n}{text}"), RunKind::Run, at(n as i64));
        (new.files, new.engine) = (text.clone(), text.clone());
        store.begin_run(&new).unwrap();
        let end = RunEnd {
            outcome: Some(text.clone()),
            results: Some(text.clone()),
            ..run_end(None)
        };
        store.finish_run(&new.id, &end).unwrap();
        let row = store.run(&new.id).unwrap().unwrap();
        assert!(row.files == text && row.line.engine == text && row.line.id == new.id);
        assert!(row.results == end.results && row.line.outcome == end.outcome);
    }
}

#[test]
fn the_history_keeps_the_newest_and_the_version_that_passed() {
    let place = Place::new();
    let store = place.open();
    store
        .begin_run(&new_run("still-running", RunKind::Run, at(0)))
        .unwrap();
    store
        .begin_run(&new_run("old-pass", RunKind::Check, at(1)))
        .unwrap();
    store
        .finish_check("old-pass", &run_end(Some((1, 1))), at(1))
        .unwrap();
    store
        .begin_run(&new_run("passed", RunKind::Check, at(2)))
        .unwrap();
    store
        .finish_check("passed", &run_end(Some((1, 1))), at(2))
        .unwrap();
    let mut elsewhere = new_run("elsewhere", RunKind::Run, at(0));
    elsewhere.lesson = "tools".into();
    store.begin_run(&elsewhere).unwrap();
    store.finish_run("elsewhere", &run_end(None)).unwrap();
    for n in 0..i64::from(KEPT_RUNS) + 5 {
        let id = n.to_string();
        store
            .begin_run(&new_run(&id, RunKind::Run, at(10 + n)))
            .unwrap();
        store.finish_run(&id, &run_end(None)).unwrap();
    }
    let kept = ids(&store, 1000);
    assert_eq!(kept.len(), KEPT_RUNS as usize + 2);
    assert_eq!(kept[0], (KEPT_RUNS + 4).to_string());
    assert_eq!(kept[KEPT_RUNS as usize - 1], "5");
    assert_eq!(kept[KEPT_RUNS as usize..], ["passed", "still-running"]);
    assert!(store.run("elsewhere").unwrap().is_some());
    // Snapshots are bounded too, by the transaction that writes them.
    store
        .replace_drafts(&new_run("undo", RunKind::Snapshot, at(9999)), &[])
        .unwrap();
    assert_eq!(ids(&store, 1000).len(), KEPT_RUNS as usize + 2);
    // What was forgotten was still done.
    let runs: u32 = store
        .activity(at(-99))
        .unwrap()
        .iter()
        .map(|row| row.runs)
        .sum();
    assert_eq!(runs, KEPT_RUNS + 5 + 4);
}

#[test]
fn the_list_does_not_read_files_and_output() {
    // 200 entries of 2 MB each: a list that read them would move 400 MB. The proof is the type of
    // a line, which has no place for them; this keeps an eye on the columns' order, which is what
    // lets SQLite stop before the long ones.
    let place = Place::new();
    drop(place.open());
    let connection = rusqlite::Connection::open(&place.path).unwrap();
    let columns: Vec<String> = connection
        .prepare("SELECT name FROM pragma_table_info('run')")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(
        columns[columns.len() - 3..],
        ["files", "output_head", "results"]
    );
}
