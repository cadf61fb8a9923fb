//! Renaming an unusable database, so that the learner can start fresh and nothing is deleted.

use crate::files::{beside, free_beside};
use crate::{Store, Timestamp};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

impl Store {
    /// Renames the database to `<path>.unusable-<time>` with its side files, and answers the new
    /// path. An existing file is never replaced. Close every [`Store`] of the file first.
    ///
    /// # Errors
    /// Those of renaming; `NotFound` when there is no file. A failure part way leaves every file
    /// under one of the two names, and can be tried again.
    pub fn set_aside(path: &Path, now: Timestamp) -> io::Result<PathBuf> {
        path.symlink_metadata()?;
        let target = free_beside(path, &format!(".unusable-{}", now.in_file_name()));
        // The database goes last: SQLite throws away a log whose database is gone, and the log may
        // hold the learner's last minutes. Side files keep their suffix, so the set stays readable.
        for side in ["-wal", "-shm"] {
            match fs::rename(beside(path, side), beside(&target, side)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        fs::rename(path, &target)?;
        Ok(target)
    }
}
