//! Proof that every statement finds its rows through an index.
//!
//! The first test lists what the planner must choose for the statements that matter; the second
//! goes through all operations and catches whatever statement they run, so that a new one cannot be
//! forgotten.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::{
    BaseRow, MessageEnd, MessageRole, MessageStatus, NewMessage, NewRun, RunEnd, RunKind, Spent,
    Store, Timestamp,
};
use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

fn open() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("learner.db"), Timestamp(0)).unwrap();
    (folder, store)
}

fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .unwrap();
    // Parameters that are not bound are NULL, which does not change the plan.
    let rows = statement
        .raw_query()
        .mapped(|row| row.get(3))
        .collect::<Result<_, _>>();
    rows.unwrap()
}

fn check(sql: &str, expected: &[&str]) {
    let (_folder, store) = open();
    assert_eq!(plan(&store.lock(), sql), expected, "{sql}");
}

#[test]
fn each_question_has_its_index() {
    use super::{
        activity, answer, draft, draft_base, lesson_progress, message, run, setting, spending,
        thread, trace,
    };
    let by_lesson = "SEARCH run USING INDEX run_by_lesson (course=? AND lesson=?)";
    check(run::LIST, &[by_lesson]);
    check(
        run::SELECT_ONE,
        &["SEARCH run USING INDEX sqlite_autoindex_run_1 (id=?)"],
    );
    check(
        run::LOSE_ALL,
        &["SEARCH run USING INDEX run_running (status=?)"],
    );
    let by_draft_lesson =
        "SEARCH draft USING INDEX sqlite_autoindex_draft_1 (course=? AND lesson=?)";
    check(draft::SELECT_ALL, &[by_draft_lesson]);
    check(draft::DELETE_ALL, &[by_draft_lesson]);
    for (table, sql) in [
        ("answer", answer::SELECT_ALL),
        ("draft_base", draft_base::SELECT_ALL),
    ] {
        let found = format!(
            "SEARCH {table} USING INDEX sqlite_autoindex_{table}_1 (course=? AND lesson=?)"
        );
        check(sql, &[&found]);
    }
    let key = "sqlite_autoindex_lesson_progress_1";
    check(
        lesson_progress::SELECT_ONE,
        &[&format!(
            "SEARCH lesson_progress USING INDEX {key} (course=? AND lesson=?)"
        )],
    );
    check(
        lesson_progress::SELECT_COURSE,
        &[&format!(
            "SEARCH lesson_progress USING INDEX {key} (course=?)"
        )],
    );
    // Walks the index from its end and stops at the first entry.
    check(
        lesson_progress::SELECT_LAST,
        &["SCAN lesson_progress USING INDEX lesson_progress_by_opened"],
    );
    check(
        activity::SELECT_SINCE,
        &["SEARCH activity USING INTEGER PRIMARY KEY (rowid>?)"],
    );
    check(
        setting::SELECT,
        &["SEARCH setting USING PRIMARY KEY (key=?)"],
    );
    check(
        thread::BY_LESSON,
        &["SEARCH thread USING INDEX thread_by_lesson (course=? AND lesson=?)"],
    );
    check(
        message::BY_THREAD,
        &["SEARCH m USING INDEX message_by_thread (thread=?)"],
    );
    check(
        message::LOSE_ALL,
        &["SEARCH message USING INDEX message_streaming (status=?)"],
    );
    check(
        message::MATCHING,
        &[
            "SCAN w VIRTUAL TABLE INDEX 192:M0",
            "SEARCH m USING INTEGER PRIMARY KEY (rowid=?)",
        ],
    );
    check(
        trace::LIST,
        &[
            by_lesson,
            "SEARCH trace USING INDEX sqlite_autoindex_trace_1 (run=?)",
        ],
    );
    check(
        spending::SELECT,
        &["SEARCH spending USING PRIMARY KEY (month=?)"],
    );
}

