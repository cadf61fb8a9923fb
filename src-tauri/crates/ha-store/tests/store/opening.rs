//! Opening: what is made, what is refused, what is never touched, and starting fresh.

use crate::{COURSE, LESSON, NOW, Place, at};
use ha_store::{OpenOptions, Store, StoreError};
use rusqlite::config::DbConfig;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Writes SQL as another program would, and leaves it in the log as a killed one does.
fn write_and_die(path: &Path, sql: &str) {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        .unwrap();
    connection.execute_batch(sql).unwrap();
}

/// Every file of the folder but SQLite's shared memory, which is made anew by each opening.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .filter(|(name, _)| !name.ends_with("-shm"))
        .map(|(name, path)| (name, fs::read(path).unwrap()))
        .collect();
    found.sort();
    found
}

fn check_unwritable(path: &Path) {
    let refused = Store::open(path, NOW).err();
    assert!(
        matches!(refused, Some(StoreError::Unwritable(_))),
        "{path:?}: {refused:?}"
    );
}

#[cfg(unix)]
#[test]
fn what_is_made_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let store = place.open();
    store.set_setting("k", "v").unwrap();
    assert_eq!(store.path(), place.path);
    let folder = place.path.parent().unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(folder), 0o700);
    let modes: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| mode(&entry.unwrap().path()))
        .collect();
    assert_eq!(
        modes, [0o600; 3],
        "the database, its log and its shared memory"
    );
}

#[test]
fn a_newer_database_is_refused_and_not_touched() {
    let place = Place::new();
    place
        .open()
        .save_draft(COURSE, LESSON, "main.py", "mine", NOW)
        .unwrap();
    write_and_die(
        &place.path,
        "INSERT INTO schema_version VALUES (99, 'of tomorrow', 1)",
    );
    let folder = place.path.parent().unwrap();
    let before = contents(folder);
    assert_eq!(
        before.len(),
        2,
        "the database and a log with the newest version in it"
    );
    for _ in 0..2 {
        let refused = Store::open(&place.path, NOW).err();
        assert_eq!(
            refused,
            Some(StoreError::Newer {
                found: 99,
                known: 4
            })
        );
    }
    assert!(contents(folder) == before, "not a byte may differ");
}

#[test]
fn a_database_of_another_program_is_refused_and_not_touched() {
    let place = Place::new();
    let folder = place.path.parent().unwrap();
    fs::create_dir_all(folder).unwrap();
    write_and_die(
        &place.path,
        "CREATE TABLE bookmarks (url); INSERT INTO bookmarks VALUES ('x')",
    );
    let before = contents(folder);
    let refused = Store::open(&place.path, NOW).err();
    assert!(
        matches!(refused, Some(StoreError::Corrupt(_))),
        "{refused:?}"
    );
    assert!(contents(folder) == before);
}

#[test]
fn a_place_that_cannot_be_written_says_so() {
    let place = Place::new();
    let file = place.folder.path().join("file");
    fs::write(&file, "no folder").unwrap();
    check_unwritable(&file.join("learner.db"));
    check_unwritable(&file.join("deeper/learner.db"));
    check_unwritable(place.folder.path());
    // The side files cannot be made: the folder takes no more names that long.
    let long = "x".repeat(252);
    check_unwritable(&place.folder.path().join(long));
    #[cfg(target_os = "linux")]
    for path in [
        "/proc/learner.db",
        "/proc/made/learner.db",
        "/sys/learner.db",
        "/proc/version",
    ] {
        check_unwritable(Path::new(path));
    }
}

#[test]
fn starting_fresh_keeps_the_old_database_whole() {
    let place = Place::new();
    drop(place.open());
    write_and_die(
        &place.path,
        "INSERT INTO draft VALUES ('build-ai-agents', 'what-is-an-agent', 'main.py', 1, 'mine')",
    );
    let aside = Store::set_aside(&place.path, NOW).unwrap();
    let name = aside.file_name().unwrap().to_str().unwrap();
    assert_eq!(name, "learner's 库.db.unusable-20261121T064500.000Z");
    assert!(!place.path.exists());
    assert_eq!(place.open().drafts(COURSE, LESSON).unwrap(), []);

    // Twice in a moment: neither is replaced.
    let second = Store::set_aside(&place.path, NOW).unwrap();
    assert_ne!(second, aside);
    // What was set aside is complete, with what was only in its log.
    let old = Store::open(&aside, at(1)).unwrap();
    assert_eq!(old.drafts(COURSE, LESSON).unwrap()[0].text, "mine");

    let nothing = Store::set_aside(&place.path, NOW).unwrap_err();
    assert_eq!(nothing.kind(), io::ErrorKind::NotFound);
}

/// Where the log of one test goes.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn logged(slow_statement: Duration, work: impl FnOnce(&Store)) -> String {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .finish();
    let place = Place::new();
    let options = OpenOptions {
        slow_statement,
        ..OpenOptions::default()
    };
    tracing::subscriber::with_default(subscriber, || {
        work(&Store::open_with(&place.path, NOW, options).unwrap());
    });
    let bytes = log.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_slow_statement_is_logged_without_what_was_stored() {
    let work = |store: &Store| {
        store
            .save_draft(COURSE, LESSON, "main.py", "SECRET = 1", NOW)
            .unwrap();
    };
    let log = logged(Duration::ZERO, work);
    assert!(
        log.contains("slow statement") && log.contains("INSERT INTO draft"),
        "{log}"
    );
    assert!(
        !log.contains("SECRET") && !log.contains("main.py") && !log.contains(LESSON),
        "{log}"
    );
    assert_eq!(logged(Duration::from_secs(60), work), "");
}
