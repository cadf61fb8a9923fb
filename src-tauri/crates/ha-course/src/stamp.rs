//! Whether something in a course's folder was written since the last look, by the sizes and times
//! of its files. Reads none of them and does not say what changed.

use crate::folder::is_hidden;
use crate::lesson::image_type;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// Most files that are looked at: far more than a course has, and a look stays a matter of
/// milliseconds when somebody opens the root of a disk.
const MOST_FILES: usize = 20_000;
/// Deepest folder that is looked into.
const DEEPEST: usize = 16;

/// Another text once a file below `dir` was saved, renamed, added or taken away; empty while there
/// is no such folder. What editors keep beside a file does not count. Linked folders are not
/// followed, so a loop cannot catch us.
pub fn folder_stamp(dir: &Path) -> String {
    files_below(dir).map_or_else(String::new, |files| stamp_of(files.iter()))
}

/// The same of the pictures alone.
pub fn picture_stamp(dir: &Path) -> String {
    let is_picture = |file: &&PathBuf| image_type(&file.to_string_lossy()).is_some();
    files_below(dir).map_or_else(String::new, |files| {
        stamp_of(files.iter().filter(is_picture))
    })
}

/// In the order of their names; nothing where there is no such folder.
fn files_below(dir: &Path) -> Option<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![(dir.to_path_buf(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(_) if depth == 0 => return None,
            // Gone since its name was read.
            Err(_) => continue,
        };
        for entry in entries.flatten() {
            if files.len() == MOST_FILES || is_hidden(&entry.file_name().to_string_lossy()) {
                continue;
            }
            match entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                true if depth < DEEPEST => folders.push((entry.path(), depth + 1)),
                true => {}
                false => files.push(entry.path()),
            }
        }
    }
    files.sort();
    Some(files)
}

/// A stamp of these files; one that is not there counts too.
pub(crate) fn stamp_of(files: impl Iterator<Item = impl AsRef<Path>>) -> String {
    let mut hasher = blake3::Hasher::new();
    for file in files {
        let file = file.as_ref();
        hasher.update(file.as_os_str().as_encoded_bytes());
        hasher.update(format!("\0{:?}\0", written(file)).as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// Size and time, in nanoseconds since 1970.
fn written(file: &Path) -> Option<(u64, u128)> {
    let metadata = fs::metadata(file).ok()?;
    let since = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some((metadata.len(), since.as_nanos()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use tempfile::TempDir;

    fn folder() -> TempDir {
        let folder = TempDir::with_prefix("课程").unwrap();
        fs::create_dir_all(folder.path().join("第一章/images")).unwrap();
        fs::write(folder.path().join("course.toml"), "").unwrap();
        fs::write(folder.path().join("第一章/课文.md"), "# 一").unwrap();
        folder
    }

    /// What is done to a folder, and whether a look notices.
    fn check(change: impl FnOnce(&Path), is_noticed: bool) {
        let folder = folder();
        let before = folder_stamp(folder.path());
        assert_eq!(folder_stamp(folder.path()), before, "nothing was done");
        change(folder.path());
        assert_eq!(folder_stamp(folder.path()) != before, is_noticed);
    }

    #[test]
    fn every_way_of_saving_is_noticed() {
        check(
            |dir| fs::write(dir.join("第一章/课文.md"), "# 一二").unwrap(),
            true,
        );
        check(
            |dir| {
                fs::write(dir.join(".课文.md.new"), "# 一二").unwrap();
                fs::rename(dir.join(".课文.md.new"), dir.join("第一章/课文.md")).unwrap();
            },
            true,
        );
        check(
            |dir| fs::write(dir.join("第一章/images/图.png"), "png").unwrap(),
            true,
        );
        check(
            |dir| fs::remove_file(dir.join("第一章/课文.md")).unwrap(),
            true,
        );
    }

    #[test]
    fn the_stamp_of_pictures_changes_with_them_alone() {
        let folder = folder();
        let before = picture_stamp(folder.path());
        fs::write(folder.path().join("第一章/课文.md"), "# 一二").unwrap();
        assert_eq!(picture_stamp(folder.path()), before);
        fs::write(folder.path().join("第一章/images/图.PNG"), "png").unwrap();
        assert_ne!(picture_stamp(folder.path()), before);
        assert_eq!(picture_stamp(&folder.path().join("nowhere")), "");
    }

    #[test]
    fn what_an_editor_keeps_beside_a_file_is_not() {
        for name in [".课文.md.swp", "课文.md~", "#课文.md#"] {
            check(
                |dir| fs::write(dir.join("第一章").join(name), "kept").unwrap(),
                false,
            );
        }
    }

    #[test]
    fn a_folder_that_is_gone_has_no_stamp() {
        let folder = folder();
        let inside = folder.path().join("第一章");
        assert_ne!(folder_stamp(&inside), "");
        fs::remove_dir_all(&inside).unwrap();
        assert_eq!(folder_stamp(&inside), "");
    }
}
