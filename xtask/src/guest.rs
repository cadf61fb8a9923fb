//! Builds the Python guest: CPython and its standard library as one WebAssembly component, and the
//! code compiled from it for this kind of machine.
//!
//! ```text
//! requirements.txt ─▶ target/guest-venv ─┐
//! world.wit, common/, packages/ ─────────┴▶ component ─▶ guest-precompile ─▶ target/guest/
//! ```
//!
//! Everything is skipped while its inputs are the same. No engine is linked here: the compiler lives
//! in `ha-sandbox-wasm`, whose small program is run for it.

use crate::app;
use crate::checkout::Checkout;
use anyhow::{Context, Result, bail};
use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

const SOURCES: &str = "src-tauri/crates/ha-sandbox-wasm/guest";
/// What the guest shares with the runner of the container engine.
const COMMON: &str = "templates/sandbox/runner/common";
/// What lessons may import in both engines.
const PACKAGES: &str = "templates/sandbox/runner/packages";
/// The builder lives here, and what the guest takes from packages.
const ENVIRONMENT: &str = "target/guest-venv";
const COPY_ZONES: &str =
    "import shutil, sys, tzdata; shutil.copytree(tzdata.__path__[0], sys.argv[1])";
/// Besides the guest's own files and the compiler's version: what the compiled code depends on.
const COMPILER_INPUTS: [&str; 3] = [
    "src-tauri/crates/ha-sandbox-wasm/src/image.rs",
    "src-tauri/crates/ha-sandbox-wasm/src/machine.rs",
    "src-tauri/crates/ha-sandbox-wasm/src/guest.rs",
];
/// As [`COMPILER_INPUTS`], every file of it.
const LINKER: &str = "src-tauri/crates/ha-sandbox-wasm/src/link";

/// Makes `target/guest` hold the guest of the present sources: `python.wasm.zst`, `python.cwasm` and
/// its note. The first time takes about a minute and needs the package registry of Python; later
/// builds take half of that and need no network.
///
/// # Errors
/// No Python, no network the first time, or a guest that does not build; the tool's own output is in
/// the message.
pub fn ensure(checkout: &Checkout) -> Result<()> {
    let root = &checkout.root;
    let build = Build {
        checkout,
        sources: [
            source_files(&root.join(SOURCES))?,
            source_files(&root.join(COMMON))?,
        ]
        .concat(),
        packages: packages(&root.join(PACKAGES))?,
        work: root.join("target/guest-build"),
        out: root.join("target/guest"),
    };
    let component = build.work.join("python.wasm");
    let component_stamp = stamp(&[&build.sources[..], &build.packages].concat())?;
    let mut compiler_inputs = source_files(&root.join(LINKER))?;
    compiler_inputs.extend(COMPILER_INPUTS.iter().map(|path| root.join(path)));
    let guest_stamp = format!(
        "{component_stamp}-{}-{}",
        stamp(&compiler_inputs)?,
        compiler_version(root)?
    );
    let stamp_file = build.out.join("stamp");
    let is_complete = ["python.wasm.zst", "python.cwasm", "python.cwasm.json"]
        .iter()
        .all(|name| build.out.join(name).is_file());
    if is_complete && is_fresh(&stamp_file, &guest_stamp) {
        println!("guest: up to date");
        return Ok(());
    }
    let component_stamp_file = build.work.join("stamp");
    if !(component.is_file() && is_fresh(&component_stamp_file, &component_stamp)) {
        build.component(&component)?;
        fs::write(component_stamp_file, component_stamp)?;
    }
    build.precompile(&component)?;
    fs::write(&stamp_file, guest_stamp)?;
    println!("guest: ready in {}", build.out.display());
    Ok(())
}

struct Build<'a> {
    checkout: &'a Checkout,
    sources: Vec<PathBuf>,
    packages: Vec<PathBuf>,
    work: PathBuf,
    out: PathBuf,
}

