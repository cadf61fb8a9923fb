//! The tree of one program's files: what there is, what it costs, what may be done to it.
//!
//! Pure data in memory: it knows neither WASI nor the disk. Names are here; the bytes of files, and
//! what everything costs, are in [`bytes`].

mod bytes;

use bytes::cost;
use std::collections::BTreeMap;
use std::ops::{Index, IndexMut};
use std::time::Duration;
use wasmtime_wasi::p2::bindings::filesystem::types::ErrorCode;

/// The errors are those a program sees, so there is nothing to translate on the way.
pub(super) type Result<T> = std::result::Result<T, ErrorCode>;

/// Folders within folders. Every path of a request is shorter.
pub(super) const MAX_DEPTH: usize = 128;

/// How often something may be held open at once.
const MAX_HELD: usize = 512;

/// Where a node is in the tree's memory; given to another node when this one is gone.
pub(super) type NodeId = usize;

/// The folder of all folders.
pub(super) const ROOT: NodeId = 0;

/// One program's files.
pub(super) struct Tree {
    nodes: Vec<Option<Node>>,
    free: Vec<NodeId>,
    used: u64,
    limit: u64,
    held: usize,
    next_number: u64,
    now: fn() -> Duration,
}

/// A file, folder or link. It lives while it has a name or somebody holds it open.
pub(super) struct Node {
    /// Unlike its id never given to another: what tells two files apart.
    pub number: u64,
    pub content: Content,
    pub times: Times,
    protection: Protection,
    parent: NodeId,
    is_named: bool,
    holders: usize,
}

/// What a node is, and holds.
pub(super) enum Content {
    Folder(BTreeMap<String, NodeId>),
    File(Vec<u8>),
    Link(String),
}

/// Since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Times {
    pub accessed: Duration,
    pub modified: Duration,
    pub changed: Duration,
}

/// What a program may not do with a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protection {
    None,
    /// Neither removed nor renamed.
    Kept,
    /// Nor changed: a file's bytes, a folder's names.
    Sealed,
}

/// A name in a folder, taken or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub folder: NodeId,
    pub name: String,
}

impl Content {
    /// Bytes of a file, or of the path in a link.
    pub fn size(&self) -> u64 {
        match self {
            Content::Folder(_) => 0,
            Content::File(bytes) => bytes.len() as u64,
            Content::Link(target) => target.len() as u64,
        }
    }
}

impl Index<NodeId> for Tree {
    type Output = Node;

    fn index(&self, id: NodeId) -> &Node {
        self.nodes[id].as_ref().expect("ids are of living nodes")
    }
}

impl IndexMut<NodeId> for Tree {
    fn index_mut(&mut self, id: NodeId) -> &mut Node {
        self.nodes[id].as_mut().expect("ids are of living nodes")
    }
}

impl Tree {
    /// An empty root; `now` is the clock of all times.
    pub fn new(now: fn() -> Duration) -> Tree {
        let mut tree = Tree {
            nodes: Vec::new(),
            free: Vec::new(),
            used: 0,
            limit: u64::MAX,
            held: 0,
            next_number: 1,
            now,
        };
        let root = tree.add(ROOT, Content::Folder(BTreeMap::new()), Protection::Kept);
        tree[root].is_named = true;
        tree
    }

    /// The names in a folder.
    pub fn names(&self, id: NodeId) -> Result<&BTreeMap<String, NodeId>> {
        match &self[id].content {
            Content::Folder(names) => Ok(names),
            _ => Err(ErrorCode::NotDirectory),
        }
    }

    /// The folder above a folder; the root is its own.
    pub fn above(&self, folder: NodeId) -> Result<NodeId> {
        if self[folder].is_named {
            Ok(self[folder].parent)
        } else {
            Err(ErrorCode::NoEntry)
        }
    }

