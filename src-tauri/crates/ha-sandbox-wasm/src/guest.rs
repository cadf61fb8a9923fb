//! Finds, verifies, compiles and caches the guest.
//!
//! ```text
//! ready-made beside the guest ─┐
//! cache of this machine ───────┼─▶ digest matches its note ─▶ mapped and run
//! compile (5–10 s, once) ──────┘
//! ```
//!
//! Compiled code is mapped and executed as it is, and a damaged one would take the app down. So it
//! is only ever mapped after its digest was found to be the one noted when it was written.

use crate::{image, link, machine};
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use wasmtime::Engine;
use wasmtime::component::Component;

const GUEST: &str = "python.wasm.zst";
const READY_MADE: &str = "python.cwasm";

/// Where the guest is.
#[derive(Debug, Clone)]
pub struct GuestLocation {
    /// Holds the guest in one of two forms, or both: `python.wasm.zst`, for every machine, and
    /// `python.cwasm` with its note, made ready for this kind of machine. A checkout has both; a
    /// package brings the ready one alone, because both together are too large for it.
    pub dir: PathBuf,
    /// The user's own folder for what can be made again: compiled code.
    pub cache_dir: PathBuf,
}

/// What was compiled from what; lies beside compiled code as `<name>.json`.
#[derive(Debug, Serialize, Deserialize, PartialEq, Eq)]
struct Note {
    /// Digest of the compressed guest it was compiled from.
    guest: String,
    /// Digest of the compiled code.
    code: String,
}

/// Loads the guest, compiling it if need be. `compiling` is called before the long wait.
///
/// # Errors
/// A missing or broken guest; the message says what to do.
pub(crate) fn load(
    engine: &Engine,
    location: &GuestLocation,
    compiling: impl FnOnce(),
) -> Result<Component> {
    let guest_path = location.dir.join(GUEST);
    let guest = fs::read(&guest_path).ok().map(|guest| {
        let digest = blake3::hash(&guest).to_hex().to_string();
        (guest, digest)
    });
    let ready_made = location.dir.join(READY_MADE);
    let known = guest.as_ref().map(|(_, digest)| digest.as_str());
    if let Some(component) = load_compiled(engine, &ready_made, known) {
        return Ok(component);
    }
    let Some((guest, digest)) = guest else {
        bail!(
            "the Python guest is missing or damaged: neither {} nor {} can be used; an installed \
             app brings it along, so install it again; in a checkout `cargo xtask guest` builds it",
            ready_made.display(),
            guest_path.display()
        );
    };
    let cached = location
        .cache_dir
        .join("guest")
        .join(format!("{}.cwasm", cache_key(engine, &digest)));
    if let Some(component) = load_compiled(engine, &cached, Some(&digest)) {
        return Ok(component);
    }
    compiling();
    let wasm = zstd::decode_all(&guest[..]).context("the Python guest is damaged")?;
    let code = engine
        .precompile_component(&wasm)
        .map_err(anyhow::Error::from)
        .context("the Python guest cannot be compiled")?;
    match store(&cached, &code, &digest) {
        Ok(()) => forget_others(&cached),
        Err(error) => tracing::warn!(%error, "the compiled guest cannot be cached"),
    }
    match load_compiled(engine, &cached, Some(&digest)) {
        Some(component) => Ok(component),
        // The cache cannot be written, so the guest lives in memory and is compiled again next time.
        None => deserialize(engine, &code),
    }
}

/// The compiled code at `path`, if it is there, undamaged and for this engine, and of `guest` where
/// that is known.
fn load_compiled(engine: &Engine, path: &Path, guest: Option<&str>) -> Option<Component> {
    match verify(path, guest).and_then(|()| map(engine, path)) {
        Ok(component) => Some(component),
        Err(error) => {
            if path.exists() {
                tracing::warn!(path = %path.display(), "compiled guest not used: {error:#}");
            }
            None
        }
    }
}

