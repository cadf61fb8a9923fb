//! `cargo xtask tidy`: the rules of the house that no compiler checks.
//!
//! Every rule reports all it finds, with the file and what to do, so that one run is enough.

mod edges;
mod fuzz;
mod graph;
mod licences;
mod sources;
mod texts;

use crate::checkout::Checkout;
use anyhow::{Context, Result, bail, ensure};
use graph::Graph;
use std::fs;

/// Checks everything.
pub fn run(checkout: &Checkout) -> Result<()> {
    let files = files(checkout)?;
    let graph = Graph::load(checkout, "Cargo.toml")?;
    let mut problems = Vec::new();
    for lock in [
        "Cargo.lock",
        "tests/fuzz/Cargo.lock",
        "ui/package-lock.json",
    ] {
        if !files.iter().any(|file| file.path == lock) {
            problems.push(format!(
                "{lock}: must be in git, builds repeat because of it"
            ));
        }
    }
    for file in &files {
        problems.extend(sources::header(file));
        problems.extend(sources::length(file));
        problems.extend(texts::machine(file));
        problems.extend(texts::locale(file));
    }
    problems.extend(edges::check(&graph));
    problems.extend(licences::check(checkout, &graph)?);
    problems.extend(fuzz::check(checkout)?);
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    println!(
        "{} files and {} packages keep the rules",
        files.len(),
        graph.len()
    );
    Ok(())
}

/// One text file of the project.
pub struct SourceFile {
    /// From the root, with `/`.
    pub path: String,
    /// All of it.
    pub text: String,
}

impl SourceFile {
    fn extension(&self) -> &str {
        self.path
            .rsplit_once('.')
            .map_or("", |(_, extension)| extension)
    }
}

/// What git knows or would add; pictures and other bytes left out.
fn files(checkout: &Checkout) -> Result<Vec<SourceFile>> {
    let mut git = checkout.tool("git");
    git.args([
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "-z",
    ]);
    let output = git.output().context("start git")?;
    ensure!(
        output.status.success(),
        "git cannot list the files: is this a clone?"
    );
    let mut files = Vec::new();
    for path in String::from_utf8_lossy(&output.stdout).split('\0') {
        // A file may be listed and deleted, and a name may be a link to a folder.
        if path.is_empty() || !checkout.path(path).is_file() {
            continue;
        }
        if let Ok(text) = String::from_utf8(fs::read(checkout.path(path))?) {
            files.push(SourceFile {
                path: path.to_owned(),
                text,
            });
        }
    }
    Ok(files)
}