#[test]
fn no_operation_looks_through_a_whole_table_or_sorts() {
    let (_folder, store) = open();
    let seen = Arc::new(Mutex::new(BTreeSet::new()));
    let collect = seen.clone();
    let note = move |event: TraceEvent<'_>| {
        if let TraceEvent::Profile(statement, _) = event {
            collect.lock().unwrap().insert(statement.sql().into_owned());
        }
    };
    store
        .lock()
        .trace_v2(TraceEventCodes::SQLITE_TRACE_PROFILE, Some(note))
        .unwrap();
    every_operation(&store);
    let seen: Vec<_> = {
        let seen = seen.lock().unwrap();
        let is_query = |sql: &&String| {
            ["SELECT", "INSERT", "UPDATE", "DELETE"]
                .iter()
                .any(|verb| sql.starts_with(verb))
                // The index of words runs statements of its own, which nobody else may.
                && !sql.contains("message_words_")
        };
        seen.iter().filter(is_query).cloned().collect()
    };
    assert!(
        seen.len() >= 20,
        "the operations run {} statements",
        seen.len()
    );
    for sql in seen {
        for step in plan(&store.lock(), &sql) {
            let is_first_of_index = step.ends_with("lesson_progress_by_opened")
                // What SQLite says of a question to the index of words.
                || step.contains("VIRTUAL TABLE INDEX");
            let is_slow = step.starts_with("SCAN") || step.contains("TEMP B-TREE");
            assert!(!is_slow || is_first_of_index, "{step}\n{sql}");
        }
    }
}

fn every_operation(store: &Store) {
    let now = Timestamp(1);
    let run = |id: &str, kind| NewRun {
        id: id.into(),
        kind,
        course: "c".into(),
        lesson: "l".into(),
        files: "[]".into(),
        engine: "wasm".into(),
        started_at: now,
    };
    let end = RunEnd {
        outcome: None,
        duration_ms: 1.0,
        output_head: String::new(),
        results: None,
        passed: Some(1),
        total: Some(1),
    };
    store.set_setting("k", "1").unwrap();
    store.setting("k").unwrap();
    store.open_lesson("c", "l", now).unwrap();
    store.begin_run(&run("1", RunKind::Run)).unwrap();
    store.finish_run("1", &end).unwrap();
    store.begin_run(&run("2", RunKind::Check)).unwrap();
    store.finish_check("2", &end, now).unwrap();
    store.begin_run(&run("3", RunKind::Run)).unwrap();
    store.lose_run("3").unwrap();
    store.mark_lost().unwrap();
    store.save_draft("c", "l", "main.py", "", now).unwrap();
    store.delete_draft("c", "l", "main.py").unwrap();
    let drafts = [("main.py".to_string(), String::new())];
    store
        .replace_drafts(&run("4", RunKind::Snapshot), &drafts)
        .unwrap();
    store.drafts("c", "l").unwrap();
    store.runs("c", "l", 10).unwrap();
    store.run("1").unwrap();
    store.keep_trace("1", 1, "{}").unwrap();
    store.trace("1").unwrap();
    store.traces("c", "l", 9).unwrap();
    store.progress("c", "l").unwrap();
    store.progress_of("c").unwrap();
    store.last_opened().unwrap();
    store.activity(now).unwrap();
    store.save_answer(("c", "l", "q"), "1", true, now).unwrap();
    store.answers("c", "l").unwrap();
    let base = BaseRow {
        lesson: "l".into(),
        path: "main.py".into(),
        text: String::new(),
    };
    store.begin_base("c", &base).unwrap();
    store.keep_bases("c", &[base]).unwrap();
    store.bases("c", "l").unwrap();
    store.drop_base("c", "l", "main.py").unwrap();
    every_operation_on_conversations(store);
}

fn every_operation_on_conversations(store: &Store) {
    let now = Timestamp(1);
    let spent = Spent {
        input: 1,
        cached: 0,
        output: 1,
        cost_pico: 1,
        currency: "CNY".into(),
    };
    store.begin_thread("t", "c", "l", "title", now).unwrap();
    let answer = NewMessage {
        id: "m".into(),
        thread: "t".into(),
        parent: None,
        role: MessageRole::Assistant,
        status: MessageStatus::Streaming,
        created_at: now,
        about: "{}".into(),
        parts: "[]".into(),
        words: "循环".into(),
    };
    store.add_messages(&[answer]).unwrap();
    store.grow_message("m", "[]", "循环 loop").unwrap();
    let end = MessageEnd {
        status: MessageStatus::Done,
        model: String::new(),
        request_id: String::new(),
        spent: Some(spent.clone()),
        about: "{}".into(),
        parts: "[]".into(),
        words: "loop".into(),
    };
    store.finish_message("m", &end, "2026-11").unwrap();
    store.mark_messages_lost().unwrap();
    store.messages("t").unwrap();
    store.search_messages("loop", 9).unwrap();
    store.threads("c", "l", 9).unwrap();
    store.thread("t").unwrap();
    store.rename_thread("t", "name").unwrap();
    store.show_branch("t", "m").unwrap();
    store.summarise_thread("t", "short", "m").unwrap();
    store.count_spent("2026-11", &spent).unwrap();
    store.spending("2026-11").unwrap();
    store.delete_thread("t").unwrap();
    store.forget_course("c", now).unwrap();
}
