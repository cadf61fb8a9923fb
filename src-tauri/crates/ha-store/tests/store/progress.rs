//! Progress: a lesson that passed stays passed.

use crate::{COURSE, LESSON, NOW, Place, at, new_run, run_end};
use ha_store::{ProgressState, RunKind};

#[test]
fn opening_starts_a_lesson_and_moves_it_to_the_front() {
    let place = Place::new();
    let store = place.open();
    assert_eq!(store.last_opened().unwrap(), None);
    assert_eq!(store.progress(COURSE, LESSON).unwrap(), None);
    store.open_lesson(COURSE, LESSON, at(0)).unwrap();
    store.open_lesson(COURSE, "tools", at(1)).unwrap();
    store.open_lesson("other", "first", at(2)).unwrap();
    store.open_lesson(COURSE, LESSON, at(3)).unwrap();

    let store = {
        drop(store);
        place.open()
    };
    let last = store.last_opened().unwrap().unwrap();
    assert_eq!(
        (&*last.course, &*last.lesson, last.opened_at),
        (COURSE, LESSON, at(3))
    );
    assert_eq!((last.state, last.attempts), (ProgressState::Started, 0));
    let lessons = store.progress_of(COURSE).unwrap();
    let lessons: Vec<_> = lessons.iter().map(|row| &*row.lesson).collect();
    assert_eq!(lessons, ["tools", LESSON]);
}

#[test]
fn a_pass_is_for_ever_and_the_last_version_that_passed_moves_on() {
    let place = Place::new();
    let store = place.open();
    let check = |id: &str, numbers, minute| {
        store
            .begin_run(&new_run(id, RunKind::Check, at(minute)))
            .unwrap();
        store
            .finish_check(id, &run_end(Some(numbers)), at(minute))
            .unwrap()
            .unwrap()
    };
    let row = check("a", (1, 3), 1);
    assert_eq!(
        (row.state, row.passed_run, row.first_passed_at),
        (ProgressState::Started, None, None)
    );
    let row = check("b", (3, 3), 2);
    assert_eq!(
        (row.state, row.first_passed_at),
        (ProgressState::Passed, Some(at(2)))
    );
    assert_eq!(row.passed_run.as_deref(), Some("b"));
    let row = check("c", (0, 3), 3);
    assert_eq!(
        (row.state, row.last_passed, row.last_total),
        (ProgressState::Passed, Some(0), Some(3))
    );
    assert_eq!(row.passed_run.as_deref(), Some("b"));
    let row = check("d", (3, 3), 4);
    assert_eq!(
        (row.passed_run.as_deref(), row.first_passed_at),
        (Some("d"), Some(at(2)))
    );
    assert_eq!(row.attempts, 4);
    drop(store);
    assert_eq!(place.open().progress(COURSE, LESSON).unwrap(), Some(row));
}

#[test]
fn none_of_no_checks_is_not_a_pass() {
    let place = Place::new();
    let store = place.open();
    store.begin_run(&new_run("a", RunKind::Check, NOW)).unwrap();
    let row = store.finish_check("a", &run_end(Some((0, 0))), NOW);
    assert_eq!(row.unwrap().unwrap().state, ProgressState::Started);
}