    /// Whether one more may be opened. What is open is held, and so is each of its streams, so a
    /// program may have 512 files open that it only opened, and 256 that it writes.
    ///
    /// # Errors
    /// "Quota": WASI has no word for too many open files. The guest knows what is meant.
    pub fn check_open(&self) -> Result<()> {
        if self.held < MAX_HELD {
            Ok(())
        } else {
            Err(ErrorCode::Quota)
        }
    }

    /// Keeps a node although its name may go. Ends with [`Tree::release`].
    pub fn hold(&mut self, id: NodeId) {
        self[id].holders += 1;
        self.held += 1;
    }

    /// Undoes one [`Tree::hold`].
    pub fn release(&mut self, id: NodeId) {
        self[id].holders -= 1;
        self.held -= 1;
        self.forget_if_unused(id);
    }

    /// Makes a node under a name that is free.
    pub fn create(
        &mut self,
        entry: Entry,
        content: Content,
        protection: Protection,
    ) -> Result<NodeId> {
        let Entry { folder, name } = entry;
        self.check_changeable(folder)?;
        if self.names(folder)?.contains_key(&name) {
            return Err(ErrorCode::Exist);
        }
        if matches!(content, Content::Folder(_)) && self.depth(folder) >= MAX_DEPTH {
            return Err(ErrorCode::NameTooLong);
        }
        self.charge(cost(content.size()))?;
        let id = self.add(folder, content, protection);
        self.put_name(Entry { folder, name }, id);
        Ok(id)
    }

    /// Takes a name away from a file or link.
    pub fn remove_file(&mut self, entry: &Entry) -> Result<()> {
        let id = self.named(entry)?;
        if matches!(self[id].content, Content::Folder(_)) {
            return Err(ErrorCode::IsDirectory);
        }
        self.remove(entry, id)
    }

    /// Takes an empty folder away.
    pub fn remove_folder(&mut self, entry: &Entry) -> Result<()> {
        let id = self.named(entry)?;
        if !self.names(id)?.is_empty() {
            return Err(ErrorCode::NotEmpty);
        }
        self.remove(entry, id)
    }

    /// Gives a node another name, in place of what had it.
    pub fn rename(&mut self, from: &Entry, to: Entry) -> Result<()> {
        let id = self.named(from)?;
        self.check_removable(from.folder, id)?;
        self.check_changeable(to.folder)?;
        let replaced = self.names(to.folder)?.get(&to.name).copied();
        if replaced == Some(id) {
            return Ok(());
        }
        let is_folder = matches!(self[id].content, Content::Folder(_));
        if is_folder {
            if self.is_within(to.folder, id) {
                return Err(ErrorCode::Invalid);
            }
            if self.depth(to.folder) + self.height(id) > MAX_DEPTH {
                return Err(ErrorCode::NameTooLong);
            }
        }
        if let Some(replaced) = replaced {
            match &self[replaced].content {
                Content::Folder(_) if !is_folder => return Err(ErrorCode::IsDirectory),
                Content::Folder(names) if !names.is_empty() => return Err(ErrorCode::NotEmpty),
                Content::File(_) | Content::Link(_) if is_folder => {
                    return Err(ErrorCode::NotDirectory);
                }
                _ => {}
            }
            self.remove(&to, replaced)?;
        }
        self.take_name(from);
        self.put_name(to, id);
        self[id].times.changed = (self.now)();
        Ok(())
    }

    /// Sets the times of a node; `None` leaves one as it is.
    pub fn set_times(
        &mut self,
        id: NodeId,
        accessed: Option<Duration>,
        modified: Option<Duration>,
    ) -> Result<()> {
        if self[id].protection == Protection::Sealed {
            return Err(ErrorCode::NotPermitted);
        }
        let changed = (self.now)();
        let times = &mut self[id].times;
        *times = Times {
            accessed: accessed.unwrap_or(times.accessed),
            modified: modified.unwrap_or(times.modified),
            changed,
        };
        Ok(())
    }

