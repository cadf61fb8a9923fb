//! Two windows, a window and the command line: several connections on one file.

use crate::{COURSE, LESSON, NOW, Place, impatient, run_end};
use ha_store::{Store, StoreError};
use std::sync::{Barrier, mpsc};
use std::thread;

/// Another process in the middle of a transaction.
fn writer(place: &Place) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(&place.path).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    connection
}

#[test]
fn a_write_gives_up_when_another_process_holds_the_file_too_long() {
    let place = Place::new();
    let store = place.open_impatient();
    let other = writer(&place);
    let save = || store.save_draft(COURSE, LESSON, "main.py", "text", NOW);
    assert_eq!(save(), Err(StoreError::Busy));
    let check = store.finish_check("x", &run_end(Some((1, 1))), NOW);
    assert_eq!(check, Err(StoreError::Busy));
    // Readers never wait.
    assert_eq!(store.drafts(COURSE, LESSON).unwrap(), []);
    let second = Store::open_with(&place.path, NOW, impatient());
    assert_eq!(second.err(), Some(StoreError::Busy));

    other.execute_batch("COMMIT").unwrap();
    save().unwrap();
    assert_eq!(store.drafts(COURSE, LESSON).unwrap().len(), 1);
}

#[test]
fn a_write_waits_for_another_process_that_soon_ends() {
    let place = Place::new();
    let store = place.open();
    let other = writer(&place);
    let (about_to_save, saves) = mpsc::channel();
    thread::scope(|scope| {
        let saving = scope.spawn(|| {
            about_to_save.send(()).unwrap();
            store.save_draft(COURSE, LESSON, "main.py", "text", NOW)
        });
        saves.recv().unwrap();
        other.execute_batch("COMMIT").unwrap();
        saving.join().unwrap().unwrap();
    });
    assert_eq!(store.drafts(COURSE, LESSON).unwrap().len(), 1);
}

#[test]
fn a_fresh_file_that_another_process_prepares_is_busy_and_then_usable() {
    let place = Place::new();
    std::fs::create_dir_all(place.path.parent().unwrap()).unwrap();
    let other = writer(&place);
    let open = || Store::open_with(&place.path, NOW, impatient());
    assert_eq!(open().err(), Some(StoreError::Busy));
    other.execute_batch("COMMIT").unwrap();
    open().unwrap();
}

#[test]
fn several_may_start_for_the_first_time_at_once_and_write() {
    const SAVES: usize = 20;
    // Several rounds: the windows have to meet inside a few hundred microseconds.
    for _ in 0..5 {
        let place = Place::new();
        let ready = Barrier::new(4);
        thread::scope(|scope| {
            for window in ["a", "b", "c", "d"] {
                let (place, ready) = (&place, &ready);
                scope.spawn(move || {
                    ready.wait();
                    let store = place.open();
                    for n in 0..SAVES {
                        let path = format!("{window}{n}.py");
                        store
                            .save_draft(COURSE, LESSON, &path, window, NOW)
                            .unwrap();
                    }
                });
            }
        });
        let store = place.open();
        assert_eq!(store.drafts(COURSE, LESSON).unwrap().len(), 4 * SAVES);
        assert!(store.health().unwrap().healthy);
    }
}
