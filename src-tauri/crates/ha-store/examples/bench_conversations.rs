//! Measures conversations: 200 of 100 messages, opened and searched. Prints one JSON object, times in
//! milliseconds (the median and the slowest of each).
//!
//! Left out: rendering. The store knows no HTML.

#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use ha_store::{MessageRole, MessageStatus, NewMessage, Store, Timestamp};
use std::time::Instant;

const THREADS: usize = 200;
const MESSAGES: usize = 100;
const TURNS: usize = 50;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("learner.db"), Timestamp(0)).unwrap();
    fill(&store);
    let list = times(|_| assert_eq!(store.threads("c", "l", 200).unwrap().len(), THREADS));
    let open = times(|turn| {
        let thread = format!("t{}", turn * 7 % THREADS);
        assert_eq!(store.messages(&thread).unwrap().len(), MESSAGES);
    });
    let words = ["循环", "whi", "m42", "条件 观察", "t7 loop"];
    let search = times(|turn| {
        let found = store
            .search_messages(words[turn % words.len()], 50)
            .unwrap();
        assert!(!found.is_empty());
    });
    println!(
        "{{\"list_ms\": {list}, \"open_ms\": {open}, \"search_ms\": {search}, \
         \"threads\": {THREADS}, \"messages_each\": {MESSAGES}}}"
    );
}

fn fill(store: &Store) {
    let said = "循环每转一圈都先观察再决定，while 的条件为假时才停。The loop ends then. ".repeat(6);
    for t in 0..THREADS {
        let thread = format!("t{t}");
        let at = Timestamp(t as i64);
        store.begin_thread(&thread, "c", "l", "title", at).unwrap();
        let message = |m: usize| NewMessage {
            id: format!("{t}-{m}"),
            thread: thread.clone(),
            parent: None,
            role: MessageRole::User,
            status: MessageStatus::Done,
            created_at: at,
            about: "{}".into(),
            parts: format!(r#"[{{"type":"text","text":"{said}"}}]"#),
            words: format!("{said} t{t} m{m}"),
        };
        let messages: Vec<_> = (0..MESSAGES).map(message).collect();
        store.add_messages(&messages).unwrap();
    }
}

/// The median and the slowest of many turns, as JSON.
fn times(mut work: impl FnMut(usize)) -> String {
    let mut taken: Vec<f64> = (0..TURNS)
        .map(|turn| {
            let began = Instant::now();
            work(turn);
            began.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    taken.sort_by(f64::total_cmp);
    let (median, slowest) = (taken[TURNS / 2], taken[TURNS - 1]);
    format!("{{\"median\": {median:.2}, \"slowest\": {slowest:.2}}}")
}
