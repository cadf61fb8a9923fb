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
pub(crate) use pack::secret_inside;
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

/// Why a bundle is not made, opened or installed. Nothing of it is left behind. Shown, it is the English
/// of [`BundleError::words`].
#[derive(Debug, thiserror::Error)]
#[error("{}", self.words().en)]
pub enum BundleError {
    /// It is something else than a bundle.
    NotOne(Words),
    /// It is a bundle and not all of one: get it again.
    Damaged(Words),
    /// Somebody made it to do harm, or with a tool that should not be used: do not open it.
    Refused(Words),
    /// A file is not what the list says: it was changed after it was packed.
    Changed(String),
    /// The signature does not belong to this list.
    BadSignature,
    /// It was made for a newer version of the app.
    Newer {
        /// The bundle, or the course in it.
        what: Words,
        /// Its format.
        format: u32,
        /// The newest that this app reads.
        ours: u32,
    },
    /// The course is known from somebody else: install it only if you know why.
    SignerChanged {
        /// The course's id.
        course: String,
        /// Who signed it first, or that it came with the app.
        known: Words,
        /// What this bundle says of itself.
        now: Words,
    },
    /// Another bundle stands where the one stood that was agreed to.
    Replaced,
    /// The folder or the bundle holds no course that can be used.
    NoCourse(Words),
    /// The key is not one of ours.
    BadKey,
    /// What is there is no file.
    NoFile(PathBuf),
    /// The file is not there, or may not be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
    /// The disk failed.
    Io {
        /// Where.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
}

impl BundleError {
    /// What happened, in both languages.
    pub fn words(&self) -> Words {
        match self {
            BundleError::NotOne(why) => {
                said!("这不是课程包：{why}", "this is no bundle: {why}"; why)
            }
            BundleError::Damaged(why) => {
                said!("课程包不完整：{why}", "this is no whole bundle: {why}"; why)
            }
            BundleError::Refused(why) => {
                said!("这个课程包不能放进来：{why}", "this bundle is refused: {why}"; why)
            }
            BundleError::Changed(path) => said!(
                "{path} 不是作者打包的那个文件",
                "{path} is not the file that the author packed"
            ),
            BundleError::BadSignature => said!(
                "签名无效：签名之后有人改动过这个课程包",
                "the signature is not valid: somebody changed this bundle after it was signed"
            ),
            BundleError::Newer { what, format, ours } => {
                let format = Words::same(format.to_string());
                let ours = Words::same(ours.to_string());
                said!(
                    "需要更新的 HelloAgents：{what}的格式是 {format}，这一版只读到 {ours}",
                    "needs a newer HelloAgents: the {what} has format {format}, this one reads {ours}";
                    what, format, ours
                )
            }
            BundleError::SignerChanged { course, known, now } => said!(
                "{course} {known}，而这个课程包{now}",
                "{course} {known}, and this bundle is signed {now}";
                known, now
            ),
            BundleError::Replaced => said!(
                "看过之后，这里换成了另一个课程包",
                "this is another bundle than the one that was shown"
            ),
            BundleError::NoCourse(why) => {
                said!("这不是能用的课程：{why}", "this is no course: {why}"; why)
            }
            BundleError::BadKey => said!("这不是作者的密钥", "this is no author's key"),
            BundleError::NoFile(path) => {
                let path = path.display();
                said!("{path}: 这不是文件", "{path}: this is no file")
            }
            BundleError::Unreadable { path, error } => {
                let path = path.display();
                said!("{path}: 读不出来：{error}", "{path}: {error}")
            }
            BundleError::Io { path, error } => {
                let path = path.display();
                said!("{path}: 读写失败：{error}", "{path}: {error}")
            }
        }
    }

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
