//! Courses from hand to hand: making one, packing, signing, opening somebody else's, installing and
//! removing. Everything an author and a learner do with a bundle, without a window.

use crate::proof::no_manifest;
use crate::shelf::{is_older, shelf, wire_trust};
use crate::wire::SignerTrust;
use crate::{ApiError, ApiResult, ErrorCode, Places, lessons};
use ha_course::{AuthorKey, Bundle, BundleError, BundleList, Course, CourseDiff, said};
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// What a bundle says of itself, once every file of it proved to be what its author packed.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BundleSummary {
    /// What is in it.
    #[serde(flatten)]
    pub list: BundleList,
    /// What tells it from every other: [`Bundle::fingerprint`].
    pub fingerprint: String,
    /// Who signed it; nobody for an unsigned bundle.
    pub signer: Option<String>,
    /// Who signed what is installed of the same course; nobody when nothing is, or it is unsigned.
    pub known_signer: Option<String>,
    /// What follows from both.
    pub trust: SignerTrust,
    /// The version that is installed.
    pub installed: Option<String>,
    /// Whether that one is newer, as far as both are numbers with dots.
    pub is_older: bool,
}

/// Makes a course of one lesson in an empty folder.
///
/// # Errors
/// `invalid_request` for a folder that is not empty or an id that is none, `save_failed`.
pub fn course_new(dir: &Path, id: &str) -> ApiResult<()> {
    ha_course::scaffold(dir, id).map_err(|error| {
        let code = match error {
            ha_course::ScaffoldError::Io { .. } => ErrorCode::SaveFailed,
            _ => ErrorCode::InvalidRequest,
        };
        ApiError::said(code, error.words())
    })
}

/// What differs between two versions of a course; each is a folder or a bundle, which is unpacked into
/// the cache and proven.
///
/// # Errors
/// `invalid_request` for a folder without `course.toml`; for a bundle those of [`course_verify`].
pub fn course_diff(old: &Path, new: &Path, places: &Places) -> ApiResult<CourseDiff> {
    let (old, new) = (Version::of(old, places)?, Version::of(new, places)?);
    Ok(ha_course::diff(old.course(), new.course()))
}

/// One side of a comparison.
enum Version {
    Folder(Course),
    Bundle(Unpacked),
}

impl Version {
    fn of(path: &Path, places: &Places) -> ApiResult<Version> {
        if !path.is_dir() {
            let unpacked =
                Bundle::open(path).and_then(|mut bundle| Unpacked::of(&mut bundle, &places.cache));
            let unpacked = unpacked.map_err(|error| bundle_error(&error))?;
            return Ok(Version::Bundle(unpacked));
        }
        match path.join("course.toml").is_file() {
            true => Ok(Version::Folder(ha_course::load(path).0)),
            false => Err(no_manifest(path)),
        }
    }

    fn course(&self) -> &Course {
        match self {
            Version::Folder(course) => course,
            Version::Bundle(unpacked) => &unpacked.course,
        }
    }
}

/// What lessons read of a bundle, in a folder of its own, which goes away with this value.
pub(crate) struct Unpacked {
    dir: PathBuf,
    pub(crate) course: Course,
}

impl Unpacked {
    /// Proves all of the bundle and unpacks its texts.
    pub(crate) fn of(bundle: &mut Bundle, cache: &Path) -> Result<Unpacked, BundleError> {
        let dir = cache.join(format!("bundle-{}", uuid::Uuid::new_v4().simple()));
        match bundle.unpack_texts(&dir) {
            Ok(course) => Ok(Unpacked { dir, course }),
            Err(error) => {
                fs::remove_dir_all(&dir).ok();
                Err(error)
            }
        }
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        // The cache may be deleted at any time; what stays here costs room until then.
        fs::remove_dir_all(&self.dir).ok();
    }
}

/// Packs the course in `dir` into the file `out`.
///
/// # Errors
/// `cannot_pack`, `invalid_request` for a file that is a folder, `save_failed`.
pub fn course_pack(dir: &Path, out: &Path) -> ApiResult<BundleList> {
    if out.is_dir() {
        let out = out.display();
        let words = said!(
            "{out} 是文件夹；请写文件名",
            "{out} is a folder; name a file"
        );
        return Err(ApiError::said(ErrorCode::InvalidRequest, words));
    }
    ha_course::pack(dir, out).map_err(|error| packing(bundle_error(&error)))
}

