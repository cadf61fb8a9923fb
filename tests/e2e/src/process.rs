//! Processes as the kernel shows them: who lives, who started whom and when, and the memory each
//! has for itself plus its share of what is common (PSS).

use anyhow::{Context, Result};
use std::fs;
use std::process::{Command, Stdio};

/// Clock ticks of `/proc/<pid>/stat` a second; fixed by the kernel's interface on Linux.
const TICKS: f64 = 100.0;

/// One process.
pub struct Process {
    /// Its number.
    pub id: u32,
    /// Its program's name, at most 15 characters.
    pub name: String,
    /// KiB.
    pub pss_kb: u64,
}

/// When a process was started, milliseconds since 1970. Exact to 10 ms.
pub fn started_ms(process: u32) -> Result<f64> {
    // The 22nd field of the file; two stand before what `stat` answers.
    let fields = stat(process).context("a running process")?;
    let ticks: f64 = fields.get(19).context("a start time")?.parse()?;
    let uptime = fs::read_to_string("/proc/uptime")?;
    let uptime: f64 = uptime.split(' ').next().context("an uptime")?.parse()?;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    Ok((now.as_secs_f64() - uptime + ticks / TICKS) * 1000.0)
}

/// A process and everything it started, directly or not; itself first.
pub fn tree(root: u32) -> Vec<u32> {
    let mut found = vec![root];
    let mut looked = 0;
    while let Some(process) = found.get(looked).copied() {
        looked += 1;
        found.extend(children(process).unwrap_or_default());
    }
    found
}

/// The process below `root` that was started with `argument`.
pub fn started_with(root: u32, argument: &str) -> Result<u32> {
    let has_it = |process: &u32| {
        let line = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0)
            .any(|found| found == argument.as_bytes())
    };
    let found = tree(root).into_iter().find(has_it);
    found.with_context(|| format!("no process was started with {argument}"))
}

/// What the kernel says of a process and everything it started. One that just ended is left out.
pub fn of_tree(root: u32) -> Vec<Process> {
    tree(root)
        .into_iter()
        .filter_map(|process| of(process).ok())
        .collect()
}

fn of(process: u32) -> Result<Process> {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    let pss = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    let pss = pss.and_then(|rest| rest.split_whitespace().next());
    Ok(Process {
        id: process,
        name: fs::read_to_string(format!("/proc/{process}/comm"))?
            .trim()
            .to_owned(),
        pss_kb: pss.context("a PSS")?.parse()?,
    })
}

/// Sends a signal to a process.
pub fn signal(name: &str, process: u32) {
    // A process that is gone already is what was wanted.
    let _ = Command::new("kill")
        .args([&format!("-{name}"), "--", &process.to_string()])
        .stderr(Stdio::null())
        .status();
}

/// Whether a process still does something. One that waits to be collected does not.
pub fn alive(process: u32) -> bool {
    stat(process).is_some_and(|fields| fields.first().is_some_and(|state| state != "Z"))
}

/// Processes that this one started, whichever of its threads did.
pub fn children(process: u32) -> Result<Vec<u32>> {
    let processes = fs::read_dir("/proc").context("read /proc")?;
    let children = processes
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|child| parent(*child) == Some(process));
    Ok(children.collect())
}

fn parent(process: u32) -> Option<u32> {
    stat(process)?.get(1)?.parse().ok()
}

/// State, parent and the rest: what follows the name in brackets, which may hold anything.
fn stat(process: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}
