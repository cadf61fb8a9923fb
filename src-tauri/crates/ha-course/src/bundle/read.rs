//! Opening a bundle of somebody else. Everything that can be known without unpacking is looked at
//! first: how many entries, their names, kinds and sizes; then the list and its signature. The sizes
//! of the list are summed before a file is read, and files are unpacked up to the size that the list
//! says and not a byte further, whatever the zip says of them: so nothing inflates to more than a
//! bundle may hold. Each is compared with its digest.

use super::names::{collision, objection};
use super::{
    BUNDLE_FORMAT, BundleError, BundleFile, BundleList, LIST, MAX_BUNDLE, MAX_ENTRIES, MAX_LIST,
    SIGNATURE, Signer,
};
use crate::folder::MAX_IMAGE_BYTES;
use crate::manifest::MANIFEST;
use crate::model::{Course, Words};
use crate::toml_text::is_kebab_case;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use zip::{CompressionMethod, ZipArchive};

/// How a zip begins, with whatever record.
const BEGIN: &[u8] = b"PK";
/// The end of a zip: a record of 22 bytes and a comment of at most 64 KiB.
const END: usize = 22;
const MAX_END: u64 = 22 + 65_535;
const END_SIGN: &[u8; 4] = b"PK\x05\x06";

/// A bundle whose entries, list and signature are in order. Its files are compared with their
/// digests when they are read.
pub struct Bundle {
    zip: ZipArchive<BufReader<File>>,
    list: BundleList,
    list_bytes: Vec<u8>,
    signer: Option<Signer>,
}

impl Bundle {
    /// Opens a bundle.
    ///
    /// # Errors
    /// [`BundleError`]; nothing was written.
    pub fn open(path: &Path) -> Result<Bundle, BundleError> {
        let unreadable = BundleError::unreadable(path);
        // Asked before opening: opening a pipe would wait for its writer.
        if !fs::metadata(path).map_err(&unreadable)?.is_file() {
            return Err(BundleError::NoFile(path.into()));
        }
        let mut file = File::open(path).map_err(&unreadable)?;
        let count = entries(&mut file).map_err(|fault| match fault {
            Fault::Io(error) => unreadable(error),
            Fault::Said(error) => error,
        })?;
        let zip = ZipArchive::new(BufReader::new(file));
        let mut zip = zip.map_err(damaged)?;
        // The library keeps one of several entries of a name.
        if zip.len() != count {
            return Err(BundleError::Refused(said!(
                "有两个同名的条目",
                "two entries have the same name"
            )));
        }
        let sizes = looked_at(&mut zip)?;
        let list_bytes = small(&mut zip, LIST, MAX_LIST)?;
        let list = parsed(&list_bytes)?;
        let signer = match sizes.contains_key(SIGNATURE) {
            false => None,
            true => {
                let line = small(&mut zip, SIGNATURE, 1024)?;
                let line = String::from_utf8(line).map_err(|_| BundleError::BadSignature)?;
                Some(Signer::of(&line, &list_bytes)?)
            }
        };
        compared(&list, &sizes)?;
        Ok(Bundle {
            zip,
            list,
            list_bytes,
            signer,
        })
    }

    /// What is in it.
    pub fn list(&self) -> &BundleList {
        &self.list
    }

    /// Who signed it; nobody for an unsigned bundle.
    pub fn signer(&self) -> Option<Signer> {
        self.signer
    }

    /// What tells this bundle from every other: what is in it and who signed it. BLAKE3, in
    /// hexadecimal. Whoever agreed to one bundle agreed to those of the same fingerprint.
    pub fn fingerprint(&self) -> String {
        let list = blake3::hash(&self.list_bytes).to_hex();
        let signer = self.signer.map(|signer| signer.to_string());
        let both = format!("{list} {}", signer.unwrap_or_default());
        blake3::hash(both.as_bytes()).to_hex().to_string()
    }

    pub(super) fn list_bytes(&self) -> &[u8] {
        &self.list_bytes
    }

    /// Compares every file with its digest, and the list with the course. Writes nothing; the folder
    /// of the course it answers is nowhere.
    ///
    /// # Errors
    /// Those with which [`super::Shelf::install`] refuses what is in the bundle.
    pub fn verify(&mut self) -> Result<Course, BundleError> {
        self.proven(|_, _| Ok(()))
    }

