//! The image's files: packages laid over each other, cut down, with the runner and its compiled code.

use super::{Base, NOT_INSIDE, SOURCES, run};
use crate::checkout::Checkout;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the runner lies in the image.
const RUNNER: &str = "opt/helloagents";
/// Debian's old places beside `/usr`, which lead there.
const MERGED: [&str; 3] = ["bin", "lib", "lib64"];
/// Folders that must exist.
const FOLDERS: [&str; 6] = ["dev", "etc", "proc", "sys", "tmp", "work"];
/// Those that everybody may write to: a container's own file system over them takes their mode.
const OPEN_FOLDERS: [&str; 2] = ["tmp", "work"];
const FILES: [(&str, &str); 4] = [
    (
        "etc/passwd",
        "root:x:0:0:root:/:/bin/false\nlearner:x:1000:1000:learner:/work:/bin/bash\n",
    ),
    ("etc/group", "root:x:0:\nlearner:x:1000:\n"),
    ("etc/hosts", "127.0.0.1 localhost\n"),
    ("etc/nsswitch.conf", "passwd: files\nhosts: files\n"),
];

/// Lays out the image's root in a folder of `work`.
pub(super) fn lay_out(
    checkout: &Checkout,
    recipe: &Base,
    debs: &[PathBuf],
    work: &Path,
) -> Result<PathBuf> {
    let root = work.join("root");
    fs::remove_dir_all(&root).ok();
    fs::create_dir(&root)?;
    for deb in debs {
        run(Command::new("dpkg-deb").arg("-x").arg(deb).arg(&root))?;
    }
    merge_usr(&root)?;
    cut_down(&root, recipe)?;
    for folder in FOLDERS {
        fs::create_dir_all(root.join(folder))?;
    }
    for (file, text) in FILES {
        fs::write(root.join(file), text)?;
    }
    for applet in &recipe.applets {
        link("busybox", &root.join("usr/bin").join(applet))?;
    }
    link("python3.11", &root.join("usr/bin/python3"))?;
    let runner = root.join(RUNNER);
    copy_tree(&checkout.path(SOURCES).join("runner"), &runner)?;
    compile(&root)?;
    plain_modes(&root)?;
    Ok(root)
}

/// Moves the old places into `/usr`, as an installed Debian has them.
fn merge_usr(root: &Path) -> Result<()> {
    for name in MERGED {
        let old = root.join(name);
        if old.is_dir() && !old.is_symlink() {
            run(Command::new("cp")
                .arg("-a")
                .arg(old.join("."))
                .arg(root.join("usr").join(name)))?;
            fs::remove_dir_all(&old)?;
        }
        if !old.exists() {
            fs::create_dir_all(root.join("usr").join(name))?;
            link(&format!("usr/{name}"), &old)?;
        }
    }
    Ok(())
}

fn cut_down(root: &Path, recipe: &Base) -> Result<()> {
    for path in files(root)? {
        let inside = path.strip_prefix(root)?.to_string_lossy().into_owned();
        let is_unused = recipe
            .without
            .iter()
            .any(|start| inside.starts_with(start.as_str()));
        let program = inside.strip_prefix("usr/bin/");
        let is_strange =
            program.is_some_and(|name| !recipe.programs.iter().any(|kept| kept == name));
        if is_unused || is_strange {
            fs::remove_file(&path)?;
        }
    }
    // What is empty now says nothing.
    run(Command::new("find")
        .arg(root)
        .args(["-mindepth", "1", "-type", "d", "-empty", "-delete"]))
}

/// Everything below a folder that is no folder.
fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    Ok(found)
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if entry.file_type()?.is_dir() {
            if !NOT_INSIDE.iter().any(|other| name == *other) {
                copy_tree(&entry.path(), &to.join(name))?;
            }
        } else {
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}

/// Compiles the library and the runner with the image's own Python: the form of compiled files belongs to
/// its version. They are never compared with their sources again, and name no path of this machine.
fn compile(root: &Path) -> Result<()> {
    let libraries = files(&root.join("usr/lib"))?;
    let loader = libraries
        .iter()
        .find(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("ld-linux") && !path.is_symlink()
        })
        .context("the packages bring no loader")?;
    let folder = loader.parent().context("a file lies in a folder")?;
    let mut python = Command::new(loader);
    python
        .arg("--library-path")
        .arg(folder)
        .arg(root.join("usr/bin/python3.11"))
        .args(["-B", "-S", "-m", "compileall", "-q"])
        .args(["--invalidation-mode", "unchecked-hash", "-s"])
        .arg(root)
        .args(["-p", "/"])
        .arg(root.join("usr/lib/python3.11"))
        .arg(root.join(RUNNER));
    // The order of a set's elements is part of compiled code.
    python.env("PYTHONHASHSEED", "0");
    python.env("PYTHONHOME", root.join("usr"));
    run(&mut python)
}

/// Modes that depend neither on who builds nor on a package's wish for privilege.
fn plain_modes(root: &Path) -> Result<()> {
    run(Command::new("chmod").args(["-R", "u=rwX,go=rX"]).arg(root))?;
    let open = OPEN_FOLDERS.map(|folder| root.join(folder));
    run(Command::new("chmod").arg("1777").args(open))
}

/// A symbolic link, by the system's tool: this program is also built where there are none.
fn link(target: &str, place: &Path) -> Result<()> {
    run(Command::new("ln").arg("-s").arg(target).arg(place))
}
