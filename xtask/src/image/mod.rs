//! Builds the image of the container engine: Debian's Python, our runner, and nothing else.
//!
//! ```text
//! image.toml ─▶ packages (apt) ─▶ root ─┐
//! runner/ ──────────────────────────────┴▶ layer.tar ─▶ python.tar ─▶ python.tar.zst
//! ```
//!
//! The same packages and the same runner give the same bytes. The archive has the form of `docker save`,
//! so the image's name is known before it is loaded. Everything is skipped while the recipe and the
//! runner are the same; only Linux with Debian's tools can build it, and only for itself.

mod archive;
mod deb;
mod root;

use crate::checkout::Checkout;
use crate::guest::{is_fresh, stamp};
use crate::system;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const SOURCES: &str = "templates/sandbox";
/// Folders in there that are no part of the image.
const NOT_INSIDE: [&str; 2] = ["tests", "__pycache__"];
/// Hexadecimal digits of the content's hash in labels and names.
const DIGITS: usize = 16;
/// Most bytes of the packed Python image: what an installer can carry.
const MOST_PACKED: u64 = 25 << 20;

/// A language beside Python.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// Python alone.
    Python,
    /// Python, for the runner, and Node.
    Javascript,
    /// Python, for the runner, and Go.
    Go,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 3] = [Language::Python, Language::Javascript, Language::Go];

    fn name(self) -> &'static str {
        match self {
            Language::Python => "python",
            Language::Javascript => "javascript",
            Language::Go => "go",
        }
    }
}

/// `image.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recipe {
    base: Base,
    languages: BTreeMap<String, More>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Base {
    name: String,
    packages: Vec<String>,
    programs: Vec<String>,
    applets: Vec<String>,
    without: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct More {
    name: String,
    packages: Vec<String>,
    programs: Vec<String>,
}

impl Recipe {
    /// The recipe of one language: Python's with the language's own.
    fn of(mut self, language: Language) -> Result<Base> {
        if language == Language::Python {
            return Ok(self.base);
        }
        let more = self.languages.remove(language.name());
        let more = more.with_context(|| format!("image.toml has no {}", language.name()))?;
        self.base.name = more.name;
        self.base.packages.extend(more.packages);
        self.base.programs.extend(more.programs);
        Ok(self.base)
    }
}

/// What stands beside the archive for whoever loads it.
#[derive(Serialize)]
struct Note<'a> {
    content: &'a str,
    architecture: &'a str,
    reference: &'a str,
    tar_bytes: u64,
    zst_bytes: u64,
}

/// Whether an image can be built here, and if not, why.
pub fn is_possible() -> std::result::Result<(), &'static str> {
    if !cfg!(target_os = "linux") {
        return Err("the image is built on Linux");
    }
    if !system::on_path("apt-get") {
        return Err("the image is built from Debian's packages, with apt");
    }
    Ok(())
}

/// Where the archive of a language lies once it is built.
pub fn archive(checkout: &Checkout, language: Language) -> PathBuf {
    let name = format!("target/image/{}.tar.zst", language.name());
    checkout.path(&name)
}

/// Makes the Python image and packs it as a package of its own.
///
/// # Errors
/// As [`ensure`].
pub fn package(checkout: &Checkout) -> Result<PathBuf> {
    ensure(checkout, Language::Python)?;
    let work = checkout.path("target/package");
    fs::create_dir_all(&work)?;
    deb::pack(
        &archive(checkout, Language::Python),
        archive::architecture()?,
        &work,
    )
}

/// Loads the images that are built into an engine, so that tests that start at once do not each do it.
pub fn load(checkout: &Checkout, host: &str) -> Result<()> {
    let archives = Language::ALL.map(|language| archive(checkout, language));
    let mut built = archives.iter().filter(|archive| archive.is_file());
    built.try_for_each(|archive| load_one(archive, host))
}

