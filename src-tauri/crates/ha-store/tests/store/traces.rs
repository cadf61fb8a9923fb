//! Traces: kept once, beside their run, and gone with it.

use crate::{COURSE, LESSON, NOW, Place, new_run, run_end};
use ha_store::{KEPT_RUNS, RunKind};

#[test]
fn a_trace_is_kept_once_and_found_by_its_lesson() {
    let place = Place::new();
    let store = place.open();
    store.begin_run(&new_run("a", RunKind::Run, NOW)).unwrap();
    assert!(store.keep_trace("a", 3, "{\"中文\": 1}").unwrap());
    assert!(!store.keep_trace("a", 4, "another").unwrap());
    assert!(!store.keep_trace("no such run", 1, "{}").unwrap());
    drop(store);
    let store = place.open();
    assert_eq!(store.trace("a").unwrap().unwrap(), "{\"中文\": 1}");
    assert_eq!(store.trace("b").unwrap(), None);
    let lines = store.traces(COURSE, LESSON, 9).unwrap();
    assert_eq!((lines[0].run.as_str(), lines[0].spans), ("a", 3));
    assert_eq!(store.traces(COURSE, "another", 9).unwrap(), []);
}

#[test]
fn a_trace_goes_with_its_run() {
    let place = Place::new();
    let store = place.open();
    for n in 0..=KEPT_RUNS {
        let id = format!("run {n}");
        store.begin_run(&new_run(&id, RunKind::Run, NOW)).unwrap();
        assert!(store.keep_trace(&id, 1, "{}").unwrap());
        store.finish_run(&id, &run_end(None)).unwrap();
    }
    assert_eq!(store.trace("run 0").unwrap(), None);
    let lines = store.traces(COURSE, LESSON, 1000).unwrap();
    assert_eq!(lines.len(), KEPT_RUNS as usize);
    assert_eq!(lines[0].run, format!("run {KEPT_RUNS}"));
}
