//! Lists the files of the runner and of its image's recipe, so that they travel inside the binary. What
//! is done with them is in `src/engine/recipe.rs`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// From this crate's folder.
const RECIPE: &str = "../../../templates/sandbox";

fn main() -> io::Result<()> {
    let root = fs::canonicalize(RECIPE)?;
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    // Paths with `/` are compared the same way on every system.
    let named = |path: PathBuf| {
        let inside = path.strip_prefix(&root).unwrap_or(&path);
        let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        (parts.join("/"), path)
    };
    let mut files: Vec<_> = files.into_iter().map(named).collect();
    files.sort();
    let mut list = String::from("[\n");
    for (name, path) in &files {
        writeln!(list, "    ({name:?}, include_bytes!({path:?})),").map_err(io::Error::other)?;
        println!("cargo:rerun-if-changed={}", path.display());
    }
    list.push(']');
    println!("cargo:rerun-if-changed={}", root.display());
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&out).join("recipe.rs"), list)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if entry.file_type()?.is_file() {
            files.push(entry.path());
        } else if name != "tests" && name != "__pycache__" {
            println!("cargo:rerun-if-changed={}", entry.path().display());
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}