fn load_one(archive: &Path, host: &str) -> Result<()> {
    let mut unpack = Command::new("zstd")
        .args(["-d", "-q", "-c"])
        .arg(archive)
        .stdout(Stdio::piped())
        .spawn()
        .context("zstd cannot be started")?;
    let tar = unpack.stdout.take().context("zstd has an output")?;
    let loaded = Command::new("docker")
        .args(["--host", host, "load", "--quiet"])
        .stdin(tar)
        .output()
        .context("docker cannot be started")?;
    let unpacked = unpack.wait()?;
    if !loaded.status.success() || !unpacked.success() {
        bail!(
            "the image cannot be loaded:\n{}",
            String::from_utf8_lossy(&loaded.stderr)
        );
    }
    Ok(())
}

/// Makes the archive and its note, unless they are those of the present recipe and runner. The first time
/// takes about ten seconds, with packages from Debian's mirror.
///
/// # Errors
/// No Debian, no mirror, or a package that is not there; the tool's own words are in the message.
pub fn ensure(checkout: &Checkout, language: Language) -> Result<()> {
    if let Err(reason) = is_possible() {
        bail!("{reason}");
    }
    let packed = archive(checkout, language);
    let sources = sources(&checkout.path(SOURCES))?;
    let wanted = stamp(&sources)?;
    let stamp_file = packed.with_extension("stamp");
    if packed.is_file() && is_fresh(&stamp_file, &wanted) {
        println!("image: up to date");
        return Ok(());
    }
    let begun = Instant::now();
    let content = content(&checkout.path(SOURCES), &sources)?;
    let recipe = fs::read_to_string(checkout.path(SOURCES).join("image.toml"))?;
    let recipe = toml::from_str::<Recipe>(&recipe).context("image.toml")?;
    let recipe = recipe.of(language)?;
    let work = checkout.path(&format!("target/image/{}", language.name()));
    fs::create_dir_all(&work)?;
    let debs = packages(checkout, &recipe.packages, &work)?;
    println!("image: laying out {} packages", debs.len());
    let root = root::lay_out(checkout, &recipe, &debs, &work)?;
    let image = archive::Image {
        root: &root,
        name: &recipe.name,
        content: &content,
        language: language.name(),
    };
    let tar = image.write(&work)?;
    println!("image: packing {} MB", fs::metadata(&tar)?.len() >> 20);
    // 12: a tenth larger than the most that can be had, in a tenth of the time.
    run(Command::new("zstd")
        .args(["-12", "-T0", "-q", "-f", "-o"])
        .arg(&packed)
        .arg(&tar))?;
    let note = Note {
        content: &content,
        architecture: archive::architecture()?,
        reference: &format!("{}:{content}", recipe.name),
        tar_bytes: fs::metadata(&tar)?.len(),
        zst_bytes: fs::metadata(&packed)?.len(),
    };
    fs::write(
        packed.with_extension("").with_extension("json"),
        serde_json::to_string_pretty(&note)?,
    )?;
    fs::remove_dir_all(&work)?;
    fs::write(stamp_file, wanted)?;
    println!(
        "image: {} in {:.0} s, {:.1} MB packed, {:.1} MB unpacked",
        note.reference,
        begun.elapsed().as_secs_f32(),
        note.zst_bytes as f64 / 1e6,
        note.tar_bytes as f64 / 1e6,
    );
    if language == Language::Python && note.zst_bytes > MOST_PACKED {
        bail!("the image is larger than {} MiB", MOST_PACKED >> 20);
    }
    Ok(())
}