fn verify(path: &Path, guest: Option<&str>) -> Result<()> {
    let note: Note = serde_json::from_slice(&fs::read(note_path(path))?)?;
    if guest.is_some_and(|guest| guest != note.guest) {
        bail!("it was compiled from another guest");
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    if hasher.finalize().to_hex().as_str() != note.code {
        bail!("it is damaged");
    }
    Ok(())
}

#[expect(
    unsafe_code,
    reason = "mapping compiled code is how the engine loads it"
)]
fn map(engine: &Engine, path: &Path) -> Result<Component> {
    // SAFETY: `verify` has just found the file to be what `precompile_component` returned; wasmtime
    // itself refuses code of another version, of other settings or for another processor.
    Ok(unsafe { Component::deserialize_file(engine, path) }?)
}

#[expect(
    unsafe_code,
    reason = "loading compiled code is how the engine uses it"
)]
fn deserialize(engine: &Engine, code: &[u8]) -> Result<Component> {
    // SAFETY: `code` was returned by `precompile_component` of this engine a moment ago.
    Ok(unsafe { Component::deserialize(engine, code) }?)
}

fn note_path(code: &Path) -> PathBuf {
    code.with_extension("cwasm.json")
}

/// Names one guest under one version and one set of settings of the engine.
fn cache_key(engine: &Engine, guest: &str) -> String {
    let mut hasher = DefaultHasher::new();
    guest.hash(&mut hasher);
    engine.precompile_compatibility_hash().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Writes code and note, each whole or not at all; the note last, so that it never speaks of code
/// that is not there.
fn store(path: &Path, code: &[u8], guest: &str) -> Result<()> {
    let folder = path.parent().context("compiled code lies in a folder")?;
    fs::create_dir_all(folder)?;
    let note = Note {
        guest: guest.to_owned(),
        code: blake3::hash(code).to_hex().to_string(),
    };
    for (target, bytes) in [
        (path, code),
        (&note_path(path), &serde_json::to_vec_pretty(&note)?),
    ] {
        // Not a private temporary file: what a package carries must be readable for everybody.
        let partial = folder.join(format!("partial-{}", std::process::id()));
        fs::write(&partial, bytes)?;
        fs::rename(&partial, target)?;
    }
    Ok(())
}

/// Removes the code of earlier guests: 50 MB each.
fn forget_others(kept: &Path) {
    let Some(entries) = kept.parent().and_then(|folder| fs::read_dir(folder).ok()) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path != kept && path != note_path(kept) {
            // Another version of the app may be using it; then it stays.
            fs::remove_file(path).ok();
        }
    }
}

/// Makes a package's guest: arranges the image in `component`, links its modules, compresses it into
/// `dir` and compiles it for every processor of this machine's kind, so that no learner waits for the
/// compiler.
///
/// # Errors
/// When the component cannot be read, is none of ours or cannot be compiled, or the folder not written.
pub fn precompile(component: &Path, dir: &Path) -> Result<()> {
    let mut wasm =
        fs::read(component).with_context(|| format!("{} cannot be read", component.display()))?;
    image::immortalise(&mut wasm)?;
    let linked = link::link(&wasm).context("the guest's modules cannot be linked")?;
    write_package(&linked, dir)
}

fn write_package(wasm: &[u8], dir: &Path) -> Result<()> {
    // Level 19 is 12 MB and takes 15 s; level 12 is 13 MB and takes 3.
    let guest = zstd::encode_all(wasm, 12)?;
    let mut config = machine::config();
    config.target(baseline_target()?)?;
    let code = Engine::new(&config)?.precompile_component(wasm)?;
    fs::create_dir_all(dir)?;
    fs::write(dir.join(GUEST), &guest)?;
    let digest = blake3::hash(&guest).to_hex().to_string();
    store(&dir.join(READY_MADE), &code, &digest)
}

