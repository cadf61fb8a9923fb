//! Migrations: every version's schema as it was released, upgrades, failures and kills half way.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::{OpenOptions, Store};
use expect_test::expect;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

const NOW: Timestamp = Timestamp(1_795_243_500_000);

fn open(path: &Path, migrations: &[Migration]) -> Result<Store, StoreError> {
    Store::open_migrating(path, NOW, OpenOptions::default(), migrations)
}

/// The released migrations up to a version, then others.
fn after(version: usize, more: Vec<Migration>) -> Vec<Migration> {
    let released = MIGRATIONS[..version].iter();
    let released = released.map(|m| Migration {
        name: m.name,
        apply: m.apply,
    });
    released.chain(more).collect()
}

fn adds_a_column() -> Migration {
    Migration {
        name: "a lesson can be starred",
        apply: |c| c.execute_batch("ALTER TABLE lesson_progress ADD COLUMN starred INTEGER"),
    }
}

fn fails_half_way() -> Migration {
    Migration {
        name: "fails half way",
        apply: |c| {
            c.execute_batch("DELETE FROM draft; CREATE TABLE new (x); SELECT * FROM nowhere")
        },
    }
}

/// A version 1 database with something in it.
fn version_1(folder: &tempfile::TempDir) -> PathBuf {
    let path = folder.path().join("learner.db");
    let store = open(&path, &MIGRATIONS[..1]).unwrap();
    store
        .save_draft("c", "l", "main.py", "typed with care", NOW)
        .unwrap();
    store.open_lesson("c", "l", NOW).unwrap();
    path
}

fn has_all_of_version_1(path: &Path) {
    let store = open(path, &MIGRATIONS[..1]).unwrap();
    assert_eq!(store.drafts("c", "l").unwrap()[0].text, "typed with care");
    let health = store.health().unwrap();
    assert!(health.healthy && health.schema_version == 1, "{health:?}");
    assert_eq!(schema(&store.lock()), schema_of(1));
}

fn schema(connection: &Connection) -> String {
    let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap();
    rows.map(|row| row.unwrap() + ";\n").collect()
}

fn schema_of(version: usize) -> String {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("learner.db"), &MIGRATIONS[..version]).unwrap();
    schema(&store.lock())
}

fn backups(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path.parent().unwrap()).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.to_string_lossy().contains(".backup-"))
        .collect()
}

