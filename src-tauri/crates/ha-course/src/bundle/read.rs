//! Opening a bundle of somebody else. Everything that can be known without unpacking is looked at
//! first: how many entries, their names, kinds and sizes; then the list and its signature. Files
//! are unpacked up to the size that the list says and not a byte further, and compared with their
//! digests.

use super::names::{folded, objection};
use super::{
    BUNDLE_FORMAT, BundleError, BundleFile, BundleList, LIST, MAX_BUNDLE, MAX_ENTRIES, MAX_LIST,
    SIGNATURE, Signer,
};
use crate::folder::MAX_IMAGE_BYTES;
use crate::toml_text::is_kebab_case;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use zip::{CompressionMethod, ZipArchive};

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
        let mut file = File::open(path).map_err(BundleError::io(path))?;
        let count = entries(&mut file).map_err(|fault| match fault {
            Fault::Io(error) => BundleError::io(path)(error),
            Fault::Said(error) => error,
        })?;
        let zip = ZipArchive::new(BufReader::new(file));
        let mut zip = zip.map_err(|error| BundleError::Damaged(error.to_string()))?;
        // The library keeps one of several entries of a name.
        if zip.len() != count {
            return Err(refused("two entries have the same name"));
        }
        let names = looked_at(&mut zip)?;
        let list_bytes = small(&mut zip, LIST, MAX_LIST)?;
        let list = parsed(&list_bytes)?;
        let signer = match names.contains(SIGNATURE) {
            false => None,
            true => {
                let line = small(&mut zip, SIGNATURE, 1024)?;
                let line = String::from_utf8(line).map_err(|_| BundleError::BadSignature)?;
                Some(Signer::of(&line, &list_bytes)?)
            }
        };
        let listed: BTreeSet<&str> = list.files.iter().map(|file| file.path.as_str()).collect();
        let own = names
            .iter()
            .map(String::as_str)
            .filter(|name| ![LIST, SIGNATURE].contains(name));
        if let Some(name) = own.clone().find(|name| !listed.contains(name)) {
            return Err(refused(&format!("{name} is in no list")));
        }
        if let Some(missing) = listed.iter().find(|path| !names.contains(**path)) {
            return Err(BundleError::Damaged(format!("{missing} is missing")));
        }
        if listed.len() != list.files.len() {
            return Err(refused("the list names a file twice"));
        }
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

    pub(super) fn list_bytes(&self) -> &[u8] {
        &self.list_bytes
    }

    /// Compares every file with its digest.
    ///
    /// # Errors
    /// [`BundleError::Changed`], [`BundleError::Damaged`].
    pub fn verify(&mut self) -> Result<(), BundleError> {
        self.each(|_, _| Ok(()))
    }

    /// Gives every file, once it proved to be the one in the list.
    pub(super) fn each(
        &mut self,
        mut take: impl FnMut(&BundleFile, &[u8]) -> Result<(), BundleError>,
    ) -> Result<(), BundleError> {
        let mut bytes = Vec::new();
        for file in &self.list.files {
            let entry = self.zip.by_name(&file.path);
            let entry = entry.map_err(|error| BundleError::Damaged(error.to_string()))?;
            bytes.clear();
            entry
                .take(file.size + 1)
                .read_to_end(&mut bytes)
                .map_err(|error| BundleError::Damaged(format!("{}: {error}", file.path)))?;
            let digest = blake3::hash(&bytes).to_hex();
            if bytes.len() as u64 != file.size || digest.as_str() != file.blake3 {
                return Err(BundleError::Changed(file.path.clone()));
            }
            take(file, &bytes)?;
        }
        Ok(())
    }
}

fn refused(reason: &str) -> BundleError {
    BundleError::Refused(reason.into())
}

enum Fault {
    Io(std::io::Error),
    Said(BundleError),
}

