//! Brings a checkout to the point where the app can be built: libraries, packages, guest, page.
//!
//! Every step looks first and works only when something is missing or out of date.

use crate::app;
use crate::checkout::Checkout;
use crate::guest;
use crate::progress::Progress;
use crate::system;
use anyhow::{Context, Result};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::time::SystemTime;

/// How many steps [`basics`] takes.
pub const STEPS: usize = 5;

/// What the page is built from, inside `ui/`.
const PAGE_SOURCES: &[&str] = &[
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
];

/// `cargo xtask setup`: everything that `cargo tauri dev`, an editor or a plain `cargo test` needs.
pub fn everything(checkout: &Checkout) -> Result<()> {
    let mut progress = Progress::new(checkout.logs(), STEPS + 1)?;
    basics(checkout, &mut progress)?;
    app::build(checkout, &mut progress, app::Depth::Programs)?;
    println!("\nReady. Hot reload: npm --prefix ui exec tauri -- dev");
    Ok(())
}

/// Libraries, tools, npm packages, guest and page.
pub fn basics(checkout: &Checkout, progress: &mut Progress) -> Result<()> {
    system::libraries(checkout, progress)?;
    system::tools(progress)?;
    npm_packages(checkout, progress)?;
    progress.work("CPython guest", || guest::ensure(checkout))?;
    page(checkout, progress)
}

fn npm_packages(checkout: &Checkout, progress: &mut Progress) -> Result<()> {
    let title = "npm packages";
    let wanted = modified(&checkout.path("ui/package-lock.json"));
    // npm writes this file at the end of every install.
    let installed = modified(&checkout.path("ui/node_modules/.package-lock.json"));
    if installed.is_some() && installed >= wanted {
        progress.nothing(title, "as the lock file says");
        return Ok(());
    }
    progress.require(
        title,
        "npm",
        checkout.npm(&["ci", "--no-audit", "--no-fund"]),
    )
}

/// Step: the page, when a source changed since it was built.
pub fn page(checkout: &Checkout, progress: &mut Progress) -> Result<()> {
    let title = "The window's page";
    let ui = checkout.path("ui");
    let stamp = checkout.path("target/page.stamp");
    let sources = fingerprint(&ui)?;
    let built = fs::read_to_string(&stamp).unwrap_or_default();
    if built == sources && ui.join("dist/index.html").exists() {
        progress.nothing(title, "up to date");
        return Ok(());
    }
    progress.require(title, "page", checkout.npm(&["run", "build"]))?;
    fs::write(&stamp, sources).with_context(|| format!("write {}", stamp.display()))
}

/// Says by content, not by time: a `git checkout` back and forth builds nothing.
fn fingerprint(ui: &Path) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for source in PAGE_SOURCES {
        hash_tree(&ui.join(source), &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn hash_tree(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    if path.is_dir() {
        let mut entries = fs::read_dir(path)?.collect::<Result<Vec<_>, _>>()?;
        entries.sort_by_key(fs::DirEntry::path);
        for entry in entries {
            hash_tree(&entry.path(), hasher)?;
        }
    } else if path.is_file() {
        path.hash(hasher);
        fs::read(path)
            .with_context(|| format!("read {}", path.display()))?
            .hash(hasher);
    }
    Ok(())
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata()
        .and_then(|metadata| metadata.modified())
        .ok()
}