#[test]
fn version_1_is_as_it_was_released() {
    expect![[r#"
        CREATE TABLE activity (
            slot INTEGER PRIMARY KEY,
            runs INTEGER NOT NULL,
            checks_passed INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE draft (
            course TEXT NOT NULL,
            lesson TEXT NOT NULL,
            path TEXT NOT NULL,
            updated_at INTEGER NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (course, lesson, path)
        ) STRICT;
        CREATE TABLE lesson_progress (
            course TEXT NOT NULL,
            lesson TEXT NOT NULL,
            opened_at INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('started', 'passed')),
            first_passed_at INTEGER,
            attempts INTEGER NOT NULL DEFAULT 0,
            last_passed INTEGER,
            last_total INTEGER,
            passed_run TEXT REFERENCES run (id) ON DELETE SET NULL,
            PRIMARY KEY (course, lesson),
            CHECK ((state = 'passed') = (first_passed_at IS NOT NULL))
        ) STRICT;
        CREATE INDEX lesson_progress_by_opened ON lesson_progress (opened_at);
        CREATE INDEX lesson_progress_by_passed_run ON lesson_progress (passed_run);
        CREATE TABLE profile (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            id TEXT NOT NULL,
            name TEXT,
            created_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE run (
            id TEXT PRIMARY KEY NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('run', 'check', 'snapshot')),
            status TEXT NOT NULL CHECK (status IN ('running', 'finished', 'lost')),
            course TEXT NOT NULL,
            lesson TEXT NOT NULL,
            engine TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            duration_ms REAL,
            passed INTEGER,
            total INTEGER,
            outcome TEXT,
            files TEXT NOT NULL,
            output_head TEXT NOT NULL DEFAULT '',
            results TEXT
        ) STRICT;
        CREATE INDEX run_by_lesson ON run (course, lesson, started_at);
        CREATE INDEX run_running ON run (status) WHERE status = 'running';
        CREATE TABLE schema_version (
            version INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            applied_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE setting (
            key TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
    "#]]
    .assert_eq(&schema_of(1));
}

#[test]
fn version_2_adds_conversations() {
    let both = schema_of(2);
    for table in schema_of(1).split_inclusive(";\n") {
        assert!(both.contains(table), "{table}");
    }
    for table in ["thread", "message", "message_words", "spending"] {
        assert!(both.contains(&format!("TABLE {table} ")), "{table}");
    }
    let folder = tempfile::tempdir().unwrap();
    let store = open(&version_1(&folder), &MIGRATIONS[..2]).unwrap();
    assert_eq!(store.drafts("c", "l").unwrap()[0].text, "typed with care");
    assert_eq!(store.threads("c", "l", 9).unwrap(), []);
}

#[test]
fn answers_and_replaced_starters_come_with_their_own_version() {
    let version = MIGRATIONS
        .iter()
        .position(|migration| migration.name.starts_with("answers to questions"))
        .unwrap();
    let (before, after) = (schema_of(version), schema_of(version + 1));
    for table in before.split_inclusive(";\n") {
        assert!(after.contains(table), "{table}");
    }
    let folder = tempfile::tempdir().unwrap();
    let store = open(&version_1(&folder), &MIGRATIONS[..=version]).unwrap();
    assert_eq!(store.drafts("c", "l").unwrap()[0].text, "typed with care");
    assert_eq!(store.answers("c", "l").unwrap(), []);
    assert_eq!(store.bases("c", "l").unwrap(), []);
}

#[test]
fn traces_come_with_their_own_version() {
    let version = MIGRATIONS
        .iter()
        .position(|migration| migration.name == "traces of agents")
        .unwrap();
    let (before, after) = (schema_of(version), schema_of(version + 1));
    for table in before.split_inclusive(";\n") {
        assert!(after.contains(table), "{table}");
    }
    let folder = tempfile::tempdir().unwrap();
    let store = open(&version_1(&folder), &MIGRATIONS[..=version]).unwrap();
    assert_eq!(store.traces("c", "l", 9).unwrap(), []);
}

#[test]
fn an_upgrade_keeps_everything_and_leaves_a_readable_backup() {
    let folder = tempfile::tempdir().unwrap();
    let path = version_1(&folder);
    assert_eq!(
        backups(&path),
        [] as [PathBuf; 0],
        "a fresh database needs no backup"
    );
    let store = open(&path, &after(1, vec![adds_a_column()])).unwrap();
    assert_eq!(store.drafts("c", "l").unwrap()[0].text, "typed with care");
    assert_eq!(store.health().unwrap().schema_version, 2);
    let names: Vec<String> = store
        .lock()
        .prepare("SELECT version || ' ' || name || ' ' || applied_at FROM schema_version")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let [first, second] = &names[..] else {
        panic!("{names:?}")
    };
    assert_eq!(first, "1 the first tables 1795243500000");
    assert_eq!(second, "2 a lesson can be starred 1795243500000");
    drop(store);

    let backup = path.with_file_name("learner.db.backup-v1-20261121T064500.000Z");
    assert_eq!(backups(&path), [backup.as_path()]);
    has_all_of_version_1(&backup);
    // The version before refuses what came after it.
    let refused = open(&path, &MIGRATIONS[..1]).err();
    assert_eq!(refused, Some(StoreError::Newer { found: 2, known: 1 }));
}

#[test]
fn opening_again_migrates_and_backs_up_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("learner.db");
    for _ in 0..2 {
        drop(open(&path, MIGRATIONS).unwrap());
        assert_eq!(backups(&path), [] as [PathBuf; 0]);
    }
}

#[test]
fn a_migration_that_fails_half_way_leaves_the_old_version() {
    let folder = tempfile::tempdir().unwrap();
    let path = version_1(&folder);
    // The one before it would have worked, and is taken back too.
    let failed = open(&path, &after(1, vec![adds_a_column(), fails_half_way()])).err();
    assert!(matches!(failed, Some(StoreError::Failed(_))), "{failed:?}");
    has_all_of_version_1(&path);
}

#[test]
fn a_first_start_that_fails_can_be_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("learner.db");
    open(&path, &after(1, vec![fails_half_way()]))
        .err()
        .unwrap();
    assert_eq!(backups(&path), [] as [PathBuf; 0]);
    open(&path, MIGRATIONS).unwrap();
}

#[test]
fn a_migration_may_not_leave_rows_without_their_parent() {
    let folder = tempfile::tempdir().unwrap();
    let path = version_1(&folder);
    let orphans = Migration {
        name: "points into nothing",
        apply: |c| c.execute_batch("UPDATE lesson_progress SET passed_run = 'nowhere'"),
    };
    let failed = open(&path, &after(1, vec![orphans])).err();
    assert!(matches!(failed, Some(StoreError::Failed(_))), "{failed:?}");
    has_all_of_version_1(&path);
}

#[test]
fn without_a_backup_nothing_is_migrated() {
    let folder = tempfile::tempdir().unwrap();
    let path = version_1(&folder);
    fs::create_dir(path.with_file_name("learner.db.backup-partial")).unwrap();
    let failed = open(&path, &after(1, vec![adds_a_column()])).err();
    assert!(
        matches!(failed, Some(StoreError::Unwritable(_))),
        "{failed:?}"
    );
    has_all_of_version_1(&path);
}

const CHILD: &str = "HA_STORE_MIGRATING_CHILD";

/// Writes more than SQLite keeps in memory, so that half of it is on the disk; then never ends.
fn never_ends() -> Migration {
    Migration {
        name: "never ends",
        apply: |c| {
            c.execute_batch(
                "DELETE FROM draft;
                 CREATE TABLE new (x);
                 WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
                 INSERT INTO new SELECT hex(randomblob(4096)) FROM n",
            )?;
            println!("\nhalf way");
            std::io::stdin().read_line(&mut String::new()).ok();
            Ok(())
        },
    }
}

#[test]
fn a_kill_inside_a_migration_leaves_the_old_version() {
    if let Some(path) = std::env::var_os(CHILD) {
        drop(open(Path::new(&path), &after(1, vec![never_ends()])));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = version_1(&folder);
    let name = "migration::tests::a_kill_inside_a_migration_leaves_the_old_version";
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture"])
        .env(CHILD, &path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.map(Result::unwrap).any(|line| line == "half way"));
    child.kill().unwrap();
    child.wait().unwrap();

    let log = crate::files::size(&crate::files::beside(&path, "-wal"));
    assert!(
        log > 8 * 1024 * 1024,
        "the migration had begun to write: {log}"
    );
    has_all_of_version_1(&path);
    // And the next version of the app tries again and gets there.
    let store = open(&path, &after(1, vec![adds_a_column()])).unwrap();
    assert_eq!(store.drafts("c", "l").unwrap()[0].text, "typed with care");
}