/// How many entries the end of the zip speaks of. Looked at before the library is, which would make
/// room for as many as are there.
fn entries(file: &mut File) -> Result<usize, Fault> {
    let length = file.metadata().map_err(Fault::Io)?.len();
    if length > MAX_BUNDLE {
        return Err(Fault::Said(refused("larger than 512 MiB")));
    }
    let tail = length.min(MAX_END);
    file.seek(SeekFrom::Start(length - tail))
        .map_err(Fault::Io)?;
    let mut end = Vec::new();
    file.take(tail).read_to_end(&mut end).map_err(Fault::Io)?;
    file.rewind().map_err(Fault::Io)?;
    let damaged = |reason: &str| Fault::Said(BundleError::Damaged(reason.into()));
    let last = end
        .len()
        .checked_sub(END)
        .ok_or_else(|| damaged("it is too short"))?;
    let at = (0..=last).rev().find(|at| &end[*at..*at + 4] == END_SIGN);
    let record = at
        .map(|at| &end[at..])
        .ok_or_else(|| damaged("its end is missing"))?;
    let number = |at: usize| usize::from(u16::from_le_bytes([record[at], record[at + 1]]));
    let [disk, first_disk, on_disk, count, comment] = [4, 6, 8, 10, 20].map(number);
    if [disk, first_disk, on_disk, count].contains(&0xFFFF) {
        return Err(Fault::Said(refused(
            "zip64 is for archives larger than any course",
        )));
    }
    if disk != 0 || first_disk != 0 || on_disk != count || record.len() != END + comment {
        return Err(damaged("its end contradicts itself"));
    }
    if count > MAX_ENTRIES {
        return Err(Fault::Said(refused("more than 10,000 entries")));
    }
    Ok(count)
}

/// Looks at every entry without unpacking it, and gives their names.
fn looked_at(zip: &mut ZipArchive<BufReader<File>>) -> Result<BTreeSet<String>, BundleError> {
    let mut names = BTreeSet::new();
    let mut folds = BTreeSet::new();
    let mut total = 0u64;
    for at in 0..zip.len() {
        let entry = zip.by_index_raw(at);
        let entry = entry.map_err(|error| BundleError::Damaged(error.to_string()))?;
        let shown = String::from_utf8_lossy(entry.name_raw())
            .escape_debug()
            .to_string();
        let refuse = |reason: &str| Err(refused(&format!("{shown}: {reason}")));
        let Ok(name) = std::str::from_utf8(entry.name_raw()) else {
            return refuse("its name is no UTF-8");
        };
        if let Some(reason) = objection(name) {
            return refuse(reason);
        }
        if entry.name() != name {
            return refuse("it has two names");
        }
        if entry.encrypted() {
            return refuse("it is encrypted");
        }
        let kind = entry.unix_mode().map_or(0, |mode| mode & 0o170_000);
        if entry.is_dir() || entry.is_symlink() || ![0, 0o100_000].contains(&kind) {
            return refuse("it is no plain file");
        }
        if ![CompressionMethod::Stored, CompressionMethod::Deflated].contains(&entry.compression())
        {
            return refuse("it is packed in a way that is not used here");
        }
        if entry.size() > MAX_IMAGE_BYTES {
            return refuse("larger than 8 MiB");
        }
        total += entry.size();
        if total > MAX_BUNDLE {
            return Err(refused("larger than 512 MiB when unpacked"));
        }
        if !folds.insert(folded(name)) {
            return refuse("another name differs from it only in case");
        }
        names.insert(name.to_string());
    }
    // A file cannot be a folder too.
    for name in &names {
        let mut parents = name.match_indices('/').map(|(at, _)| folded(&name[..at]));
        if parents.any(|parent| folds.contains(&parent)) {
            return Err(refused(&format!("{name} stands in a file")));
        }
    }
    Ok(names)
}

fn small(
    zip: &mut ZipArchive<BufReader<File>>,
    name: &str,
    limit: u64,
) -> Result<Vec<u8>, BundleError> {
    let entry = zip.by_name(name);
    let entry = entry.map_err(|_| BundleError::Damaged(format!("{name} is missing")))?;
    let mut bytes = Vec::new();
    entry
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| BundleError::Damaged(format!("{name}: {error}")))?;
    match bytes.len() as u64 > limit {
        true => Err(refused(&format!("{name} is too large"))),
        false => Ok(bytes),
    }
}

fn parsed(bytes: &[u8]) -> Result<BundleList, BundleError> {
    let damaged = |error: serde_json::Error| BundleError::Damaged(format!("{LIST}: {error}"));
    // A newer list may not even look like ours, so its number is read by itself.
    let any: serde_json::Value = serde_json::from_slice(bytes).map_err(damaged)?;
    match any["format"].as_u64() {
        Some(format) if format > u64::from(BUNDLE_FORMAT) => {
            return Err(BundleError::Newer(
                u32::try_from(format).unwrap_or(u32::MAX),
            ));
        }
        _ => {}
    }
    let list: BundleList = serde_json::from_value(any).map_err(damaged)?;
    if list.format != BUNDLE_FORMAT {
        return Err(BundleError::Damaged(format!(
            "{LIST}: format {} never existed",
            list.format
        )));
    }
    if !is_kebab_case(&list.course) {
        return Err(refused("the course's id is none"));
    }
    if list.files.iter().any(|file| file.size > MAX_IMAGE_BYTES) {
        return Err(refused("the list names a file larger than 8 MiB"));
    }
    Ok(list)
}
