//! Reading inside one course's folder and nowhere else.
//!
//! A course is somebody else's files, so every path is checked twice: as text (no `..`, nothing
//! absolute) and on the disk (no symbolic link that leads out, no pipe that never ends). Says
//! nothing about what the files mean.

use crate::drawing;
use crate::lesson::{SVG, image_type};
use crate::model::{CourseError, Problem, Words};
use crate::picture_size::{MAX_PIXELS, picture_size, too_large};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Largest file of a course, in bytes: hours of reading, and far below what hurts a parser.
pub const MAX_FILE_BYTES: u64 = 1024 * 1024;
/// Largest image, in bytes: photographs of blackboards are that large.
pub const MAX_IMAGE_BYTES: u64 = 8 * 1024 * 1024;
/// Deepest folder inside a lesson: deeper is a mistake or an attack.
const MAX_DEPTH: usize = 8;
/// Most files below one folder of a lesson; the sandbox takes 64.
const MAX_FILES: usize = 64;

/// A course's folder, resolved once so that links cannot move it.
pub(crate) struct Folder {
    root: PathBuf,
}

/// Why a path inside the folder was not read.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Nothing is there.
    Missing,
    /// Something is there that does not fit; the sentence says what and what to do.
    Unfit(Option<u32>, Words),
    /// The system failed.
    Io(io::Error),
}

impl Refusal {
    fn unfit(reason: Words) -> Self {
        Refusal::Unfit(None, reason)
    }

    /// The same as something to tell the author.
    pub(crate) fn problem(self, file: &str) -> Problem {
        let (line, reason) = match self {
            Refusal::Missing => (None, said!("没有这个文件", "this file does not exist")),
            Refusal::Unfit(line, reason) => (line, reason),
            Refusal::Io(error) => (None, said!("读不出来：{error}", "cannot be read: {error}")),
        };
        Problem {
            file: file.into(),
            line,
            reason,
        }
    }

    /// The same as the answer to somebody who needs the file.
    pub(crate) fn error(self, file: &str) -> CourseError {
        match self {
            Refusal::Io(error) => CourseError::Io {
                file: file.into(),
                error,
            },
            other => other.problem(file).into(),
        }
    }
}

/// What lies below a folder.
#[derive(Default)]
pub(crate) struct Walk {
    /// Paths relative to the folder that was walked, sorted.
    pub(crate) files: Vec<String>,
    /// What was left out: path inside the course, and why.
    pub(crate) refused: Vec<(String, Refusal)>,
}

impl Folder {
    /// Opens a course's folder, which may itself be reached through a link.
    pub(crate) fn open(dir: &Path) -> io::Result<Self> {
        let root = fs::canonicalize(dir)?;
        Ok(Folder { root })
    }

    /// Where a path inside the course really is.
    pub(crate) fn locate(&self, path: &str) -> Result<PathBuf, Refusal> {
        if !is_plain_path(path) {
            return Err(Refusal::unfit(said!(
                "这个路径出了课程文件夹，或者含有某些系统不接受的字符",
                "this path leaves the folder or holds characters that some systems refuse"
            )));
        }
        let real = fs::canonicalize(self.root.join(path)).map_err(not_there)?;
        if !real.starts_with(&self.root) {
            return Err(Refusal::unfit(said!(
                "符号链接指到了课程外面；请把文件复制进来",
                "a symbolic link leads out of the course; copy the file into it"
            )));
        }
        Ok(real)
    }

    /// Whether a folder of the course exists inside it.
    pub(crate) fn check_dir(&self, path: &str) -> Result<(), Refusal> {
        match self.locate(path)?.is_dir() {
            true => Ok(()),
            false => Err(Refusal::unfit(said!(
                "这不是文件夹",
                "this is not a folder"
            ))),
        }
    }

    /// The bytes of a file.
    pub(crate) fn bytes(&self, path: &str) -> Result<Vec<u8>, Refusal> {
        self.bytes_up_to(path, MAX_FILE_BYTES)
    }

    /// The bytes of a file that may be as large as `limit`.
    pub(crate) fn bytes_up_to(&self, path: &str, limit: u64) -> Result<Vec<u8>, Refusal> {
        let bytes = self.first_bytes(path, limit + 1)?;
        if bytes.len() as u64 > limit {
            return Err(Refusal::unfit(said!(
                "超过 {} MiB，请拆成几个文件",
                "larger than {} MiB; split it",
                limit >> 20
            )));
        }
        Ok(bytes)
    }

    /// Enough of a file to see what it is.
    pub(crate) fn beginning(&self, path: &str) -> Result<Vec<u8>, Refusal> {
        self.first_bytes(path, 256)
    }

    fn first_bytes(&self, path: &str, count: u64) -> Result<Vec<u8>, Refusal> {
        let real = self.locate(path)?;
        // Asked before opening: opening a pipe would wait for its writer.
        if !fs::metadata(&real).map_err(not_there)?.is_file() {
            return Err(Refusal::unfit(said!("这不是文件", "this is not a file")));
        }
        let file = fs::File::open(real).map_err(not_there)?;
        let mut bytes = Vec::new();
        file.take(count)
            .read_to_end(&mut bytes)
            .map_err(Refusal::Io)?;
        Ok(bytes)
    }

