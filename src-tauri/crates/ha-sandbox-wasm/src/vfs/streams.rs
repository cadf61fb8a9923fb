//! Reading and writing a file as a stream. Memory is always ready, so nothing here ever waits.

use super::Held;
use super::tree::{NodeId, Tree};
use bytes::Bytes;
use wasmtime_wasi::p2::bindings::filesystem::types::ErrorCode;
use wasmtime_wasi::p2::{InputStream, OutputStream, Pollable, StreamError, StreamResult};

/// Bytes one call may carry.
pub(super) const PIECE: usize = 64 * 1024;

/// A file from one place on.
pub(super) struct Reader {
    pub file: Held,
    pub offset: u64,
}

impl InputStream for Reader {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        if size == 0 {
            return Ok(Bytes::new());
        }
        let bytes = {
            let tree = self.file.tree();
            let bytes = tree.read(self.file.id, self.offset, size.min(PIECE));
            Bytes::copy_from_slice(bytes.map_err(failed)?)
        };
        if bytes.is_empty() {
            return Err(StreamError::Closed);
        }
        self.offset += bytes.len() as u64;
        Ok(bytes)
    }
}

#[async_trait::async_trait]
impl Pollable for Reader {
    async fn ready(&mut self) {}
}

/// Where a stream writes.
pub(super) enum Target {
    /// From this place on.
    Offset(u64),
    /// Wherever the end is by then.
    End,
}

impl Target {
    fn offset(&self, tree: &Tree, id: NodeId) -> u64 {
        match *self {
            Target::Offset(offset) => offset,
            Target::End => tree[id].content.size(),
        }
    }
}

/// A file that is written.
pub(super) struct Writer {
    pub file: Held,
    pub target: Target,
}

impl OutputStream for Writer {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        let mut tree = self.file.tree();
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let offset = self.target.offset(&tree, self.file.id);
            let count = tree.write(self.file.id, offset, rest).map_err(failed)?;
            rest = &rest[count..];
            if let Target::Offset(offset) = &mut self.target {
                *offset += count as u64;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    /// No more than there is room for, so that a program learns how much of its bytes was kept; with
    /// no room at all a whole piece, whose write then says so.
    fn check_write(&mut self) -> StreamResult<usize> {
        let tree = self.file.tree();
        let offset = self.target.offset(&tree, self.file.id);
        Ok(match tree.room(self.file.id, offset) {
            0 => PIECE,
            room => PIECE.min(usize::try_from(room).unwrap_or(PIECE)),
        })
    }
}

#[async_trait::async_trait]
impl Pollable for Writer {
    async fn ready(&mut self) {}
}

fn failed(error: ErrorCode) -> StreamError {
    StreamError::LastOperationFailed(error.into())
}
