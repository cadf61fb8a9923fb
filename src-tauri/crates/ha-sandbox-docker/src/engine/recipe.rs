//! What the image of the sandbox is made from, and the name that follows from it.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::sync::OnceLock;

/// Every file of `templates/sandbox` but its tests, by path.
const FILES: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/recipe.rs"));
/// The files that a container needs, and where they are in it.
const RUNNER: &str = "runner/";
const PLACE: &str = "opt/helloagents/";
/// Characters of the name.
const LENGTH: usize = 16;

/// The name of exactly this content: an image that carries it in its label is the right one, wherever it
/// comes from.
pub(crate) fn content() -> &'static str {
    static CONTENT: OnceLock<String> = OnceLock::new();
    CONTENT.get_or_init(|| {
        let mut digest = Sha256::new();
        for (path, bytes) in FILES {
            digest.update(path.as_bytes());
            digest.update([0]);
            digest.update((bytes.len() as u64).to_be_bytes());
            digest.update(bytes);
        }
        let mut name = String::new();
        for byte in digest.finalize() {
            write!(name, "{byte:02x}").expect("a string takes everything");
        }
        name.truncate(LENGTH);
        name
    })
}

/// The runner's files as an archive to be unpacked at the root of an image.
pub(crate) fn runner_archive() -> std::io::Result<Vec<u8>> {
    let mut archive = tar::Builder::new(Vec::new());
    for (path, bytes) in FILES {
        let Some(inside) = path.strip_prefix(RUNNER) else {
            continue;
        };
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o444);
        archive.append_data(&mut header, format!("{PLACE}{inside}"), *bytes)?;
    }
    archive.into_inner()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use std::io::Read;

    #[test]
    fn the_runner_travels_with_the_app() {
        let archive = runner_archive().unwrap();
        let mut archive = tar::Archive::new(&archive[..]);
        let mut main = String::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            if entry.path().unwrap().ends_with("helloagents/__main__.py") {
                entry.read_to_string(&mut main).unwrap();
            }
        }
        assert!(!main.is_empty());
        assert!(content().len() == LENGTH && content().chars().all(|c| c.is_ascii_hexdigit()));
    }
}
