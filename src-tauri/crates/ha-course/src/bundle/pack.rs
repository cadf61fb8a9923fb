//! A folder to a bundle, and a signature into one. The same folder gives the same bytes: entries
//! are sorted, times are those of no clock, and nothing of the machine gets in.

use super::key::is_secret_key;
use super::names::{collision, objection};
use super::{AuthorKey, BundleError, BundleFile, BundleList, LIST, MAX_ENTRIES, SIGNATURE};
use crate::folder::{Folder, MAX_IMAGE_BYTES};
use crate::lesson::{SVG, image_type};
use crate::manifest::{MANIFEST, load};
use crate::model::Words;
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Deepest folder of a course.
const MAX_DEPTH: usize = 16;
/// How a bundle ends that is not whole yet.
const ASIDE: &str = "hacourse-new";

/// Said of an author's key in a course's folder.
pub(crate) fn secret_inside() -> Words {
    said!(
        "这是作者的私钥，谁拿到都能用你的名义签名；请把它移出课程文件夹",
        "this is an author's secret key, with which anybody could sign in your name; move it out of the course's folder"
    )
}

/// Packs the course in `dir` into the file `out`, which is replaced once all is written, and answers what is in it.
/// Bundles that lie in the folder stay outside, `out` among them.
///
/// # Errors
/// [`BundleError::NoCourse`] for a manifest with a problem, [`BundleError::Refused`] for a file
/// whose name or size no bundle may have and for an author's secret key, [`BundleError::Io`].
pub fn pack(dir: &Path, out: &Path) -> Result<BundleList, BundleError> {
    let (course, problems) = load(dir);
    if let Some(problem) = problems.first() {
        return Err(BundleError::NoCourse(of_file(
            &problem.file,
            &problem.reason,
        )));
    }
    let folder = Folder::open(dir).map_err(BundleError::io(dir))?;
    let mut paths = Vec::new();
    collect(&folder, "", 0, &mut paths)?;
    let out_inside = place_in(dir, out);
    paths.retain(|path| !is_bundle(path) && out_inside.as_deref() != Some(Path::new(path)));
    paths.sort();
    if let Some(reason) = collision(paths.iter().map(String::as_str)) {
        return Err(BundleError::Refused(reason));
    }
    let (files, manifest) = listed(&folder, &paths)?;
    let list = BundleList {
        files,
        ..BundleList::of(&course)
    };
    list.check_sizes()?;
    list.check_course(manifest.as_deref())?;
    written_aside(out, |new, zip| {
        entry(zip, new, LIST, &bytes_of(&list))?;
        for path in &paths {
            entry(zip, new, path, &read(&folder, path)?)?;
        }
        Ok(())
    })?;
    Ok(list)
}

/// Signs the bundle in place: the list of its files, which holds the digest of each.
///
/// # Errors
/// Those of [`super::Bundle::open`]; [`BundleError::Io`], after which the bundle is as it was.
pub fn sign(bundle: &Path, key: &AuthorKey) -> Result<(), BundleError> {
    let opened = super::Bundle::open(bundle)?;
    let line = key.sign(opened.list_bytes());
    drop(opened);
    let file = File::open(bundle).map_err(BundleError::io(bundle))?;
    let mut old = ZipArchive::new(BufReader::new(file)).map_err(damaged)?;
    written_aside(bundle, |new, zip| {
        for at in 0..old.len() {
            let entry = old.by_index_raw(at).map_err(damaged)?;
            if entry.name() == SIGNATURE {
                continue;
            }
            zip.raw_copy_file(entry).map_err(damaged)?;
            if at == 0 {
                self::entry(zip, new, SIGNATURE, line.as_bytes())?;
            }
        }
        Ok(())
    })
}

/// Writes a bundle beside its place and puts it there when it is whole.
fn written_aside(
    bundle: &Path,
    write: impl FnOnce(&Path, &mut Zip) -> Result<(), BundleError>,
) -> Result<(), BundleError> {
    let new = bundle.with_extension(ASIDE);
    let file = File::create(&new).map_err(BundleError::io(&new))?;
    let mut zip = ZipWriter::new(BufWriter::new(file));
    let written = write(&new, &mut zip)
        .and_then(|()| finish(zip, &new))
        .and_then(|()| fs::rename(&new, bundle).map_err(BundleError::io(bundle)));
    if written.is_err() {
        // Best effort: the failure is what is told.
        fs::remove_file(&new).ok();
    }
    written
}