    /// The present time of this tree's clock.
    pub fn now(&self) -> Duration {
        (self.now)()
    }

    /// Whether a file's bytes may be changed.
    pub fn is_writable(&self, id: NodeId) -> bool {
        self[id].protection != Protection::Sealed
    }

    /// Forbids from now on what `protection` says.
    pub fn protect(&mut self, id: NodeId, protection: Protection) {
        self[id].protection = protection;
    }

    fn add(&mut self, parent: NodeId, content: Content, protection: Protection) -> NodeId {
        let now = (self.now)();
        let node = Node {
            number: self.next_number,
            content,
            times: Times {
                accessed: now,
                modified: now,
                changed: now,
            },
            protection,
            parent,
            is_named: false,
            holders: 0,
        };
        self.next_number += 1;
        match self.free.pop() {
            Some(id) => {
                self.nodes[id] = Some(node);
                id
            }
            None => {
                self.nodes.push(Some(node));
                self.nodes.len() - 1
            }
        }
    }

    fn remove(&mut self, entry: &Entry, id: NodeId) -> Result<()> {
        self.check_removable(entry.folder, id)?;
        self.take_name(entry);
        self.forget_if_unused(id);
        Ok(())
    }

    fn forget_if_unused(&mut self, id: NodeId) {
        let node = &self[id];
        if !node.is_named && node.holders == 0 {
            self.used -= cost(node.content.size());
            self.nodes[id] = None;
            self.free.push(id);
        }
    }

    fn named(&self, entry: &Entry) -> Result<NodeId> {
        self.names(entry.folder)?
            .get(&entry.name)
            .copied()
            .ok_or(ErrorCode::NoEntry)
    }

    fn put_name(&mut self, Entry { folder, name }: Entry, id: NodeId) {
        if let Content::Folder(names) = &mut self[folder].content {
            names.insert(name, id);
        }
        self.modified(folder);
        let node = &mut self[id];
        node.parent = folder;
        node.is_named = true;
    }

    fn take_name(&mut self, entry: &Entry) {
        if let Content::Folder(names) = &mut self[entry.folder].content
            && let Some(id) = names.remove(&entry.name)
        {
            self[id].is_named = false;
            self.modified(entry.folder);
        }
    }

    fn modified(&mut self, id: NodeId) {
        let now = (self.now)();
        let times = &mut self[id].times;
        times.modified = now;
        times.changed = now;
    }

    /// Whether names may be made in a folder and taken from it.
    fn check_changeable(&self, folder: NodeId) -> Result<()> {
        let node = &self[folder];
        if !node.is_named {
            return Err(ErrorCode::NoEntry);
        }
        match node.protection {
            Protection::Sealed => Err(ErrorCode::Access),
            Protection::None | Protection::Kept => Ok(()),
        }
    }

    fn check_removable(&self, folder: NodeId, id: NodeId) -> Result<()> {
        self.check_changeable(folder)?;
        match self[id].protection {
            Protection::None => Ok(()),
            Protection::Kept | Protection::Sealed => Err(ErrorCode::NotPermitted),
        }
    }

    /// Folders above and including this one, without the root.
    fn depth(&self, mut folder: NodeId) -> usize {
        let mut depth = 0;
        while folder != ROOT {
            folder = self[folder].parent;
            depth += 1;
        }
        depth
    }

    /// Folders below and including this one, on the longest way down.
    fn height(&self, id: NodeId) -> usize {
        match &self[id].content {
            // As deep as `MAX_DEPTH` at most, because `depth` is checked when a folder is made.
            Content::Folder(names) => {
                1 + names.values().map(|id| self.height(*id)).max().unwrap_or(0)
            }
            Content::File(_) | Content::Link(_) => 0,
        }
    }

    fn is_within(&self, mut folder: NodeId, ancestor: NodeId) -> bool {
        while folder != ancestor {
            if folder == ROOT {
                return false;
            }
            folder = self[folder].parent;
        }
        true
    }
}