/// Naming the target gives code for its plainest processor instead of for the one at hand.
fn baseline_target() -> Result<&'static str> {
    Ok(match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "x86_64-unknown-linux-gnu",
        ("linux", "aarch64") => "aarch64-unknown-linux-gnu",
        ("macos", "x86_64") => "x86_64-apple-darwin",
        ("macos", "aarch64") => "aarch64-apple-darwin",
        ("windows", "x86_64") => "x86_64-pc-windows-msvc",
        (os, arch) => bail!("no guest is made ready for {os} on {arch}"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    /// The smallest component there is: it compiles in no time, and the file handling is the same.
    const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";

    struct Place {
        location: GuestLocation,
        engine: Engine,
        _folder: tempfile::TempDir,
    }

    fn place() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let location = GuestLocation {
            dir: folder.path().join("guest"),
            cache_dir: folder.path().join("cache"),
        };
        fs::create_dir(&location.dir).unwrap();
        fs::write(
            location.dir.join(GUEST),
            zstd::encode_all(EMPTY, 1).unwrap(),
        )
        .unwrap();
        Place {
            location,
            engine: Engine::new(&machine::config()).unwrap(),
            _folder: folder,
        }
    }

    impl Place {
        /// Whether loading had to compile.
        fn compiles(&self) -> bool {
            let mut compiled = false;
            load(&self.engine, &self.location, || compiled = true).unwrap();
            compiled
        }

        fn cached(&self, extension: &str) -> PathBuf {
            let entries = fs::read_dir(self.location.cache_dir.join("guest")).unwrap();
            let mut paths = entries.map(|entry| entry.unwrap().path());
            paths
                .find(|path| path.extension().is_some_and(|found| found == extension))
                .unwrap()
        }

        fn make_ready(&self) -> PathBuf {
            write_package(EMPTY, &self.location.dir).unwrap();
            self.location.dir.join(READY_MADE)
        }
    }

    fn damage(path: &Path) {
        let mut bytes = fs::read(path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(path, bytes).unwrap();
    }

    #[test]
    fn the_guest_is_compiled_once() {
        let place = place();
        assert!(place.compiles());
        assert!(!place.compiles());
    }

    #[test]
    fn a_damaged_cache_is_rebuilt_and_never_mapped() {
        let place = place();
        place.compiles();
        for (extension, harm) in [
            ("cwasm", damage as fn(&Path)),
            ("cwasm", |path| fs::write(path, b"").unwrap()),
            ("cwasm", |path| fs::remove_file(path).unwrap()),
            ("json", damage),
            ("json", |path| fs::remove_file(path).unwrap()),
        ] {
            harm(&place.cached(extension));
            assert!(place.compiles(), "{extension} was damaged");
            assert!(!place.compiles(), "{extension} was repaired");
        }
    }

    #[test]
    fn a_new_guest_replaces_the_old_one_in_the_cache() {
        let place = place();
        place.compiles();
        let guest = zstd::encode_all(EMPTY, 1).unwrap();
        // The same component with a different digest: a skippable frame behind it.
        let other = [&guest[..], b"\x50\x2a\x4d\x18\0\0\0\0"].concat();
        fs::write(place.location.dir.join(GUEST), other).unwrap();
        assert!(place.compiles());
        let kept = fs::read_dir(place.location.cache_dir.join("guest")).unwrap();
        assert_eq!(kept.count(), 2, "one code and one note");
    }

    #[test]
    fn ready_made_code_is_used_while_it_is_whole_and_of_this_guest() {
        let place = place();
        let ready_made = place.make_ready();
        assert!(!place.compiles());
        assert!(!place.location.cache_dir.exists());
        damage(&ready_made);
        assert!(place.compiles());
    }

    #[test]
    fn a_package_brings_the_ready_made_code_alone() {
        let place = place();
        let ready_made = place.make_ready();
        fs::remove_file(place.location.dir.join(GUEST)).unwrap();
        assert!(!place.compiles());
        damage(&ready_made);
        let refused = load(&place.engine, &place.location, || ()).map(|_| ());
        let reason = format!("{:#}", refused.unwrap_err());
        assert!(reason.contains("damaged"), "{reason}");
    }

    #[test]
    fn a_cache_that_cannot_be_written_is_done_without() {
        let place = place();
        fs::write(
            &place.location.cache_dir,
            b"a file where the folder should be",
        )
        .unwrap();
        assert!(place.compiles());
    }

    #[test]
    fn a_missing_or_broken_guest_says_what_to_do() {
        let place = place();
        let guest = place.location.dir.join(GUEST);
        fs::write(&guest, b"not zstd").unwrap();
        let broken = load(&place.engine, &place.location, || ())
            .map(|_| ())
            .unwrap_err();
        assert!(format!("{broken:#}").contains("damaged"), "{broken:#}");
        fs::remove_file(guest).unwrap();
        let missing = load(&place.engine, &place.location, || ())
            .map(|_| ())
            .unwrap_err();
        assert!(
            format!("{missing:#}").contains("install it again"),
            "{missing:#}"
        );
    }
}
