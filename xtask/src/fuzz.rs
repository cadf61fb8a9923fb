//! `cargo xtask fuzz`: inputs guided by coverage for what reads courses of others (`tests/fuzz`).
//!
//! libFuzzer needs the compiler's instrumentation, which a stable compiler has too when its pass is
//! named, and a C++ compiler. The package has a lock file and a target folder of its own, so that
//! nothing of it touches the app's build. What is found is kept: new inputs in `target/fuzz/explored`,
//! those that fail in `target/fuzz/failed`.

use crate::checkout::Checkout;
use crate::progress::{Finished, Progress};
use crate::system;
use anyhow::{Context, Result, bail, ensure};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package.
pub const MANIFEST: &str = "tests/fuzz/Cargo.toml";
/// Inputs that are kept in the repository, a folder a target.
const CORPUS: &str = "tests/fuzz/corpus";

/// What cargo-fuzz passes without a sanitizer: counters for edges, and what is compared with what.
const FLAGS: &[&str] = &[
    "--cfg",
    "fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
];

/// Most memory of a target, in MB: ten times what the largest of them takes.
const MEMORY: u32 = 1024;

/// What libFuzzer takes for "roll one".
const ANY_SEED: u32 = 0;
/// Of a test run: what it tries does not change from one run to the next but with the program, so that
/// a change that passed is not refused later for what somebody else wrote.
const TEST_SEED: u32 = 1;

/// One reader under attack.
pub struct Target {
    /// As its file in `tests/fuzz/fuzz_targets`.
    pub name: &'static str,
    /// Longest input, in bytes: what is found in a short one is found sooner.
    longest: u32,
    /// Longest time for one input, in seconds: a hundred times what the slowest takes.
    patience: u32,
    /// Folders elsewhere in the repository that hold inputs for it.
    seeds: &'static [&'static str],
}

const fn target(name: &'static str, longest: u32, seeds: &'static [&'static str]) -> Target {
    Target {
        name,
        longest,
        patience: 15,
        seeds,
    }
}

/// All of them.
pub const TARGETS: [Target; 7] = [
    target(
        "markdown",
        4096,
        &[
            "src-tauri/crates/ha-course/tests/corpus/markdown",
            "src-tauri/crates/ha-course/tests/xss",
            "courses",
        ],
    ),
    target("growth", 64, &[]),
    target(
        "manifest",
        8192,
        &[
            "src-tauri/crates/ha-course/tests/corpus/manifest",
            "courses",
        ],
    ),
    target(
        "bundle",
        8192,
        &["src-tauri/crates/ha-course/tests/corpus/bundle"],
    ),
    target("entries", 2048, &[]),
    target("import", 4096, &[]),
    target("picture", 8192, &[]),
];

/// Builds, then lets every target (or the one of this name) explore for so many seconds after it went
/// through what is kept. Prints a table.
///
/// # Errors
/// A machine on which nothing can be built, a build that fails, an input that does.
pub fn run(checkout: &Checkout, name: Option<&str>, seconds: u32) -> Result<()> {
    is_possible().map_err(anyhow::Error::msg)?;
    let targets: Vec<&Target> = TARGETS
        .iter()
        .filter(|target| name.is_none_or(|name| name == target.name))
        .collect();
    ensure!(!targets.is_empty(), "the targets are {}", names());
    let mut progress = Progress::new(checkout.logs(), 1 + targets.len())?;
    progress.require("Fuzz targets", "fuzz-build", build(checkout)?)?;
    let mut rows = Vec::new();
    let mut failed = Vec::new();
    for target in targets {
        let explored = checkout.target.join("fuzz/explored").join(target.name);
        let finished = explore(
            checkout,
            &mut progress,
            target,
            ANY_SEED,
            seconds,
            &explored,
        )?;
        rows.push(row(target.name, &finished.output));
        failed.extend((!finished.ok).then(|| failure(target, &finished.output)));
    }
    print_table(&rows);
    ensure!(failed.is_empty(), "{}", failed.join("\n"));
    Ok(())
}

/// Gives one input to a target, in the open.
///
/// # Errors
/// As [`run`].
pub fn replay(checkout: &Checkout, name: Option<&str>, input: &Path) -> Result<()> {
    is_possible().map_err(anyhow::Error::msg)?;
    let target = TARGETS.iter().find(|target| Some(target.name) == name);
    let target = target.with_context(|| format!("say which target: {}", names()))?;
    ensure!(build(checkout)?.status()?.success(), "the build failed");
    let temporary = Temporary::new(checkout, target)?;
    let mut command = program(checkout, target, &temporary)?;
    let status = command.arg(input).status().context("start the target")?;
    ensure!(status.success(), "the input fails");
    Ok(())
}

/// Whether this machine can build the targets; else why not.
pub fn is_possible() -> Result<(), &'static str> {
    if !cfg!(target_os = "linux") {
        return Err("fuzz targets run on Linux only");
    }
    if env::var_os("CXX").is_none() && !system::on_path("c++") {
        return Err("libFuzzer needs a C++ compiler: g++, in Debian's build-essential");
    }
    Ok(())
}

