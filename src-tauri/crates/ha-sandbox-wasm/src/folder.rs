//! The private folder of a run: laid out before it, measured during it, removed after it.
//!
//! Folders of an app that was killed are removed when the next one opens: every process keeps a lock
//! on a file beside its folder, and a lock that can be taken belongs to nobody. Nothing here follows
//! a symbolic link, because a program may leave links to anywhere.

use ha_sandbox::SourceFile;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What an empty file costs against the disk limit, so that a million of them are noticed too.
const ENTRY_BYTES: u64 = 4096;
/// Folders within folders; deeper ones cannot be measured or removed reliably.
const MAX_DEPTH: usize = 64;
/// Shortest time between two looks. A writer at full speed overshoots its limit by what it writes in
/// this time.
const LOOK: Duration = Duration::from_millis(20);

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

    /// An empty folder.
    pub fn create(&self) -> io::Result<RunFolder> {
        let folder = RunFolder {
            place: tempfile::Builder::new()
                .prefix("run-")
                .tempdir_in(self.home.path())?,
        };
        fs::create_dir(folder.work())?;
        fs::create_dir(folder.temporary())?;
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
    /// Lays out the program.
    pub fn lay(&self, files: &[SourceFile]) -> io::Result<()> {
        let work = self.work();
        for file in files {
            let path = work.join(&file.path);
            if let Some(parent) = path.parent().filter(|parent| *parent != work) {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, &file.bytes)?;
        }
        Ok(())
    }

    /// The program's own folder, `/work` inside.
    pub fn work(&self) -> PathBuf {
        self.place.path().join("work")
    }

    /// Where `tempfile` writes, `/tmp` inside.
    pub fn temporary(&self) -> PathBuf {
        self.place.path().join("tmp")
    }

    /// A look at how much is in it.
    pub fn meter(&self) -> DiskMeter {
        DiskMeter {
            root: self.place.path().to_owned(),
            limit: u64::MAX,
            next_look: Instant::now(),
        }
    }
}

/// Measures one run's folder from time to time.
#[derive(Debug)]
pub(crate) struct DiskMeter {
    root: PathBuf,
    /// Bytes the folder may hold.
    pub limit: u64,
    next_look: Instant,
}

impl DiskMeter {
    /// Whether the folder fits, as far as is known: it is not looked at more often than pays.
    pub fn seems_to_fit(&mut self) -> bool {
        let now = Instant::now();
        if now < self.next_look {
            return true;
        }
        let fits = self.fits();
        // A folder that takes long to measure is measured less often.
        self.next_look = now + LOOK.max(now.elapsed() * 10);
        fits
    }

    /// Whether the folder fits now. Something that cannot be measured does not.
    pub fn fits(&self) -> bool {
        fits(&self.root, self.limit)
    }
}

fn fits(root: &Path, limit: u64) -> bool {
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn root() -> TempDir {
        tempfile::tempdir().unwrap()
    }

    #[test]
    fn files_are_laid_out_and_removed_with_the_run() {
        let root = root();
        let folders = RunFolders::open(root.path()).unwrap();
        let folder = folders.create().unwrap();
        let files = [
            SourceFile::text("main.py", "print()"),
            SourceFile::text("数据/天气.json", "{}"),
        ];
        folder.lay(&files).unwrap();
        let work = folder.work();
        assert_eq!(
            fs::read_to_string(work.join("数据/天气.json")).unwrap(),
            "{}"
        );
        assert!(folder.temporary().is_dir());
        drop(folder);
        assert!(!work.exists());
    }

    #[test]
    fn what_a_killed_app_left_is_swept_and_a_living_one_is_let_alone() {
        let root = root();
        let dead = root.path().join("runs-dead");
        fs::create_dir_all(dead.join("run-1/work")).unwrap();
        fs::write(root.path().join("runs-dead.lock"), "").unwrap();
        let living = RunFolders::open(root.path()).unwrap();
        assert!(!dead.exists());
        let run = living.create().unwrap();
        let second = RunFolders::open(root.path()).unwrap();
        assert!(run.work().is_dir());
        drop((run, living, second));
        let left: Vec<_> = fs::read_dir(root.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(left, ["door"]);
    }

    /// Whether a folder made by `fill` fits into 100 KB.
    fn check(fill: impl FnOnce(&Path), expected: bool) {
        let root = root();
        fill(root.path());
        assert_eq!(fits(root.path(), 100_000), expected);
    }

    #[test]
    fn bytes_are_counted_at_the_limit_and_above() {
        check(
            |root| fs::write(root.join("file"), [0; 100_000]).unwrap(),
            true,
        );
        check(
            |root| fs::write(root.join("file"), [0; 100_001]).unwrap(),
            false,
        );
    }

    #[test]
    fn many_empty_files_and_deep_folders_count_too() {
        let touch = |count: usize| {
            move |root: &Path| {
                for number in 0..count {
                    fs::write(root.join(number.to_string()), "").unwrap();
                }
            }
        };
        check(touch(24), true);
        check(touch(25), false);
        let root = root();
        let deep: PathBuf = std::iter::repeat_n("d", MAX_DEPTH + 1).collect();
        fs::create_dir_all(root.path().join(deep)).unwrap();
        assert!(!fits(root.path(), u64::MAX));
    }

    #[test]
    fn a_file_of_holes_counts_as_large_as_it_says() {
        check(
            |root| {
                File::create(root.join("sparse"))
                    .unwrap()
                    .set_len(1 << 40)
                    .unwrap()
            },
            false,
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        check(
            |root| std::os::unix::fs::symlink("/", root.join("link")).unwrap(),
            true,
        );
        check(
            |root| std::os::unix::fs::symlink(".", root.join("loop")).unwrap(),
            true,
        );
    }
}
