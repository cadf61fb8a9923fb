//! The file system a program sees: a tree in this process's memory, and nothing else.
//!
//! ```text
//! Python ── wasi:filesystem ──▶ descriptor ─┬─▶ path ─▶ tree (names, bytes, quota)
//!                    wasi:io ──▶ streams ───┘
//! ```
//!
//! No call of a program reaches the host's disk: there is no host path to leave, no link to follow out,
//! nothing to clean up, and making the tree of a run costs microseconds. The quota is exact, because
//! every byte is counted before it is kept. Hard links are left out: nothing a learner does needs them.

mod descriptor;
mod path;
mod streams;
#[cfg(test)]
mod tests;
mod tree;

use crate::host::HostState;
use ha_sandbox::SourceFile;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use tree::{Content, Entry, NodeId, Protection, ROOT, Tree};
use wasmtime::component::{HasData, Linker, ResourceTable};
use wasmtime_wasi::p2::bindings::filesystem::types::ErrorCode;
use wasmtime_wasi::p2::bindings::filesystem::{preopens, types};

/// The program's folder, where it starts.
const WORK: &str = "work";
/// Where `tempfile` writes.
const TEMPORARY: &str = "tmp";

/// The files of one program. Clones are the same files.
#[derive(Clone)]
pub(crate) struct Files(Arc<Mutex<Tree>>);

impl Files {
    /// The folders `/work` and `/tmp`, empty and with no room.
    pub fn new() -> Files {
        let mut tree = Tree::new(since_1970);
        for name in [WORK, TEMPORARY] {
            let entry = Entry {
                folder: ROOT,
                name: name.to_owned(),
            };
            tree.create(entry, Content::Folder(Default::default()), Protection::Kept)
                .expect("an empty tree has room for two folders");
        }
        tree.protect(ROOT, Protection::Sealed);
        tree.allow(0);
        Files(Arc::new(Mutex::new(tree)))
    }

    /// Lays a program's files into `/work`, and allows `disk_bytes` beyond them.
    ///
    /// # Errors
    /// Paths that cannot be together, such as a file `a` and a file `a/b`.
    pub fn lay(&self, files: &[SourceFile], disk_bytes: u64) -> Result<(), ErrorCode> {
        let mut tree = self.lock();
        tree.allow(u64::MAX);
        for file in files {
            tree.lay(file)?;
        }
        tree.allow(disk_bytes);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Tree> {
        // A panic while the lock was held ends the run as lost, and its files with it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tree {
    fn lay(&mut self, file: &SourceFile) -> tree::Result<()> {
        let (protection, above) = match file.read_only {
            // What holds a file that must stay has to stay as well.
            true => (Protection::Sealed, Protection::Kept),
            false => (Protection::None, Protection::None),
        };
        let mut folder = self.find(ROOT, WORK, false)?.existing()?;
        let mut parts = file.path.split('/').peekable();
        while let Some(name) = parts.next() {
            let entry = Entry {
                folder,
                name: name.to_owned(),
            };
            if parts.peek().is_none() {
                self.create(entry, Content::File(file.bytes.clone()), protection)?;
                break;
            }
            folder = match self.names(folder)?.get(name).copied() {
                Some(found) => found,
                None => self.create(entry, Content::Folder(Default::default()), above)?,
            };
            if file.read_only {
                self.protect(folder, above);
            }
        }
        Ok(())
    }
}

/// The one place where files meet a clock.
fn since_1970() -> Duration {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
}

/// A node that somebody holds: it stays while this does, also without a name.
struct Held {
    files: Files,
    id: NodeId,
}

impl Held {
    fn new(files: &Files, id: NodeId) -> Held {
        files.lock().hold(id);
        Held {
            files: files.clone(),
            id,
        }
    }

    fn tree(&self) -> MutexGuard<'_, Tree> {
        self.files.lock()
    }
}

impl Clone for Held {
    fn clone(&self) -> Held {
        Held::new(&self.files, self.id)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.tree().release(self.id);
    }
}

/// What the calls of `wasi:filesystem` work on.
pub(crate) struct FilesView<'a> {
    pub files: &'a Files,
    pub table: &'a mut ResourceTable,
}

struct HasFiles;

impl HasData for HasFiles {
    type Data<'a> = FilesView<'a>;
}

/// Answers `wasi:filesystem` from the tree.
pub(crate) fn add_to_linker(linker: &mut Linker<HostState>) -> wasmtime::Result<()> {
    preopens::add_to_linker::<_, HasFiles>(linker, HostState::files)?;
    types::add_to_linker::<_, HasFiles>(linker, HostState::files)
}