    /// Gives every file, once it proved to be the one in the list, and answers the course, once that
    /// proved to be what the list says.
    pub(super) fn proven(
        &mut self,
        mut take: impl FnMut(&BundleFile, &[u8]) -> Result<(), BundleError>,
    ) -> Result<Course, BundleError> {
        let mut manifest = None;
        self.each(|file, bytes| {
            if file.path == MANIFEST {
                manifest = Some(bytes.to_vec());
            }
            take(file, bytes)
        })?;
        self.list.check_course(manifest.as_deref())
    }

    /// Gives every file, once it proved to be the one in the list.
    fn each(
        &mut self,
        mut take: impl FnMut(&BundleFile, &[u8]) -> Result<(), BundleError>,
    ) -> Result<(), BundleError> {
        let mut bytes = Vec::new();
        for file in &self.list.files {
            let entry = self.zip.by_name(&file.path).map_err(damaged)?;
            bytes.clear();
            entry
                .take(file.size + 1)
                .read_to_end(&mut bytes)
                .map_err(|error| damaged(format!("{}: {error}", file.path)))?;
            let digest = blake3::hash(&bytes).to_hex();
            if bytes.len() as u64 != file.size || digest.as_str() != file.blake3 {
                return Err(BundleError::Changed(file.path.clone()));
            }
            take(file, &bytes)?;
        }
        Ok(())
    }
}

/// What a library says is damaged, in its own words.
fn damaged(reason: impl ToString) -> BundleError {
    BundleError::Damaged(Words::same(reason.to_string()))
}

/// Whether the list names what is in the zip, all of it and nothing else, with the same sizes.
fn compared(list: &BundleList, sizes: &BTreeMap<String, u64>) -> Result<(), BundleError> {
    let listed: BTreeSet<&str> = list.files.iter().map(|file| file.path.as_str()).collect();
    let mut own = sizes
        .keys()
        .filter(|name| ![LIST, SIGNATURE].contains(&name.as_str()));
    if let Some(name) = own.find(|name| !listed.contains(name.as_str())) {
        return Err(BundleError::Refused(said!(
            "清单里没有 {name}",
            "{name} is in no list"
        )));
    }
    if listed.len() != list.files.len() {
        return Err(BundleError::Refused(said!(
            "清单里有个文件列了两次",
            "the list names a file twice"
        )));
    }
    for file in &list.files {
        match sizes.get(&file.path) {
            Some(size) if *size == file.size => {}
            Some(_) => return Err(BundleError::Changed(file.path.clone())),
            None => {
                let path = &file.path;
                return Err(BundleError::Damaged(said!(
                    "缺少 {path}",
                    "{path} is missing"
                )));
            }
        }
    }
    Ok(())
}

enum Fault {
    Io(io::Error),
    Said(BundleError),
}

/// How many entries the end of the zip speaks of. Looked at before the library is, which would make
/// room for as many as are there.
fn entries(file: &mut File) -> Result<usize, Fault> {
    let length = file.metadata().map_err(Fault::Io)?.len();
    if length > MAX_BUNDLE {
        let reason = said!("超过 512 MiB", "larger than 512 MiB");
        return Err(Fault::Said(BundleError::Refused(reason)));
    }
    let mut begin = Vec::new();
    file.take(BEGIN.len() as u64)
        .read_to_end(&mut begin)
        .map_err(Fault::Io)?;
    if !BEGIN.starts_with(&begin) {
        let reason = said!("文件开头不对", "it does not begin as one");
        return Err(Fault::Said(BundleError::NotOne(reason)));
    }
    let tail = length.min(MAX_END);
    file.seek(SeekFrom::Start(length - tail))
        .map_err(Fault::Io)?;
    let mut end = Vec::new();
    file.take(tail).read_to_end(&mut end).map_err(Fault::Io)?;
    file.rewind().map_err(Fault::Io)?;
    let damaged = |reason: Words| Fault::Said(BundleError::Damaged(reason));
    let last = end
        .len()
        .checked_sub(END)
        .ok_or_else(|| damaged(said!("太短了", "it is too short")))?;
    let at = (0..=last).rev().find(|at| &end[*at..*at + 4] == END_SIGN);
    let record = at
        .map(|at| &end[at..])
        .ok_or_else(|| damaged(said!("没有结尾", "its end is missing")))?;
    let number = |at: usize| usize::from(u16::from_le_bytes([record[at], record[at + 1]]));
    let [disk, first_disk, on_disk, count, comment] = [4, 6, 8, 10, 20].map(number);
    if [disk, first_disk, on_disk, count].contains(&0xFFFF) {
        return Err(Fault::Said(BundleError::Refused(said!(
            "是 zip64，那是给比任何课程都大的压缩包用的",
            "zip64 is for archives larger than any course"
        ))));
    }
    if disk != 0 || first_disk != 0 || on_disk != count || record.len() != END + comment {
        return Err(damaged(said!("结尾自相矛盾", "its end contradicts itself")));
    }
    if count > MAX_ENTRIES {
        let reason = said!("超过 1 万个条目", "more than 10,000 entries");
        return Err(Fault::Said(BundleError::Refused(reason)));
    }
    Ok(count)
}