/// Everything the image is made from, sorted by path.
fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("read {}", folder.display()))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default();
            if path.is_file() {
                files.push(path);
            } else if !NOT_INSIDE.iter().any(|other| name == *other) {
                folders.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The hash by which an image is recognised. The container engine computes the same over the files it
/// carries: of each, in the order of their paths with `/`, path, zero, length in eight bytes, bytes.
fn content(folder: &Path, files: &[PathBuf]) -> Result<String> {
    let mut named = Vec::new();
    for file in files {
        let path = file.strip_prefix(folder)?;
        let path = path.to_str().context("a path is no text")?;
        named.push((path.replace('\\', "/"), fs::read(file)?));
    }
    named.sort();
    let mut all = Vec::new();
    for (path, bytes) in named {
        all.extend_from_slice(path.as_bytes());
        all.push(0);
        all.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
        all.extend_from_slice(&bytes);
    }
    Ok(digest(&all)?[..DIGITS].to_owned())
}

/// SHA-256 in hexadecimal, by the system's own tool: nothing here needs to be quick.
fn digest(bytes: &[u8]) -> Result<String> {
    let mut tool = Command::new("sha256sum")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("sha256sum cannot be started")?;
    let mut input = tool.stdin.take().context("sha256sum has an input")?;
    input.write_all(bytes)?;
    drop(input);
    let output = tool.wait_with_output()?;
    let text = String::from_utf8(output.stdout)?;
    let digest = text.split_whitespace().next();
    Ok(digest.context("sha256sum says nothing")?.to_owned())
}

/// The packages' files, downloaded once.
fn packages(checkout: &Checkout, names: &[String], work: &Path) -> Result<Vec<PathBuf>> {
    let folder = work.join("packages");
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(&folder)?;
    println!("image: fetching {} packages", names.len());
    let download = || {
        let mut apt = checkout.tool("apt-get");
        // As if nothing were installed: what is installed here may come from elsewhere than Debian.
        apt.args(["-o", "Dir::State::status=/dev/null"]);
        apt.args(["download", "-q"]).args(names);
        apt.current_dir(&folder);
        apt
    };
    if run(&mut download()).is_err() {
        // A fresh machine has no lists of packages, or old ones.
        let sudo = system::sudo()?;
        let mut shell = checkout.tool("sh");
        run(shell.args(["-c", &format!("{sudo} apt-get update -q")]))?;
        run(&mut download())?;
    }
    let mut debs = Vec::new();
    for entry in fs::read_dir(&folder)? {
        debs.push(entry?.path());
    }
    debs.sort();
    if debs.len() != names.len() {
        bail!("{} packages came instead of {}", debs.len(), names.len());
    }
    Ok(debs)
}

/// Runs a tool; its output is only shown when it fails.
fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("{program} cannot be started"))?;
    if !output.status.success() {
        bail!(
            "{program} failed ({}):\n{}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn checkout() -> Checkout {
        Checkout::find().unwrap()
    }

    fn recipe() -> Recipe {
        let path = checkout().path(SOURCES).join("image.toml");
        toml::from_str(&fs::read_to_string(path).unwrap()).unwrap()
    }

    #[test]
    fn every_language_adds_to_pythons_recipe() {
        let python = recipe().of(Language::Python).unwrap();
        for language in [Language::Javascript, Language::Go] {
            let more = recipe().of(language).unwrap();
            assert_ne!(more.name, python.name);
            assert!(more.packages.len() > python.packages.len());
            assert!(more.packages.starts_with(&python.packages));
        }
    }

    #[test]
    fn nothing_is_in_the_recipe_twice() {
        let Base {
            packages, applets, ..
        } = recipe().of(Language::Python).unwrap();
        for list in [packages, applets] {
            let mut once = list.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), list.len());
        }
    }

    #[test]
    fn the_content_is_the_runner_and_the_recipe_without_their_tests() {
        let folder = checkout().path(SOURCES);
        let files = sources(&folder).unwrap();
        assert!(files.contains(&folder.join("image.toml")));
        assert!(files.contains(&folder.join("runner/__main__.py")));
        assert!(
            !files
                .iter()
                .any(|file| file.starts_with(folder.join("tests")))
        );
        let whole = content(&folder, &files).unwrap();
        assert_eq!(whole.len(), DIGITS);
        let mut turned = files.clone();
        turned.reverse();
        assert_eq!(
            content(&folder, &turned).unwrap(),
            whole,
            "order is the paths' own"
        );
        assert_ne!(content(&folder, &files[1..]).unwrap(), whole);
    }
}
