//! A course as one file to hand out, `.hacourse`: a zip with a list of its files and their digests
//! in front, and perhaps a signature over that list.
//!
//! ```text
//! folder ── pack ──▶ file ── sign ──▶ file ── open: every name, size and digest ──▶ install
//! ```
//!
//! The same folder gives the same bytes. Whoever opens a bundle trusts nothing in it: [`Bundle`]
//! exists only for a file whose every entry was looked at, and a course stands in its place whole
//! or not at all.

mod course;
mod install;
mod key;
mod names;
mod pack;
mod read;

pub use install::{Installed, Shelf, Trust};
pub(crate) use key::is_secret_key;
pub use key::{AuthorKey, Signer};
pub(crate) use pack::SECRET_INSIDE;
pub use pack::{pack, sign};
pub use read::Bundle;

use crate::model::Words;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};

/// The form of the bundle that this version of the app reads and writes.
pub const BUNDLE_FORMAT: u32 = 1;
/// Largest bundle, in bytes, packed and unpacked: sixteen chapters with a thousand photographs.
pub const MAX_BUNDLE: u64 = 512 * 1024 * 1024;
/// Most files in a bundle.
pub const MAX_ENTRIES: usize = 10_000;
/// The list of the files, the first entry.
const LIST: &str = "hacourse.json";
/// The signature over the list's bytes.
const SIGNATURE: &str = "hacourse.sig";
/// Largest list, in bytes.
const MAX_LIST: u64 = 4 * 1024 * 1024;

/// What stands at the front of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleList {
    /// [`BUNDLE_FORMAT`].
    pub format: u32,
    /// The course's id.
    pub course: String,
    /// The author's version.
    pub version: String,
    /// Title in Chinese and English.
    pub title: (String, String),
    /// Licence and attribution.
    pub license: String,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// What its lessons need, all together.
    pub needs: BundleNeeds,
    /// Every file but the list and its signature, sorted by path.
    pub files: Vec<BundleFile>,
}

/// What the lessons of a bundle need beside the sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BundleNeeds {
    /// A real system with processes.
    pub docker: bool,
    /// Answers of a language model.
    pub model: bool,
    /// Hosts on the network.
    pub network: Vec<String>,
    /// Python packages.
    pub packages: Vec<String>,
}

/// One file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleFile {
    /// Relative, with `/`.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// BLAKE3, in hexadecimal.
    pub blake3: String,
}

impl BundleList {
    /// The title as the course has it.
    pub fn words(&self) -> Words {
        Words {
            zh: self.title.0.clone(),
            en: self.title.1.clone(),
        }
    }
}

/// Why a bundle is not made, opened or installed. Nothing of it is left behind.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// It is something else than a bundle.
    #[error("this is no bundle: {0}")]
    NotOne(String),
    /// It is a bundle and not all of one: get it again.
    #[error("this is no whole bundle: {0}")]
    Damaged(String),
    /// Somebody made it to do harm, or with a tool that should not be used: do not open it.
    #[error("this bundle is refused: {0}")]
    Refused(String),
    /// A file is not what the list says: it was changed after it was packed.
    #[error("{0} is not the file that the author packed")]
    Changed(String),
    /// The signature does not belong to this list.
    #[error("the signature is not valid: somebody changed this bundle after it was signed")]
    BadSignature,
    /// It was made for a newer version of the app.
    #[error("needs a newer HelloAgents: the {what} has format {format}, this one reads {ours}")]
    Newer {
        /// The bundle, or the course in it.
        what: &'static str,
        /// Its format.
        format: u32,
        /// The newest that this app reads.
        ours: u32,
    },
    /// The course is known from somebody else: install it only if you know why.
    #[error("{course} {known}, and this bundle is signed {now}")]
    SignerChanged {
        /// The course's id.
        course: String,
        /// Who signed it first, or that it came with the app.
        known: String,
        /// What this bundle says of itself.
        now: String,
    },
    /// The folder or the bundle holds no course that can be used.
    #[error("this is no course: {0}")]
    NoCourse(String),
    /// The key is not one of ours.
    #[error("this is no author's key")]
    BadKey,
    /// The file is not there, or is none, or may not be read.
    #[error("{path}: {error}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
    /// The disk failed.
    #[error("{path}: {error}")]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
}

impl BundleError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> BundleError {
        let path = path.to_path_buf();
        move |error| BundleError::Io { path, error }
    }

    fn unreadable(path: &Path) -> impl Fn(io::Error) -> BundleError {
        let path = path.to_path_buf();
        move |error| BundleError::Unreadable {
            path: path.clone(),
            error,
        }
    }
}