/// Looks at every entry without unpacking it, and gives their names with the sizes they claim.
fn looked_at(zip: &mut ZipArchive<BufReader<File>>) -> Result<BTreeMap<String, u64>, BundleError> {
    let mut sizes = BTreeMap::new();
    let mut total = 0u64;
    for at in 0..zip.len() {
        let entry = zip.by_index_raw(at).map_err(damaged)?;
        let shown = String::from_utf8_lossy(entry.name_raw())
            .escape_debug()
            .to_string();
        let refuse = |reason: Words| {
            let reason = said!("{shown}: {reason}", "{shown}: {reason}"; reason);
            Err(BundleError::Refused(reason))
        };
        let Ok(name) = std::str::from_utf8(entry.name_raw()) else {
            return refuse(said!("名字不是 UTF-8", "its name is no UTF-8"));
        };
        if let Some(reason) = objection(name) {
            return refuse(reason);
        }
        if entry.name() != name {
            return refuse(said!("有两个名字", "it has two names"));
        }
        if entry.encrypted() {
            return refuse(said!("是加密的", "it is encrypted"));
        }
        let kind = entry.unix_mode().map_or(0, |mode| mode & 0o170_000);
        if entry.is_dir() || entry.is_symlink() || ![0, 0o100_000].contains(&kind) {
            return refuse(said!("不是普通文件", "it is no plain file"));
        }
        if ![CompressionMethod::Stored, CompressionMethod::Deflated].contains(&entry.compression())
        {
            return refuse(said!(
                "用了这里不用的压缩方式",
                "it is packed in a way that is not used here"
            ));
        }
        if entry.size() > MAX_IMAGE_BYTES {
            return refuse(said!("超过 8 MiB", "larger than 8 MiB"));
        }
        total += entry.size();
        if total > MAX_BUNDLE {
            return Err(BundleError::Refused(said!(
                "解开以后超过 512 MiB",
                "larger than 512 MiB when unpacked"
            )));
        }
        sizes.insert(name.to_string(), entry.size());
    }
    match collision(sizes.keys().map(String::as_str)) {
        Some(reason) => Err(BundleError::Refused(reason)),
        None => Ok(sizes),
    }
}

fn small(
    zip: &mut ZipArchive<BufReader<File>>,
    name: &str,
    limit: u64,
) -> Result<Vec<u8>, BundleError> {
    let entry = zip.by_name(name);
    let entry =
        entry.map_err(|_| BundleError::NotOne(said!("缺少 {name}", "{name} is missing")))?;
    let mut bytes = Vec::new();
    entry
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| damaged(format!("{name}: {error}")))?;
    match bytes.len() as u64 > limit {
        true => Err(BundleError::Refused(said!(
            "{name} 太大",
            "{name} is too large"
        ))),
        false => Ok(bytes),
    }
}

fn parsed(bytes: &[u8]) -> Result<BundleList, BundleError> {
    let unread = |error: serde_json::Error| damaged(format!("{LIST}: {error}"));
    // A newer list may not even look like ours, so its number is read by itself.
    let any: serde_json::Value = serde_json::from_slice(bytes).map_err(unread)?;
    match any["format"].as_u64() {
        Some(format) if format > u64::from(BUNDLE_FORMAT) => {
            return Err(BundleError::Newer {
                what: said!("课程包", "bundle"),
                format: u32::try_from(format).unwrap_or(u32::MAX),
                ours: BUNDLE_FORMAT,
            });
        }
        _ => {}
    }
    let list: BundleList = serde_json::from_value(any).map_err(unread)?;
    if list.format != BUNDLE_FORMAT {
        return Err(BundleError::Damaged(said!(
            "{LIST}: 从来没有格式 {}",
            "{LIST}: format {} never existed",
            list.format
        )));
    }
    if !is_kebab_case(&list.course) {
        return Err(BundleError::Refused(said!(
            "课程的 id 不合格",
            "the course's id is none"
        )));
    }
    list.check_sizes()?;
    Ok(list)
}