/// Every file of a course; hidden ones are left out.
fn collect(
    folder: &Folder,
    path: &str,
    depth: usize,
    found: &mut Vec<String>,
) -> Result<(), BundleError> {
    let refused = |path: &str, reason: &Words| BundleError::Refused(of_file(path, reason));
    if depth > MAX_DEPTH {
        let reason = said!("这里的文件夹层数太多", "folders nest too deeply here");
        return Err(refused(path, &reason));
    }
    let names = folder.names(path);
    let names = names.map_err(|refusal| refused(path, &refusal.problem(path).reason))?;
    for (name, is_dir) in names {
        let inner = match path {
            "" => name,
            path => format!("{path}/{name}"),
        };
        if let Some(reason) = objection(&inner) {
            return Err(refused(&inner, &reason));
        }
        if is_dir {
            collect(folder, &inner, depth + 1, found)?;
        } else if inner != LIST && inner != SIGNATURE {
            found.push(inner);
        }
        if found.len() > MAX_ENTRIES {
            return Err(BundleError::Refused(said!(
                "超过 1 万个文件",
                "more than 10,000 files"
            )));
        }
    }
    Ok(())
}

/// Bundles that were packed before, or are being written, are no part of the course.
fn is_bundle(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    path.ends_with(".hacourse")
        || path
            .strip_suffix(ASIDE)
            .is_some_and(|rest| rest.ends_with('.'))
}

/// Where in the folder a file is that need not be there yet; nothing when it is elsewhere.
fn place_in(dir: &Path, out: &Path) -> Option<PathBuf> {
    let parent = out.parent().filter(|parent| *parent != Path::new(""));
    let parent = fs::canonicalize(parent.unwrap_or(Path::new("."))).ok()?;
    let inside = parent.strip_prefix(fs::canonicalize(dir).ok()?).ok()?;
    Some(inside.join(out.file_name()?))
}

/// Every file with its digest, and the manifest among them.
fn listed(
    folder: &Folder,
    paths: &[String],
) -> Result<(Vec<BundleFile>, Option<Vec<u8>>), BundleError> {
    let (mut files, mut manifest) = (Vec::new(), None);
    for path in paths {
        let bytes = read(folder, path)?;
        if is_secret_key(&bytes) {
            return Err(BundleError::Refused(of_file(path, &secret_inside())));
        }
        files.push(BundleFile {
            path: path.clone(),
            size: bytes.len() as u64,
            blake3: blake3::hash(&bytes).to_hex().to_string(),
        });
        if path == MANIFEST {
            manifest = Some(bytes);
        }
    }
    Ok((files, manifest))
}

fn read(folder: &Folder, path: &str) -> Result<Vec<u8>, BundleError> {
    let bytes = folder.bytes_up_to(path, MAX_IMAGE_BYTES);
    bytes.map_err(|refusal| BundleError::Refused(of_file(path, &refusal.problem(path).reason)))
}

fn bytes_of(list: &BundleList) -> Vec<u8> {
    serde_json::to_vec_pretty(list).expect("texts and numbers are always JSON")
}

type Zip = ZipWriter<BufWriter<File>>;

fn entry(zip: &mut Zip, out: &Path, path: &str, bytes: &[u8]) -> Result<(), BundleError> {
    // Pictures are packed already.
    let method = match image_type(path).filter(|kind| *kind != SVG) {
        Some(_) => CompressionMethod::Stored,
        None => CompressionMethod::Deflated,
    };
    let options = SimpleFileOptions::default()
        .compression_method(method)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    zip.start_file(path, options).map_err(damaged)?;
    zip.write_all(bytes).map_err(BundleError::io(out))
}

fn finish(zip: Zip, out: &Path) -> Result<(), BundleError> {
    let mut file = zip.finish().map_err(damaged)?;
    file.flush().map_err(BundleError::io(out))?;
    file.get_ref().sync_all().map_err(BundleError::io(out))
}

fn damaged(error: zip::result::ZipError) -> BundleError {
    BundleError::Damaged(Words::same(error.to_string()))
}

/// What is wrong, behind the name of the file with which it is.
fn of_file(path: &str, reason: &Words) -> Words {
    said!("{path}: {reason}", "{path}: {reason}"; reason)
}
