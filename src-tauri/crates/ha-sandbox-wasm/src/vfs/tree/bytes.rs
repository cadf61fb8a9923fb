//! The bytes of files, and the quota of the whole tree.
//!
//! Nothing here allocates before its cost was found to fit, so a hole of a terabyte or a million empty
//! files are refused, not tried.

use super::{Content, NodeId, Result, Tree};
use wasmtime_wasi::p2::bindings::filesystem::types::ErrorCode;

/// What an entry costs at least, in bytes: an empty file is not free for the host either.
const ENTRY_BYTES: u64 = 4096;

impl Tree {
    /// From now on files may grow by `bytes` together: what is there already is free.
    pub fn allow(&mut self, bytes: u64) {
        self.limit = self.used.saturating_add(bytes);
    }

    /// Copies bytes of a file from `offset` on: at most `most`, none at its end.
    pub fn read(&self, id: NodeId, offset: u64, most: usize) -> Result<&[u8]> {
        let Content::File(bytes) = &self[id].content else {
            return Err(ErrorCode::IsDirectory);
        };
        let start = usize::try_from(offset).map_or(bytes.len(), |offset| offset.min(bytes.len()));
        let end = start.saturating_add(most).min(bytes.len());
        Ok(&bytes[start..end])
    }

    /// How many bytes can be written at `offset` before the limit is met.
    pub fn room(&self, id: NodeId, offset: u64) -> u64 {
        self.largest(id).saturating_sub(offset)
    }

    /// Writes what fits and says how much that was: at least one byte, or it is an error.
    pub fn write(&mut self, id: NodeId, offset: u64, bytes: &[u8]) -> Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        let count = bytes
            .len()
            .min(usize::try_from(self.room(id, offset)).unwrap_or(usize::MAX));
        if count == 0 {
            return Err(ErrorCode::InsufficientSpace);
        }
        let start = usize::try_from(offset).map_err(|_| ErrorCode::FileTooLarge)?;
        self.reserve(id, start + count)?;
        let file = self.file(id)?;
        let old = file.len();
        if start > old {
            file.resize(start, 0);
        }
        let (over, beyond) = bytes[..count].split_at(count.min(file.len() - start));
        file[start..start + over.len()].copy_from_slice(over);
        file.extend_from_slice(beyond);
        self.recount(id, old);
        self.modified(id);
        Ok(count)
    }

    /// Cuts a file, or fills it up with zeros.
    pub fn set_size(&mut self, id: NodeId, size: u64) -> Result<()> {
        let old = self.file(id)?.len();
        if size > self.largest(id) {
            return Err(ErrorCode::InsufficientSpace);
        }
        let length = usize::try_from(size).map_err(|_| ErrorCode::FileTooLarge)?;
        self.reserve(id, length)?;
        let file = self.file(id)?;
        file.resize(length, 0);
        // What a cut file no longer counts it must no longer hold.
        if file.capacity() > 2 * length.max(ENTRY_BYTES as usize) {
            file.shrink_to_fit();
        }
        self.recount(id, old);
        self.modified(id);
        Ok(())
    }

    fn file(&mut self, id: NodeId) -> Result<&mut Vec<u8>> {
        match &mut self[id].content {
            Content::File(bytes) => Ok(bytes),
            Content::Folder(_) => Err(ErrorCode::IsDirectory),
            Content::Link(_) => Err(ErrorCode::Invalid),
        }
    }

    /// The size a file can grow to.
    fn largest(&self, id: NodeId) -> u64 {
        cost(self[id].content.size()).saturating_add(self.limit.saturating_sub(self.used))
    }

    pub(super) fn charge(&mut self, bytes: u64) -> Result<()> {
        let used = self.used.saturating_add(bytes);
        if used > self.limit {
            return Err(ErrorCode::InsufficientSpace);
        }
        self.used = used;
        Ok(())
    }

    fn reserve(&mut self, id: NodeId, length: usize) -> Result<()> {
        let file = self.file(id)?;
        file.try_reserve(length.saturating_sub(file.len()))
            .map_err(|_| ErrorCode::InsufficientMemory)
    }

    /// Counts a file anew whose length was `old`; that it fits was found before.
    fn recount(&mut self, id: NodeId, old: usize) {
        self.used -= cost(old as u64);
        self.used += cost(self[id].content.size());
    }
}

/// What a node of this size counts.
pub(super) fn cost(size: u64) -> u64 {
    size.max(ENTRY_BYTES)
}
