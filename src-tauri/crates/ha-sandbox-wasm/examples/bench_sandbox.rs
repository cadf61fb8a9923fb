//! How fast `print("hi")` runs in the embedded engine, beside the same line in a Python process.
//!
//! `bench_sandbox [--json] [rounds]`, in a release build: `cargo xtask bench sandbox`. Every round runs,
//! one after the other: the engine with an interpreter in reserve, as a person meets it; the engine
//! again at once, while the next interpreter is still being made; and a Python process. So load of the
//! machine hits all alike. Every run has an interpreter and files of its own; what the reserve does
//! ahead of time (mapping the instance, waking Python) is work that knows nothing of the program.
//! Times are from the request to the terminal event, and to the first byte.

use anyhow::{Context, Result, bail, ensure};
use ha_sandbox::{RunEvent, RunOutcome, RunRequest, Runner};
use ha_sandbox_wasm::{GuestLocation, WasmRunner, WorkerProgram};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PROGRAM: &str = "print('hi')";
const ROUNDS: usize = 60;
/// The first rounds fill caches and are not counted.
const WARM_UP: usize = 5;

#[derive(Default)]
struct Times {
    ready_first_byte: Vec<Duration>,
    ready_end: Vec<Duration>,
    next_end: Vec<Duration>,
    python: Vec<Duration>,
}

fn main() -> Result<()> {
    ha_sandbox_wasm::serve_if_worker();
    let mut rounds = ROUNDS;
    let mut as_json = false;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--json" => as_json = true,
            number => {
                rounds = number
                    .parse()
                    .context("usage: bench_sandbox [--json] [rounds]")?
            }
        }
    }
    ensure!(rounds > 0, "at least one round");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let report = runtime.block_on(measure(rounds))?;
    if as_json {
        println!("{report}");
    } else {
        print_table(&report);
    }
    Ok(())
}

async fn measure(rounds: usize) -> Result<Value> {
    let guest = std::env::var_os("HELLOAGENTS_GUEST")
        .context("HELLOAGENTS_GUEST is not set; run this through cargo")?;
    let cache = tempfile::tempdir()?;
    let opened = Instant::now();
    let location = GuestLocation {
        dir: PathBuf::from(guest),
        cache_dir: cache.path().to_owned(),
    };
    let runner = WasmRunner::open(location, WorkerProgram::this_one());
    // Waits until the engine is ready.
    let (_, first_end) = engine_run(&*runner).await?;
    let from_start = opened.elapsed();
    let python = real_python()?;
    let load_before = load();
    let mut times = Times::default();
    for round in 0..WARM_UP + rounds {
        let (first_byte, end) = engine_run(&*runner).await?;
        let (_, next) = engine_run(&*runner).await?;
        let process = python_run(&python)?;
        if round >= WARM_UP {
            times.ready_first_byte.push(first_byte);
            times.ready_end.push(end);
            times.next_end.push(next);
            times.python.push(process);
        }
    }
    let ratio = percentile(&times.python, 50) / percentile(&times.ready_end, 50);
    Ok(json!({
        "machine": {
            "system": std::env::consts::OS,
            "architecture": std::env::consts::ARCH,
            "cores": std::thread::available_parallelism().map_or(1, usize::from),
            "python": version(&python)?,
            "build": if cfg!(debug_assertions) { "debug" } else { "release" },
        },
        "load": { "before": load_before, "after": load() },
        "program": PROGRAM,
        "rows": [
            row("engine, interpreter in reserve: first byte", &times.ready_first_byte),
            row("engine, interpreter in reserve: end", &times.ready_end),
            row("engine, at once again (none in reserve): end", &times.next_end),
            row("python process: end", &times.python),
            row("engine opened and first program ended", &[from_start]),
            row("  of that, after the request", &[first_end.min(from_start)]),
        ],
        "ratio": (ratio * 10.0).round() / 10.0,
    }))
}

/// Time to the first byte and to the end.
async fn engine_run(runner: &dyn Runner) -> Result<(Duration, Duration)> {
    let start = Instant::now();
    let mut run = runner.start(RunRequest::script("bench", PROGRAM)).await?;
    let mut first_byte = None;
    while let Some(event) = run.events.recv().await {
        match event {
            RunEvent::Stdout(_) => first_byte = first_byte.or(Some(start.elapsed())),
            RunEvent::Finished(report) => {
                ensure!(
                    report.outcome == RunOutcome::Exited { code: 0 },
                    "{report:?}"
                );
                return Ok((first_byte.context("nothing was printed")?, start.elapsed()));
            }
            RunEvent::Started => {}
            other => bail!("unexpected: {other:?}"),
        }
    }
    bail!("the run ended without a result")
}

/// The interpreter itself: version managers put a script of their own in front of it, which is slow.
fn real_python() -> Result<PathBuf> {
    let name = if cfg!(windows) { "python" } else { "python3" };
    let output = Command::new(name)
        .args(["-I", "-c", "import sys; print(sys.executable)"])
        .output()
        .with_context(|| format!("{name} cannot be started"))?;
    Ok(PathBuf::from(String::from_utf8(output.stdout)?.trim()))
}

fn python_run(python: &PathBuf) -> Result<Duration> {
    let start = Instant::now();
    let output = Command::new(python)
        .args(["-I", "-c", PROGRAM])
        .stdin(Stdio::null())
        .output()?;
    let end = start.elapsed();
    ensure!(output.stdout.starts_with(b"hi"), "{output:?}");
    Ok(end)
}

fn version(python: &PathBuf) -> Result<String> {
    let output = Command::new(python).arg("--version").output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// The load of the last minute; none where the system does not say it.
fn load() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/loadavg").ok()?;
    text.split(' ').next()?.parse().ok()
}

fn row(name: &str, times: &[Duration]) -> Value {
    let rounded = |percent| (percentile(times, percent) * 1000.0).round() / 1000.0;
    json!({ "name": name, "p50_ms": rounded(50), "p95_ms": rounded(95), "n": times.len() })
}

/// In milliseconds.
fn percentile(times: &[Duration], percent: usize) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort();
    let index = (sorted.len() * percent / 100).min(sorted.len() - 1);
    sorted[index].as_secs_f64() * 1000.0
}

fn print_table(report: &Value) {
    println!(
        "{} · {} · load {}",
        PROGRAM, report["machine"], report["load"]
    );
    println!("{:>9} {:>9} {:>5}", "p50 ms", "p95 ms", "n");
    for row in report["rows"].as_array().into_iter().flatten() {
        let number = |key: &str| row[key].as_f64().unwrap_or_default();
        let name = row["name"].as_str().unwrap_or_default();
        println!(
            "{:9.2} {:9.2} {:5}  {name}",
            number("p50_ms"),
            number("p95_ms"),
            row["n"]
        );
    }
    println!("a python process takes {} times as long", report["ratio"]);
}