/// Builds all targets. With the host named, build scripts and macros are compiled without
/// instrumentation.
pub fn build(checkout: &Checkout) -> Result<Command> {
    let mut cargo = checkout.cargo(&["build", "--release", "--locked", "--manifest-path"]);
    cargo.arg(checkout.path(MANIFEST));
    cargo.arg("--target-dir").arg(checkout.target.join("fuzz"));
    cargo.args(["--target", &host()?]);
    cargo.env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\x1f"));
    Ok(cargo)
}

/// Step: one target, over what is kept and then for so many seconds; what it found goes to `found`.
fn explore(
    checkout: &Checkout,
    progress: &mut Progress,
    target: &Target,
    seed: u32,
    seconds: u32,
    found: &Path,
) -> Result<Finished> {
    let temporary = Temporary::new(checkout, target)?;
    let mut command = program(checkout, target, &temporary)?;
    for folder in [found, &failed(checkout)] {
        fs::create_dir_all(folder).with_context(|| format!("create {}", folder.display()))?;
    }
    command.args([
        format!("-seed={seed}"),
        format!("-max_total_time={seconds}"),
        "-print_final_stats=1".into(),
        format!(
            "-artifact_prefix={}/{}-",
            failed(checkout).display(),
            target.name
        ),
    ]);
    command.arg(found);
    command.arg(checkout.path(CORPUS).join(target.name));
    command.args(target.seeds.iter().map(|folder| checkout.path(folder)));
    let log = format!("fuzz-{}", target.name);
    progress.tool(&format!("Fuzz {}", target.name), &log, command)
}

/// Step: the same in a test run, which leaves nothing but inputs that fail.
pub fn explore_briefly(
    checkout: &Checkout,
    progress: &mut Progress,
    target: &Target,
    seconds: u32,
) -> Result<Finished> {
    let found = checkout.target.join("fuzz/brief").join(target.name);
    let finished = explore(checkout, progress, target, TEST_SEED, seconds, &found)?;
    fs::remove_dir_all(&found).with_context(|| format!("remove {}", found.display()))?;
    if !finished.ok {
        println!("{}", failure(target, &finished.output));
    }
    Ok(finished)
}

/// The target's program, with its limits.
fn program(checkout: &Checkout, target: &Target, temporary: &Temporary) -> Result<Command> {
    let folder = checkout.target.join("fuzz").join(host()?).join("release");
    let mut command = checkout.tool(folder.join(target.name));
    command.env("TMPDIR", &temporary.0).args([
        format!("-max_len={}", target.longest),
        format!("-timeout={}", target.patience),
        format!("-rss_limit_mb={MEMORY}"),
    ]);
    Ok(command)
}

/// Where inputs that failed are kept.
fn failed(checkout: &Checkout) -> PathBuf {
    checkout.target.join("fuzz/failed")
}

/// Where a target puts its courses. It ends without going back, so it cannot clean up itself.
struct Temporary(PathBuf);

impl Temporary {
    fn new(checkout: &Checkout, target: &Target) -> Result<Temporary> {
        let folder = checkout.target.join("fuzz/tmp").join(target.name);
        fs::create_dir_all(&folder).with_context(|| format!("create {}", folder.display()))?;
        Ok(Temporary(folder))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // What stays is in the target folder and is written over.
        fs::remove_dir_all(&self.0).ok();
    }
}

