//! `cargo xtask package`: the `.deb` and the `.rpm`, and a look inside the `.deb`.
//!
//! Both hold the window, the command line, the bundled courses and the guest, and need no network
//! when they are installed. The image of the container engine is a package of its own, because both
//! together would be larger than a package may be. AppImage and the bundles of other systems are made there, by the same
//! Tauri command.

use crate::app;
use crate::checkout::Checkout;
use crate::image;
use crate::progress::Progress;
use crate::setup;
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A `.deb` may not be larger.
const LARGEST_DEB: u64 = 40 * 1024 * 1024;

/// The step that not every machine can do.
const IMAGE: &str = "Image of the container engine";

/// What makes the app work after it is installed.
const INSIDE: &[&str] = &[
    "./usr/bin/helloagents-desktop",
    "./usr/bin/helloagents",
    "./usr/lib/HelloAgents/courses/build-ai-agents/course.toml",
    "./usr/lib/HelloAgents/guest/python.cwasm",
    "./usr/lib/HelloAgents/templates/errors/python.toml",
    "./usr/lib/HelloAgents/templates/prompts/zh/tutor.md",
    "./usr/lib/HelloAgents/guest/python.cwasm.json",
    "./usr/share/applications/",
    "./usr/share/mime/packages/helloagents.xml",
];

/// Builds, packs and looks.
pub fn run(checkout: &Checkout) -> Result<()> {
    let mut progress = Progress::new(checkout.logs(), setup::STEPS + 5)?;
    setup::basics(checkout, &mut progress)?;
    let release = app::release(checkout, &[]);
    progress.require("Release build", "release", release)?;
    progress.work("Command line beside the window", || stage(checkout))?;
    progress.require("Packages", "package", bundler(checkout))?;
    let deb = newest(checkout, "deb")?;
    progress.require("Smaller .deb", "repack", repack(checkout, &deb))?;
    look_inside(&deb)?;
    let mut made = vec![deb, newest(checkout, "rpm")?];
    match image::is_possible() {
        Ok(()) => made.push(progress.work(IMAGE, || image::package(checkout))?),
        Err(why) => progress.nothing(IMAGE, why),
    }
    for file in made {
        println!("{:>6.1} MB  {}", megabytes(&file)?, file.display());
    }
    Ok(())
}

/// Puts the command line where the packaging configuration names it, wherever cargo builds.
fn stage(checkout: &Checkout) -> Result<()> {
    let folder = checkout.path("target/package");
    fs::create_dir_all(&folder)?;
    fs::copy(checkout.release_program(app::CLI), folder.join(app::CLI))?;
    Ok(())
}

/// Tauri's own command, with what only a package carries laid over the configuration. It packs
/// what cargo built: built by it, every library would be compiled again for another set of features.
fn bundler(checkout: &Checkout) -> Command {
    let mut tauri = checkout.tool(checkout.path("ui/node_modules/.bin/tauri"));
    tauri.args(["bundle", "--bundles", "deb,rpm"]);
    tauri.args(["--config", "src-tauri/packaging/package.json"]);
    tauri
}

/// Tauri packs with gzip only; xz makes the guest's compiled code a quarter smaller.
fn repack(checkout: &Checkout, deb: &Path) -> Command {
    let mut shell = checkout.tool("sh");
    let script =
        r#"rm -rf "$1" && dpkg-deb -R "$0" "$1" && dpkg-deb --root-owner-group -Zxz -b "$1" "$0""#;
    shell.args(["-c", script]);
    shell.arg(deb).arg(checkout.path("target/package/deb"));
    shell
}

fn newest(checkout: &Checkout, kind: &str) -> Result<PathBuf> {
    let folder = checkout.target.join("release/bundle").join(kind);
    let entries = fs::read_dir(&folder).with_context(|| format!("read {}", folder.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == kind) {
            found.push((path.metadata()?.modified()?, path));
        }
    }
    found.sort();
    let (_, newest) = found
        .pop()
        .with_context(|| format!("no .{kind} in {}", folder.display()))?;
    Ok(newest)
}

fn look_inside(deb: &Path) -> Result<()> {
    let output = Command::new("dpkg-deb")
        .arg("-c")
        .arg(deb)
        .output()
        .context("start dpkg-deb")?;
    let list = String::from_utf8_lossy(&output.stdout);
    for wanted in INSIDE {
        ensure!(list.contains(wanted), "{} lacks {wanted}", deb.display());
    }
    let size = deb.metadata()?.len();
    if size > LARGEST_DEB {
        bail!(
            "{} is larger than {} MB",
            deb.display(),
            LARGEST_DEB / 1024 / 1024
        );
    }
    Ok(())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a size is printed with one decimal"
)]
fn megabytes(file: &Path) -> Result<f64> {
    Ok(file.metadata()?.len() as f64 / (1024.0 * 1024.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_entry_opens_every_file_that_is_ours() {
        let checkout = Checkout::find().expect("tests run in the checkout");
        let read = |path: &str| fs::read_to_string(checkout.path(path)).expect(path);
        let entry = read("src-tauri/packaging/HelloAgents.desktop");
        assert!(entry.contains("\nExec={{exec}} %F\n"), "{entry}");
        let app: serde_json::Value = serde_json::from_str(&read("tauri.conf.json")).expect("JSON");
        let kinds = app["bundle"]["fileAssociations"].as_array().expect("kinds");
        assert!(!kinds.is_empty());
        for kind in kinds {
            let mime = kind["mimeType"].as_str().expect("each has one");
            let listed = entry
                .lines()
                .filter_map(|line| line.strip_prefix("MimeType="));
            assert!(
                listed
                    .into_iter()
                    .any(|kinds| kinds.split(';').any(|kind| kind == mime)),
                "{mime}"
            );
            assert!(
                read("src-tauri/packaging/mime.xml").contains(mime),
                "{mime}"
            );
        }
        let package = read("src-tauri/packaging/package.json");
        assert_eq!(package.matches("packaging/HelloAgents.desktop").count(), 2);
    }
}
