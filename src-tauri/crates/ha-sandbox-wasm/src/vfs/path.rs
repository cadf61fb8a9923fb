//! Finding a node by its path: `.`, `..` and symbolic links, all inside the tree.
//!
//! There is nothing outside: `..` of the root is the root, and a link is text that is looked up here
//! and nowhere else.

use super::tree::{Content, Entry, NodeId, Result, Tree};
use wasmtime_wasi::p2::bindings::filesystem::types::ErrorCode;

/// Bytes of one name.
const MAX_NAME: usize = 255;
/// Bytes of one path, and of what a link says.
const MAX_PATH: usize = 4096;
/// Links on the way of one path; more are taken for a loop.
const MAX_LINKS: usize = 40;

/// What a path leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// What is there, if anything is.
    pub node: Option<NodeId>,
    /// The name it has or would get; none for a path that ends in `.`, `..` or nothing else.
    pub entry: Option<Entry>,
    /// The path ends in `/`, so only a folder is meant.
    pub is_folder: bool,
}

impl Place {
    /// What is there.
    pub fn existing(&self) -> Result<NodeId> {
        self.node.ok_or(ErrorCode::NoEntry)
    }

    /// The name, for what can only be done to a name.
    pub fn into_entry(self) -> Result<Entry> {
        self.entry.ok_or(ErrorCode::Invalid)
    }
}

/// Refuses what can be nobody's path.
pub(super) fn check(path: &str) -> Result<()> {
    if path.is_empty() {
        return Err(ErrorCode::NoEntry);
    }
    if path.len() > MAX_PATH {
        return Err(ErrorCode::NameTooLong);
    }
    if path.contains('\0') {
        return Err(ErrorCode::Invalid);
    }
    // A path is relative to a descriptor; an absolute one would leave it.
    if path.starts_with('/') {
        return Err(ErrorCode::NotPermitted);
    }
    Ok(())
}

impl Tree {
    /// Goes along `path` from the folder `start`. `follow`: also a link at its very end.
    pub fn find(&self, start: NodeId, path: &str, follow: bool) -> Result<Place> {
        check(path)?;
        let is_folder = path.ends_with('/');
        let mut left: Vec<&str> = parts(path).collect();
        let (mut node, mut last) = (Some(start), None);
        let mut links = 0;
        while let Some(name) = left.pop() {
            let folder = node.ok_or(ErrorCode::NoEntry)?;
            let names = self.names(folder)?;
            if name == "." || name == ".." {
                let is_self = name == ".";
                node = Some(if is_self { folder } else { self.above(folder)? });
                last = None;
                continue;
            }
            if name.len() > MAX_NAME {
                return Err(ErrorCode::NameTooLong);
            }
            let found = names.get(name).copied();
            if let Some(found) = found
                && let Content::Link(target) = &self[found].content
                && (follow || is_folder || !left.is_empty())
            {
                links += 1;
                if links > MAX_LINKS {
                    return Err(ErrorCode::Loop);
                }
                left.extend(parts(target));
                node = Some(folder);
                continue;
            }
            node = found;
            last = Some((folder, name));
        }
        if let Some(node) = node
            && is_folder
        {
            self.names(node)?;
        }
        let entry = last.map(|(folder, name)| Entry {
            folder,
            name: name.to_owned(),
        });
        Ok(Place {
            node,
            entry,
            is_folder,
        })
    }
}

/// The parts of a path, last one first.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty()).rev()
}
