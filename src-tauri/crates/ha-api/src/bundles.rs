//! Courses from hand to hand: making one, packing, signing, opening somebody else's, installing and
//! removing. Everything an author and a learner do with a bundle, without a window.

use crate::{ApiError, ApiResult, ErrorCode, Places};
use ha_course::{AuthorKey, Bundle, BundleError, BundleList, CourseDiff, Shelf};
use std::fs;
use std::io::Write;
use std::path::Path;

/// What a bundle says of itself, once every file of it proved to be what its author packed.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BundleSummary {
    /// What is in it.
    #[serde(flatten)]
    pub list: BundleList,
    /// Who signed it; nobody for an unsigned bundle.
    pub signer: Option<String>,
    /// Who signed what is installed of the same course; nobody when nothing is, or it is unsigned.
    pub known_signer: Option<String>,
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
        ApiError::new(code, error.to_string())
    })
}

/// What differs between two versions of a course, by folder.
pub fn course_diff(old: &Path, new: &Path) -> CourseDiff {
    ha_course::diff(&ha_course::load(old).0, &ha_course::load(new).0)
}

/// Packs the course in `dir` into the file `out`.
///
/// # Errors
/// `invalid_request` for what cannot be packed, `save_failed`.
pub fn course_pack(dir: &Path, out: &Path) -> ApiResult<BundleList> {
    ha_course::pack(dir, out).map_err(|error| bundle_error(&error))
}

/// Makes an author's key and writes it to a file that only its owner can read. Answers the public
/// half, by which others know the author.
///
/// # Errors
/// `save_failed`, also when the file is there already: a key that is lost signs no update.
pub fn author_key_new(file: &Path, random: [u8; 32]) -> ApiResult<String> {
    let key = AuthorKey::from_random(random);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .open(file)
        .and_then(|mut file| file.write_all(key.to_text().as_bytes()));
    written.map_err(|error| {
        ApiError::new(
            ErrorCode::SaveFailed,
            format!("{}: {error}", file.display()),
        )
    })?;
    Ok(key.signer().to_string())
}

/// Signs a bundle with the key in a file, in place. Answers who signed.
///
/// # Errors
/// `invalid_request` for a file that is no key or no bundle, `save_failed`.
pub fn course_sign(bundle: &Path, key: &Path) -> ApiResult<String> {
    let text = fs::read_to_string(key);
    let text = text.map_err(|error| ApiError::invalid(format!("{}: {error}", key.display())))?;
    let signed = AuthorKey::from_text(&text).and_then(|key| {
        ha_course::sign(bundle, &key)?;
        Ok(key.signer().to_string())
    });
    signed.map_err(|error| bundle_error(&error))
}

/// Opens a bundle and compares every file with its digest. Writes nothing.
///
/// # Errors
/// `invalid_request` with the reason for a bundle that is damaged, changed or refused.
pub fn course_verify(bundle: &Path, places: &Places) -> ApiResult<BundleSummary> {
    let verified = || {
        let mut bundle = Bundle::open(bundle)?;
        bundle.verify()?;
        let known = shelf(places)?.signer(&bundle.list().course)?;
        Ok(BundleSummary {
            list: bundle.list().clone(),
            signer: bundle.signer().map(|signer| signer.to_string()),
            known_signer: known.map(|signer| signer.to_string()),
        })
    };
    verified().map_err(|error: BundleError| bundle_error(&error))
}

fn shelf(places: &Places) -> Result<Shelf, BundleError> {
    Shelf::open(&places.shelf())
}

pub(crate) fn bundle_error(error: &BundleError) -> ApiError {
    let code = match error {
        BundleError::Io { .. } => ErrorCode::SaveFailed,
        _ => ErrorCode::InvalidRequest,
    };
    ApiError::new(code, error.to_string())
}
