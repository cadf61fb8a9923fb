//! The files and folders around the database: private to the learner, and never overwritten.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// `path` with `suffix` after its last character, as SQLite names `-wal` and `-shm`.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// `path` with `suffix`, or with `suffix-2`, `suffix-3`… when that is taken: renaming replaces
/// silently on some systems, and a file of the learner is never replaced.
pub(crate) fn free_beside(path: &Path, suffix: &str) -> PathBuf {
    let mut candidate = beside(path, suffix);
    let mut number = 2;
    while candidate.symlink_metadata().is_ok() {
        candidate = beside(path, &format!("{suffix}-{number}"));
        number += 1;
    }
    candidate
}

/// Creates the folder and what is missing above it, readable by its owner alone.
pub(crate) fn create_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Creates an empty file, readable by its owner alone, unless there is one. SQLite would make it
/// readable by everybody, and gives its side files the rights of the main one.
pub(crate) fn create_private_file(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Size in bytes; 0 for a file that is not there.
pub(crate) fn size(path: &Path) -> u64 {
    path.metadata().map_or(0, |metadata| metadata.len())
}
