//! `cargo xtask bindings`: the wire types as TypeScript, and whether the committed ones are those.
//!
//! ts-rs writes them from generated tests of `ha-api`. They are written to a fresh folder and then
//! compared or copied, so that a type that was removed loses its file too.

use crate::app;
use crate::checkout::Checkout;
use anyhow::{Context, Result, bail, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the page imports them from.
const COMMITTED: &str = "ui/src/bindings";

/// Path inside the folder to text.
type Files = BTreeMap<PathBuf, String>;

/// Writes the bindings.
pub fn write(checkout: &Checkout) -> Result<()> {
    let fresh = generate(checkout)?;
    let folder = checkout.path(COMMITTED);
    let old = read(&folder)?;
    for path in old.keys().filter(|path| !fresh.contains_key(*path)) {
        fs::remove_file(folder.join(path))?;
    }
    for (path, text) in &fresh {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().unwrap_or(&folder))?;
        fs::write(&file, text).with_context(|| format!("write {}", file.display()))?;
    }
    println!("{} types in {COMMITTED}", fresh.len());
    Ok(())
}

/// Generates the bindings again and compares.
pub fn check(checkout: &Checkout) -> Result<()> {
    let fresh = generate(checkout)?;
    compare(checkout, fresh)
}

/// Points a run of the Rust tests at a fresh folder, for [`check_exported`] after it. The tests
/// would else write into the tree that they are to be compared with.
pub fn export_into(checkout: &Checkout, tests: &mut Command) -> Result<PathBuf> {
    let folder = checkout.path("target/bindings");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    tests.env("TS_RS_EXPORT_DIR", &folder);
    Ok(folder)
}

/// Compares with what such a run wrote.
pub fn check_exported(checkout: &Checkout, folder: &Path) -> Result<()> {
    compare(checkout, read(folder)?)
}

fn generate(checkout: &Checkout) -> Result<Files> {
    let mut tests = checkout.cargo(&["test", "--quiet", "--workspace", "--lib"]);
    // As the tests are built: other features would build half of the dependencies anew.
    tests.args(["--features", app::FEATURES]);
    tests.args(["--", "export_bindings"]);
    let folder = export_into(checkout, &mut tests)?;
    let output = tests.output().context("start cargo")?;
    ensure!(
        output.status.success(),
        "the wire types do not build:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    read(&folder)
}

fn compare(checkout: &Checkout, fresh: Files) -> Result<()> {
    ensure!(!fresh.is_empty(), "the tests of ha-api exported no type");
    let committed = read(&checkout.path(COMMITTED))?;
    let names: BTreeSet<_> = fresh.keys().chain(committed.keys()).collect();
    let stale: Vec<String> = names
        .into_iter()
        .filter(|name| fresh.get(*name) != committed.get(*name))
        .map(|name| format!("    {}", name.display()))
        .collect();
    if !stale.is_empty() {
        bail!(
            "{COMMITTED} differs from the wire types in\n{}\nRun `cargo xtask bindings` and commit.",
            stale.join("\n")
        );
    }
    println!("{} types in {COMMITTED} are up to date", fresh.len());
    Ok(())
}

fn read(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    collect(folder, folder, &mut files)?;
    Ok(files)
}

fn collect(base: &Path, folder: &Path, files: &mut Files) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(base, &path, files)?;
        } else {
            let inside = path.strip_prefix(base).unwrap_or(&path).to_owned();
            files.insert(inside, fs::read_to_string(&path)?);
        }
    }
    Ok(())
}