/// What is wrong with a bundle of somebody else is, while packing, for its author to mend.
pub(crate) fn packing(error: ApiError) -> ApiError {
    match error.code {
        ErrorCode::BundleRefused | ErrorCode::NewerAppNeeded => ApiError {
            code: ErrorCode::CannotPack,
            ..error
        },
        _ => error,
    }
}

/// Makes an author's key and writes it to a file that only its owner can read. Answers the public
/// half, by which others know the author.
///
/// # Errors
/// `save_failed`; `invalid_request` when the file is there already: a key that is lost signs no update.
pub fn author_key_new(file: &Path, random: [u8; 32]) -> ApiResult<String> {
    let key = AuthorKey::from_random(random);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .open(file)
        .and_then(|mut file| file.write_all(key.to_text().as_bytes()));
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => ApiError::said(
            ErrorCode::InvalidRequest,
            said!(
                "{} 已经有了；密钥一旦被覆盖，就再也签不了更新",
                "{} is there already, and a key that is overwritten signs no update",
                file.display()
            ),
        ),
        _ => ApiError::new(
            ErrorCode::SaveFailed,
            format!("{}: {error}", file.display()),
        ),
    })?;
    Ok(key.signer().to_string())
}

/// Signs a bundle with the key in a file, in place. Answers who signed.
///
/// # Errors
/// `file_unreadable`, `invalid_request` for a file that is no key, `save_failed`; for the bundle those
/// of [`course_verify`].
pub fn course_sign(bundle: &Path, key: &Path) -> ApiResult<String> {
    let text = fs::read_to_string(key);
    let text = text.map_err(|error| {
        let message = format!("{}: {error}", key.display());
        ApiError::new(ErrorCode::FileUnreadable, message)
    })?;
    let signed = AuthorKey::from_text(&text).and_then(|key| {
        ha_course::sign(bundle, &key)?;
        Ok(key.signer().to_string())
    });
    signed.map_err(|error| bundle_error(&error))
}

/// Opens a bundle, compares every file with its digest and the list with the course: what this lets
/// through can be installed. Writes nothing.
///
/// # Errors
/// `file_unreadable`, `not_a_bundle`, `bundle_damaged`, `bundle_refused`, `bundle_changed`,
/// `newer_app_needed`.
pub fn course_verify(bundle: &Path, places: &Places) -> ApiResult<BundleSummary> {
    let verified = || {
        let mut bundle = Bundle::open(bundle)?;
        bundle.verify()?;
        let (trust, known) = shelf(places).trust(&bundle)?;
        let list = bundle.list().clone();
        let mut courses = lessons::installed(places).into_iter();
        let installed = courses.find(|(course, _)| course.id == list.course);
        let installed = installed.map(|(course, _)| course.version);
        Ok(BundleSummary {
            fingerprint: bundle.fingerprint(),
            signer: bundle.signer().map(|signer| signer.to_string()),
            known_signer: known.map(|signer| signer.to_string()),
            trust: wire_trust(trust),
            is_older: installed
                .as_deref()
                .is_some_and(|installed| is_older(&list.version, installed)),
            installed,
            list,
        })
    };
    verified().map_err(|error: BundleError| bundle_error(&error))
}

pub(crate) fn bundle_error(error: &BundleError) -> ApiError {
    let code = match error {
        BundleError::NotOne(_) => ErrorCode::NotABundle,
        BundleError::Damaged(_) => ErrorCode::BundleDamaged,
        BundleError::Refused(_) | BundleError::NoCourse(_) => ErrorCode::BundleRefused,
        BundleError::Changed(_) | BundleError::BadSignature => ErrorCode::BundleChanged,
        BundleError::Newer { .. } => ErrorCode::NewerAppNeeded,
        BundleError::SignerChanged { .. } => ErrorCode::SignerChanged,
        BundleError::Replaced => ErrorCode::BundleReplaced,
        BundleError::BadKey => ErrorCode::InvalidRequest,
        BundleError::NoFile(_) | BundleError::Unreadable { .. } => ErrorCode::FileUnreadable,
        BundleError::Io { .. } => ErrorCode::SaveFailed,
    };
    ApiError::said(code, error.words())
}
