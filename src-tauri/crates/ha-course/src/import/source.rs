//! Where the files of a book come from: its folder, and before it the texts that notebooks were
//! turned into. What is read here is read as any file of a course is.

use super::ImportError;
use crate::folder::{Folder, Refusal};
use std::path::{Path, PathBuf};

/// Folders that are looked into one after the other.
pub(super) struct Source {
    folders: Vec<Folder>,
}

impl Source {
    /// Opens the folders, of which the first that has a file is the one it comes from.
    pub(super) fn open(roots: &[&Path]) -> Result<Self, ImportError> {
        let open = |root: &&Path| Folder::open(root).map_err(|error| ImportError::io(root, error));
        Ok(Source {
            folders: roots.iter().map(open).collect::<Result<_, _>>()?,
        })
    }

    /// Where a file really is.
    pub(super) fn locate(&self, file: &str) -> Result<PathBuf, Refusal> {
        self.first(|folder| folder.locate(file))
    }

    /// The bytes of a file that may be as large as `limit`.
    pub(super) fn bytes_up_to(&self, file: &str, limit: u64) -> Result<Vec<u8>, Refusal> {
        self.first(|folder| folder.bytes_up_to(file, limit))
    }

    /// A picture that can be drawn.
    pub(super) fn picture(&self, file: &str) -> Result<Vec<u8>, Refusal> {
        self.first(|folder| folder.picture(file))
    }

    /// A text, whichever language it is in.
    pub(super) fn text(&self, file: &str) -> Result<String, Refusal> {
        self.first(|folder| folder.text(file))
    }

    fn first<T>(&self, read: impl Fn(&Folder) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let mut found = Err(Refusal::Missing);
        for folder in &self.folders {
            found = read(folder);
            if !matches!(found, Err(Refusal::Missing)) {
                break;
            }
        }
        found
    }
}
