//! Other sandboxes for `cargo xtask bench sandbox`, installed on demand into `target/bench-peers`.
//!
//! Versions are pinned, so that two tables speak of the same thing. What cannot be installed here is
//! said and left out; the bench says the same in its table.

use crate::checkout::Checkout;
use crate::system;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// From Python's registry, into a virtual environment of their own.
const PYTHON: [&str; 3] = [
    "pyeryx==0.11.0",
    "pydantic-monty==1.4.0",
    "ipykernel==7.4.0 jupyter_client==8.10.0",
];
/// From npm.
const NODE: &str = "pyodide@314.0.7";

/// Installs what is missing and answers the folder.
pub fn ensure(checkout: &Checkout) -> PathBuf {
    let folder = checkout.target.join("bench-peers");
    let stamp = folder.join("stamp");
    let wanted = format!("{} {NODE}", PYTHON.join(" "));
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return folder;
    }
    match install(checkout, &folder) {
        Ok(()) => {
            // Without it the next bench tries again, which is right.
            fs::write(stamp, wanted).ok();
        }
        Err(reasons) => eprintln!(
            "not every peer can be installed here:\n{}",
            reasons.join("\n")
        ),
    }
    folder
}

fn install(checkout: &Checkout, folder: &Path) -> Result<(), Vec<String>> {
    fs::create_dir_all(folder).map_err(|error| vec![error.to_string()])?;
    let venv = folder.join("venv");
    let mut make = checkout.tool(system::python());
    make.args(["-m", "venv"]).arg(&venv);
    let python = venv.join(if cfg!(windows) {
        "Scripts/python"
    } else {
        "bin/python"
    });
    let pip = |packages: &str| {
        let mut pip = checkout.tool(&python);
        pip.args(["-m", "pip", "install", "--quiet"]);
        pip.args(packages.split(' '));
        pip
    };
    let mut npm = checkout.npm(&["install", "--silent", "--no-save", "--prefix"]);
    npm.arg(folder).arg(NODE);
    let commands = [make].into_iter().chain(PYTHON.map(pip)).chain([npm]);
    let reasons: Vec<String> = commands.filter_map(|command| run(command).err()).collect();
    if reasons.is_empty() {
        Ok(())
    } else {
        Err(reasons)
    }
}

/// Runs an installer; an error is its name and its last words.
fn run(mut command: Command) -> Result<(), String> {
    let name = format!("{command:?}");
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{name}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let last = words.trim().lines().last().unwrap_or("it failed");
    Err(format!("{name}: {last}"))
}