fn host() -> Result<String> {
    let told = system::answer("rustc", &["-vV"]).context("rustc does not say its version")?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    match host {
        Some(host) => Ok(host.to_owned()),
        None => bail!("rustc does not say its host"),
    }
}

fn names() -> String {
    TARGETS.map(|target| target.name).join(", ")
}

/// What a target said of itself.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    target: String,
    /// Inputs it began with, tries, tries a second, edges of the program that were taken, inputs it
    /// found that take others.
    numbers: [String; 5],
}

/// Reads libFuzzer's last words; a dash for what it did not come to say.
fn row(target: &str, output: &str) -> Row {
    let after = |sign: &str| {
        let at = output.rfind(sign)? + sign.len();
        output[at..].split_whitespace().next()
    };
    let signs = [
        "seed corpus: files: ",
        "stat::number_of_executed_units:",
        "stat::average_exec_per_sec:",
        " cov: ",
        "stat::new_units_added:",
    ];
    Row {
        target: target.to_owned(),
        numbers: signs.map(|sign| after(sign).unwrap_or("-").to_owned()),
    }
}

fn print_table(rows: &[Row]) {
    println!(
        "\n{:<10} {:>8} {:>9} {:>7} {:>8} {:>6}",
        "target", "inputs", "tries", "per s", "edges", "new"
    );
    for Row { target, numbers } in rows {
        let [inputs, tries, speed, edges, new] = numbers;
        println!("{target:<10} {inputs:>8} {tries:>9} {speed:>7} {edges:>8} {new:>6}");
    }
}

/// What to do about a target that failed.
fn failure(target: &Target, output: &str) -> String {
    let name = target.name;
    match output.rsplit_once("Test unit written to ") {
        Some((_, rest)) => {
            let input = rest.lines().next().unwrap_or_default();
            format!("{name} fails. Again: cargo xtask fuzz {name} --replay {input}")
        }
        None => format!("{name} failed without an input; its log tells"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "INFO: seed corpus: files: 99 min: 2b max: 3226b total: 9b rss: 37Mb\n\
        #105\tINITED cov: 4584 ft: 7440 corp: 96/277Kb exec/s: 0 rss: 37Mb\n\
        #6611\tDONE   cov: 5238 ft: 16265 corp: 795/2111Kb lim: 8192 exec/s: 413 rss: 42Mb\n\
        stat::number_of_executed_units: 6611\n\
        stat::average_exec_per_sec:     413\n\
        stat::new_units_added:          815\n";

    #[test]
    fn a_row_is_what_the_fuzzer_said_last() {
        let numbers = row("manifest", SAID).numbers;
        assert_eq!(numbers, ["99", "6611", "413", "5238", "815"]);
        assert_eq!(row("x", "it did not start").numbers, ["-"; 5]);
    }

    #[test]
    fn a_failure_says_how_to_see_it_again() {
        let target = &TARGETS[0];
        let said =
            "x\nartifact_prefix='f/'; Test unit written to f/markdown-crash-0b\nBase64: eA==\n";
        assert_eq!(
            failure(target, said),
            "markdown fails. Again: cargo xtask fuzz markdown --replay f/markdown-crash-0b"
        );
        assert!(failure(target, "killed").contains("log"));
    }

    #[test]
    fn every_target_is_a_program_and_has_a_corpus() {
        let checkout = Checkout::find().expect("tests run in the checkout");
        let manifest = fs::read_to_string(checkout.path(MANIFEST)).expect("it is there");
        assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
        for target in &TARGETS {
            let path = format!("path = \"fuzz_targets/{}.rs\"", target.name);
            assert!(manifest.contains(&path), "{path}");
            let own = format!("{CORPUS}/{}", target.name);
            for folder in [&[own.as_str()], target.seeds].concat() {
                let inputs = fs::read_dir(checkout.path(folder)).expect(folder);
                assert!(inputs.count() > 0, "{folder}");
            }
        }
    }
}