    /// A picture, of a size that whoever draws it can bear.
    pub(crate) fn picture(&self, path: &str) -> Result<Vec<u8>, Refusal> {
        let bytes = self.bytes_up_to(path, MAX_IMAGE_BYTES)?;
        let reason = match picture_size(&bytes) {
            Some((width, height)) => (u64::from(width) * u64::from(height) > MAX_PIXELS)
                .then(|| too_large(&Words::same(format!("{width} × {height}")))),
            None if image_type(path) == Some(SVG) => drawing::objection(&bytes),
            // A web view draws more kinds than these, and we could not tell how large they are.
            None => Some(said!(
                "不管叫什么名字，内容都不是 PNG、JPEG、GIF 或 WebP",
                "no PNG, JPEG, GIF or WebP, whatever its name says"
            )),
        };
        match reason {
            Some(reason) => Err(Refusal::Unfit(None, reason)),
            None => Ok(bytes),
        }
    }

    /// A file as text, without a byte order mark.
    pub(crate) fn text(&self, path: &str) -> Result<String, Refusal> {
        self.text_up_to(path, MAX_FILE_BYTES)
    }

    /// A file that may be as large as `limit`, as text, without a byte order mark.
    pub(crate) fn text_up_to(&self, path: &str, limit: u64) -> Result<String, Refusal> {
        let text = utf8(self.bytes_up_to(path, limit)?)?;
        Ok(match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_string(),
            None => text,
        })
    }

    /// Names directly inside a folder with whether each is a folder, sorted; hidden ones left out.
    pub(crate) fn names(&self, path: &str) -> Result<Vec<(String, bool)>, Refusal> {
        let real = match path {
            "" => self.root.clone(),
            path => self.locate(path)?,
        };
        let mut names = Vec::new();
        for entry in fs::read_dir(real).map_err(not_there)? {
            let entry = entry.map_err(Refusal::Io)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !is_hidden(&name) {
                let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
                names.push((name, is_dir));
            }
        }
        names.sort();
        Ok(names)
    }

    /// Every file below a folder; nothing when the folder does not exist. Linked folders are not
    /// followed, so a loop cannot catch us.
    pub(crate) fn walk(&self, path: &str) -> Walk {
        let mut walk = Walk::default();
        match self.check_dir(path) {
            Err(Refusal::Missing) => {}
            Err(refusal) => walk.refused.push((path.into(), refusal)),
            Ok(()) => self.walk_into(path, path.len() + 1, 0, &mut walk),
        }
        walk.files.sort();
        walk
    }

    fn walk_into(&self, path: &str, base: usize, depth: usize, walk: &mut Walk) {
        let names = match self.names(path) {
            Ok(names) if depth < MAX_DEPTH => names,
            Ok(_) => {
                let refusal = Refusal::unfit(said!(
                    "这里的文件夹层数太多",
                    "folders nest too deeply here"
                ));
                return walk.refused.push((path.into(), refusal));
            }
            Err(refusal) => return walk.refused.push((path.into(), refusal)),
        };
        for (name, is_dir) in names {
            let inner = format!("{path}/{name}");
            if is_dir {
                self.walk_into(&inner, base, depth + 1, walk);
                continue;
            }
            match self.locate(&inner) {
                Err(refusal) => walk.refused.push((inner, refusal)),
                Ok(real) if real.is_dir() => {
                    let refusal = Refusal::unfit(said!(
                        "这是指向文件夹的符号链接；请把文件夹复制进来",
                        "a symbolic link to a folder; copy the folder"
                    ));
                    walk.refused.push((inner, refusal));
                }
                Ok(_) if walk.files.len() == MAX_FILES => {
                    let refusal = Refusal::unfit(said!(
                        "超过 64 个文件，沙箱装不下",
                        "more than 64 files; the sandbox takes no more"
                    ));
                    return walk.refused.push((path.into(), refusal));
                }
                Ok(_) => walk.files.push(inner[base..].to_string()),
            }
        }
    }
}

/// Text, or the place of the first byte that is none.
fn utf8(bytes: Vec<u8>) -> Result<String, Refusal> {
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let before = &error.as_bytes()[..offset];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count() as u32;
        let reason = match encoding(error.as_bytes()) {
            Some(name) => said!(
                "编码是 {name}，不是 UTF-8；请另存为 UTF-8",
                "this is {name} and not UTF-8; save the file as UTF-8"
            ),
            None => said!(
                "不是 UTF-8：第 {offset} 个字节不是文字；请另存为 UTF-8",
                "not UTF-8: byte {offset} is no text; save the file as UTF-8"
            ),
        };
        Refusal::Unfit(Some(line), reason)
    })
}

/// The name of what a text that is not UTF-8 most likely is, of those that Chinese texts are in.
fn encoding(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Some("UTF-16");
    }
    let mut rest = bytes.iter();
    while let Some(first) = rest.next() {
        let is_first = (0x81..=0xFE).contains(first);
        let is_letter = match rest.as_slice() {
            _ if *first <= 0x7F => continue,
            [0x40..=0x7E | 0x80..=0xFE, ..] => is_first,
            // The rare ones of four bytes.
            [0x30..=0x39, 0x81..=0xFE, 0x30..=0x39, ..] => {
                rest.nth(1);
                is_first
            }
            _ => false,
        };
        if !is_letter {
            return None;
        }
        rest.next();
    }
    Some("GBK (GB 18030)")
}

fn not_there(error: io::Error) -> Refusal {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Refusal::Missing,
        _ => Refusal::Io(error),
    }
}

/// What editors, Python and version control leave behind is no part of a course.
pub(crate) fn is_hidden(name: &str) -> bool {
    name.starts_with('.')
        || name == "__pycache__"
        || name.ends_with(".pyc")
        || name.ends_with('~')
        || name.starts_with('#') && name.ends_with('#')
}

/// Relative, inside the folder, and a name on every system: the sandbox has the same rule.
pub(crate) fn is_plain_path(path: &str) -> bool {
    !path.is_empty()
        && path.len() <= 200
        && !path.contains(['\\', ':'])
        && !path.chars().any(char::is_control)
        && path
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != "..")
}
