//! The private folder of a run: laid out before it, measured during it, removed after it.
//!
//! Folders of an app that was killed are removed when the next one opens: every process keeps a lock
//! on a file beside its folder, and a lock that can be taken belongs to nobody. Nothing here follows
//! a symbolic link, because a program may leave links to anywhere.

use ha_sandbox::SourceFile;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What an empty file costs against the disk limit, so that a million of them are noticed too.
const ENTRY_BYTES: u64 = 4096;
/// Folders within folders; deeper ones cannot be measured or removed reliably.
const MAX_DEPTH: usize = 64;

/// Where this process keeps the folders of its runs.
#[derive(Debug)]
pub(crate) struct RunFolders {
    home: TempDir,
    lock_path: PathBuf,
    _lock: File,
}

impl RunFolders {
    /// Removes what dead processes left under `root` and makes a place for this one.
    pub fn open(root: &Path) -> io::Result<RunFolders> {
        fs::create_dir_all(root)?;
        // Held while this process sweeps and settles, so that nobody takes its folder for a dead one's.
        let door = File::create(root.join("door"))?;
        door.lock()?;
        sweep(root)?;
        let home = tempfile::Builder::new().prefix("runs-").tempdir_in(root)?;
        let lock_path = home.path().with_extension("lock");
        let lock = File::create(&lock_path)?;
        lock.lock()?;
        Ok(RunFolders {
            home,
            lock_path,
            _lock: lock,
        })
    }

    /// A folder with `files` in it.
    pub fn create(&self, files: &[SourceFile]) -> io::Result<RunFolder> {
        let folder = RunFolder {
            place: tempfile::Builder::new()
                .prefix("run-")
                .tempdir_in(self.home.path())?,
        };
        fs::create_dir(folder.work())?;
        fs::create_dir(folder.temporary())?;
        for file in files {
            let path = folder.work().join(&file.path);
            if let Some(parent) = path.parent().filter(|_| file.path.contains('/')) {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, &file.bytes)?;
        }
        Ok(folder)
    }
}

impl Drop for RunFolders {
    fn drop(&mut self) {
        // The folder itself goes with its `TempDir`; a lock file that stays is swept later.
        fs::remove_file(&self.lock_path).ok();
    }
}

/// Removes the folders whose lock nobody holds.
fn sweep(root: &Path) -> io::Result<()> {
    for entry in fs::read_dir(root)? {
        let lock_path = entry?.path();
        if lock_path
            .extension()
            .is_none_or(|extension| extension != "lock")
        {
            continue;
        }
        let lock = File::open(&lock_path)?;
        match lock.try_lock() {
            Ok(()) => {
                fs::remove_dir_all(lock_path.with_extension("")).ok();
                fs::remove_file(&lock_path).ok();
            }
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(())
}

/// One run's folder; removed when this value is dropped.
#[derive(Debug)]
pub(crate) struct RunFolder {
    place: TempDir,
}

impl RunFolder {
    /// The program's own folder, `/work` inside.
    pub fn work(&self) -> PathBuf {
        self.place.path().join("work")
    }

    /// Where `tempfile` writes, `/tmp` inside.
    pub fn temporary(&self) -> PathBuf {
        self.place.path().join("tmp")
    }

    /// Everything the run's folder may be measured by, for use away from this value.
    pub fn root(&self) -> &Path {
        self.place.path()
    }
}

/// Whether everything under `root` stays within `limit` bytes. Something that cannot be measured
/// does not.
pub(crate) fn fits(root: &Path, limit: u64) -> bool {
    let mut total = 0u64;
    let mut folders = vec![(root.to_path_buf(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            // It may be gone since its parent was read.
            if folder.symlink_metadata().is_ok() {
                return false;
            }
            continue;
        };
        for entry in entries.flatten() {
            // Does not follow links.
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            if metadata.is_dir() {
                if depth == MAX_DEPTH {
                    return false;
                }
                folders.push((entry.path(), depth + 1));
            }
            let bytes = if metadata.is_file() {
                metadata.len()
            } else {
                0
            };
            total = total.saturating_add(bytes.max(ENTRY_BYTES));
            if total > limit {
                return false;
            }
        }
    }
    true
}