impl Build<'_> {
    fn component(&self, component: &Path) -> Result<()> {
        let builder = self.builder()?;
        // From a copy: the builder leaves compiled files beside the sources it reads.
        let copy = self.work.join("src");
        fs::remove_dir_all(&copy).ok();
        fs::create_dir_all(&copy)?;
        for source in &self.sources {
            let name = source.file_name().context("a source file has a name")?;
            fs::copy(source, copy.join(name))?;
        }
        let packages = self.checkout.path(PACKAGES);
        for package in &self.packages {
            let place = copy.join("packages").join(package.strip_prefix(&packages)?);
            fs::create_dir_all(place.parent().context("a file lies in a folder")?)?;
            fs::copy(package, place)?;
        }
        // The guest reads the time zones when it is built; they are data, so any Python can copy them.
        run(Command::new(self.program("python"))
            .args(["-c", COPY_ZONES])
            .arg(copy.join("tzdata")))?;
        println!("guest: building the component (about 10 s)");
        run(Command::new(builder)
            .args(["--quiet", "--wit-path"])
            .arg(copy.join("world.wit"))
            .args(["--world", "sandbox", "componentize", "_sandbox"])
            .arg("--python-path")
            .arg(&copy)
            .arg("--output")
            .arg(component)
            // Nothing of the caller's own Python may slip into the guest.
            .env_remove("PYTHONPATH")
            .env_remove("VIRTUAL_ENV"))
    }

    /// The pinned builder in an environment of its own.
    fn builder(&self) -> Result<PathBuf> {
        let home = self.checkout.path(ENVIRONMENT);
        let builder = self.program("componentize-py");
        let requirements = self.checkout.path(SOURCES).join("requirements.txt");
        let wanted = stamp(std::slice::from_ref(&requirements))?;
        let stamp_file = home.join("stamp");
        if builder.is_file() && is_fresh(&stamp_file, &wanted) {
            return Ok(builder);
        }
        println!("guest: installing its builder");
        run(Command::new(crate::system::python())
            .args(["-m", "venv", "--clear"])
            .arg(&home))?;
        run(Command::new(self.program("python"))
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args([
                "--only-binary",
                ":all:",
                "--require-hashes",
                "--requirement",
            ])
            .arg(&requirements))?;
        fs::write(stamp_file, wanted)?;
        Ok(builder)
    }

    /// A program of that environment.
    fn program(&self, name: &str) -> PathBuf {
        let programs = if cfg!(windows) { "Scripts" } else { "bin" };
        let name = format!("{name}{}", env::consts::EXE_SUFFIX);
        self.checkout.path(ENVIRONMENT).join(programs).join(name)
    }

    fn precompile(&self, component: &Path) -> Result<()> {
        println!("guest: compiling it for this machine (about 10 s, longer the first time)");
        run(&mut app::only(self.checkout, "guest-precompile"))?;
        run(
            Command::new(self.checkout.debug_program("guest-precompile"))
                .current_dir(&self.checkout.root)
                .arg(component)
                .arg(&self.out),
        )
    }
}

/// The files of a folder, in a stable order.
pub fn source_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The Python files of a folder and all below it, in a stable order.
fn packages(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(packages(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// A short name for the present content of `files`.
pub fn stamp(files: &[PathBuf]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.file_name().hash(&mut hasher);
        let content = fs::read(file).with_context(|| format!("read {}", file.display()))?;
        content.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// The version of wasmtime in the lock file; other dependencies may change without touching the guest.
fn compiler_version(root: &Path) -> Result<String> {
    let lock = fs::read_to_string(root.join("Cargo.lock")).context("read Cargo.lock")?;
    let mut lines = lock.lines();
    lines
        .find(|line| *line == "name = \"wasmtime\"")
        .and_then(|_| lines.next())
        .and_then(|line| line.strip_prefix("version = "))
        .map(|version| version.trim_matches('"').to_owned())
        .context("Cargo.lock names no wasmtime")
}

pub fn is_fresh(stamp_file: &Path, wanted: &str) -> bool {
    fs::read_to_string(stamp_file).is_ok_and(|found| found == wanted)
}

/// Runs a tool; its output is only shown when it fails.
fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .output()
        .with_context(|| format!("{program} cannot be started"))?;
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
