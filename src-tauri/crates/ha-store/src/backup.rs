//! Copies of the database, made before its schema changes.

use crate::files::{beside, create_private_file, free_beside};
use crate::{StoreError, Timestamp};
use rusqlite::{Connection, MAIN_DB, backup::Progress};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Backups kept beside the database; older ones are removed when a new one is complete.
const KEPT: usize = 3;

/// Copies the whole database, log included, to `<path>.backup-v<from>-<time>` and answers that
/// path. The name appears only when the copy is complete.
pub(crate) fn make(
    connection: &Connection,
    path: &Path,
    from: u32,
    now: Timestamp,
) -> Result<PathBuf, StoreError> {
    let partial = beside(path, ".backup-partial");
    // Left by a process that died while it copied.
    match fs::remove_file(&partial) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        Ok(()) | Err(_) => {}
    }
    create_private_file(&partial)?;
    if let Err(error) = connection.backup(MAIN_DB, &partial, None::<fn(Progress)>) {
        // Half a copy is of no use and may be what fills the disk. Failing to remove it changes
        // nothing about the error to report.
        fs::remove_file(&partial).ok();
        return Err(error.into());
    }
    let target = free_beside(path, &format!(".backup-v{from}-{}", now.in_file_name()));
    fs::rename(&partial, &target)?;
    remove_all_but_the_newest(path)?;
    Ok(target)
}

fn remove_all_but_the_newest(path: &Path) -> io::Result<()> {
    let mut backups = existing(path)?;
    backups.sort();
    let surplus = backups.len().saturating_sub(KEPT);
    backups
        .drain(..surplus)
        .try_for_each(|(_, path)| fs::remove_file(path))
}

/// Every backup of this database with the time in its name. Files that only look similar are none.
fn existing(path: &Path) -> io::Result<Vec<(OsString, PathBuf)>> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Ok(Vec::new());
    };
    let prefix = format!("{}.backup-v", name.to_string_lossy());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some((version, time)) = name
            .strip_prefix(&prefix)
            .and_then(|rest| rest.split_once('-'))
        else {
            continue;
        };
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if is_digits(version) && time.starts_with(|c: char| c.is_ascii_digit()) {
            found.push((OsString::from(time), entry.path()));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn the_newest_three_stay_and_strangers_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("learner.db");
        let strangers = [
            "learner.db.backup-mine",
            "learner.db.backup-v1-old",
            "other.backup-v1-2",
        ];
        for name in strangers {
            fs::write(folder.path().join(name), "kept").unwrap();
        }
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch("CREATE TABLE t (x)").unwrap();
        // The higher version is the older copy: time decides, not the version.
        for (version, ms) in [(9, 1), (2, 2), (1, 3), (1, 3), (10, 4)] {
            make(&connection, &path, version, Timestamp(ms)).unwrap();
        }
        let kept: Vec<_> = names(folder.path())
            .into_iter()
            .filter(|name| !strangers.contains(&name.as_str()))
            .collect();
        assert_eq!(
            kept,
            [
                "learner.db",
                "learner.db.backup-v1-19700101T000000.003Z",
                "learner.db.backup-v1-19700101T000000.003Z-2",
                "learner.db.backup-v10-19700101T000000.004Z",
            ]
        );
        assert_eq!(names(folder.path()).len(), kept.len() + strangers.len());
    }

    #[test]
    fn half_a_copy_of_a_dead_process_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("learner.db");
        fs::write(beside(&path, ".backup-partial"), "half a cop").unwrap();
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch("CREATE TABLE t (x); INSERT INTO t VALUES (7)")
            .unwrap();
        let copy = Connection::open(make(&connection, &path, 1, Timestamp(5)).unwrap()).unwrap();
        let kept: i64 = copy
            .query_row("SELECT x FROM t", [], |row| row.get(0))
            .unwrap();
        assert_eq!(kept, 7);
        assert!(!beside(&path, ".backup-partial").exists());
    }
}
