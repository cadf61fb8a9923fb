//! What lies around an engine and must be the same after a program as before it: memory, processes,
//! files, descriptors.
//!
//! All of it is read from `/proc`, so on other systems only the files are compared.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Where to look.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Folders of the engine: its cache, the folders of its runs.
    pub folders: Vec<PathBuf>,
}

/// What was there at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Snapshot {
    /// As [`Surroundings::memory`] says it.
    pub memory: Option<u64>,
    /// Children of this process, and theirs.
    pub processes: BTreeSet<u32>,
    /// Files and folders under [`Surroundings::folders`].
    pub files: usize,
    /// Descriptors that this process holds.
    pub descriptors: usize,
}

impl Surroundings {
    /// Memory of this process and its children in bytes that no file backs: anonymous and shared
    /// pages. Pages of mapped files are left out, because they come and go with the page cache.
    /// `None` where the system does not say it.
    pub fn memory(&self) -> Option<u64> {
        memory_of(&children(std::process::id()))
    }

    pub(crate) fn look(&self) -> Snapshot {
        let processes = children(std::process::id());
        Snapshot {
            memory: memory_of(&processes),
            processes,
            files: self.folders.iter().map(|folder| count(folder)).sum(),
            descriptors: fs::read_dir("/proc/self/fd").map_or(0, Iterator::count),
        }
    }
}

/// This process, its children and theirs. Only this one where the system does not say.
pub fn family() -> Vec<u32> {
    let own = std::process::id();
    [own].into_iter().chain(children(own)).collect()
}

/// Files and folders in `folder`, at any depth.
fn count(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    let inside = entries.flatten().map(|entry| {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        1 + if is_folder { count(&entry.path()) } else { 0 }
    });
    inside.sum()
}

/// Of this process and its `children`; one that has just ended holds nothing.
fn memory_of(children: &BTreeSet<u32>) -> Option<u64> {
    let others: u64 = children.iter().filter_map(|child| memory(*child)).sum();
    Some(memory(std::process::id())? + others)
}

fn memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let kibibytes = |key: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(key))?;
        line.trim().strip_suffix(" kB")?.parse::<u64>().ok()
    };
    Some((kibibytes("RssAnon:")? + kibibytes("RssShmem:")?) << 10)
}

/// Living children of `process` and theirs. One that has ended and was not waited for counts.
fn children(process: u32) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    let parents = parents();
    let mut open = vec![process];
    while let Some(parent) = open.pop() {
        for (child, _) in parents.iter().filter(|(_, of)| *of == parent) {
            found.insert(*child);
            open.push(*child);
        }
    }
    found
}

/// Every process with its parent.
fn parents() -> Vec<(u32, u32)> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    let parent = |process: u32| {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        // The name stands in brackets and may hold anything.
        let (_, behind) = stat.rsplit_once(')')?;
        behind.split_whitespace().nth(1)?.parse().ok()
    };
    let numbers = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    numbers
        .filter_map(|process| Some((process, parent(process)?)))
        .collect()
}
