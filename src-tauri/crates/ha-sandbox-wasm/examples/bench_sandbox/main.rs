//! How fast and how small the embedded engine is, beside a Python process and other sandboxes.
//!
//! `bench_sandbox [--json] [--peers FOLDER] [--rounds N]`, in a release build: `cargo xtask bench sandbox`.
//! One clock for all, on the caller's side: from the request to the terminal event with all output.
//! The hello rows are measured in rounds, one way after the other in each, so that load hits all alike;
//! the first rounds are not counted. Every run of ours has an interpreter and files of its own: *fresh*.
//! What the engine prepares ahead knows nothing of the program.

#[path = "../common/mod.rs"]
mod common;
mod cpu;
mod engine;
mod figures;
mod native;
mod peers;

use anyhow::{Context, Result, bail};
use figures::{Row, rounded};
use ha_sandbox::Runner;
use native::Python;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::{Duration, Instant};

const HELLO: &str = "print('hi')";
const IMPORTS: &str = "import json, re, random, collections\nprint('hi')";
const MEGABYTE: &str = "print('x' * 1_048_575)";
/// Of our own runs in one round.
const PER_ROUND: usize = 20;
/// Of runs of slower ways in one round.
const PEERS_PER_ROUND: usize = 4;
const WARM_UP: usize = 2;
/// A person's pace, shortened: long enough for the engine to be at rest again. Making the next
/// interpreter and clearing the last one away takes up to 6 ms together.
const PAUSE: Duration = Duration::from_millis(15);

struct Arguments {
    json: bool,
    peers: Option<PathBuf>,
    rounds: usize,
}

fn main() -> Result<()> {
    ha_sandbox_wasm::serve_if_worker();
    let mut arguments = Arguments {
        json: false,
        peers: None,
        rounds: 50,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            // The two parts that need a process of their own; this program starts itself for them.
            "--first" => return runtime.block_on(first()),
            "--throughput" => return runtime.block_on(throughput()),
            "--json" => arguments.json = true,
            "--peers" => arguments.peers = words.next().map(PathBuf::from),
            "--rounds" => arguments.rounds = words.next().context("--rounds N")?.parse()?,
            _ => bail!("usage: bench_sandbox [--json] [--peers FOLDER] [--rounds N]"),
        }
    }
    let report = runtime.block_on(measure(&arguments))?;
    if arguments.json {
        println!("{report}");
    } else {
        figures::print(&report);
    }
    Ok(())
}

async fn first() -> Result<()> {
    let cache = tempfile::tempdir()?;
    let start = Instant::now();
    let runner = common::open(cache.path())?;
    engine::run(&*runner, HELLO).await?;
    println!("{}", start.elapsed().as_secs_f64());
    Ok(())
}

async fn throughput() -> Result<()> {
    let cache = tempfile::tempdir()?;
    let runner = common::open(cache.path())?;
    println!(
        "{}",
        engine::throughput(&*runner, Duration::from_secs(5)).await?
    );
    Ok(())
}

/// [`throughput`] with this program and all its children held to one core.
fn on_one_core() -> Value {
    let output = std::env::current_exe().and_then(|program| {
        let mut command = std::process::Command::new("taskset");
        command.args(["-c", "0"]).arg(program).arg("--throughput");
        command.output()
    });
    match output {
        Ok(output) => serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| String::from_utf8_lossy(&output.stderr).into()),
        Err(error) => format!("not available here: taskset: {error}").into(),
    }
}

async fn measure(arguments: &Arguments) -> Result<Value> {
    let cache = tempfile::tempdir()?;
    let python = Python::newest()?;
    let load_before = load();
    let first = engine::first_runs(10)?;
    let one_core = on_one_core();
    let runner = common::open(cache.path())?;
    let runner: &dyn Runner = &*runner;
    engine::run(runner, HELLO).await?;
    // Before the peers are children of this process.
    let mut memory = engine::memory(runner).await?;
    merge(&mut memory, engine::floods(runner).await?);
    let (mut others, missing) = match &arguments.peers {
        Some(folder) => peers::all(folder, &python),
        None => (Vec::new(), Vec::new()),
    };
    let mut rows = Hellos::new(&python);
    for round in 0..WARM_UP + arguments.rounds {
        rows.round(runner, &python, &mut others, round).await?;
    }
    let ratio = rows.process.percentile(50) / rows.rested.percentile(50);
    let mut all = vec![
        rows.rested.json(),
        rows.first_byte.json(),
        rows.at_once.json(),
        rows.process.json(),
        first.json(),
    ];
    all.extend(other_rows(runner).await?);
    all.extend(others.iter().map(|peer| peer.row.json()));
    Ok(json!({
        "machine": {
            "system": std::env::consts::OS,
            "architecture": std::env::consts::ARCH,
            "cores": std::thread::available_parallelism().map_or(1, usize::from),
            "governor": governor(),
            "native": python.version,
            "build": if cfg!(debug_assertions) { "debug" } else { "release" },
            "load_before": load_before,
            "load_after": load(),
        },
        "rows": all,
        "python_process_takes_times_as_long": rounded(ratio, 1),
        "on_one_core": one_core,
        "cpu": cpu::measure(runner, &python).await?,
        "memory": memory,
        "missing_peers": missing,
    }))
}

/// The rows that are measured side by side.
struct Hellos {
    rested: Row,
    first_byte: Row,
    at_once: Row,
    process: Row,
}

impl Hellos {
    fn new(python: &Python) -> Hellos {
        Hellos {
            rested: Row::new("print('hi'), engine at rest before", "fresh"),
            first_byte: Row::new("print('hi'), its first byte", "fresh"),
            at_once: Row::new("print('hi'), one right after the other", "fresh"),
            process: Row::new(
                format!("{} -I -c, a process, no isolation", python.version),
                "fresh",
            ),
        }
    }

    async fn round(
        &mut self,
        runner: &dyn Runner,
        python: &Python,
        others: &mut [peers::Peer],
        round: usize,
    ) -> Result<()> {
        let counts = round >= WARM_UP;
        for _ in 0..PER_ROUND {
            tokio::time::sleep(PAUSE).await;
            let (first_byte, end, _) = engine::run(runner, HELLO).await?;
            if counts {
                self.rested.add(end);
                self.first_byte.add(first_byte);
            }
        }
        for _ in 0..PER_ROUND {
            let (_, end, _) = engine::run(runner, HELLO).await?;
            if counts {
                self.at_once.add(end);
            }
        }
        for turn in 0..PEERS_PER_ROUND {
            let process = python.hello()?;
            if counts {
                self.process.add(process);
            }
            for other in others.iter_mut() {
                if (round * PEERS_PER_ROUND + turn).is_multiple_of(other.every) {
                    let time = other.run()?;
                    if counts {
                        other.row.add(time);
                    }
                }
            }
        }
        Ok(())
    }
}

/// What else the engine does, a row each.
async fn other_rows(runner: &dyn Runner) -> Result<Vec<Value>> {
    let mut imports = Row::new("import json, re, random, collections", "fresh");
    let mut megabyte = Row::new("prints 1 MB", "fresh");
    let mut echo = Row::new("answer to input() until the end", "fresh");
    let mut cancel = Row::new("cancel until dead", "fresh");
    let mut overshoot = Row::new("time limit until dead", "fresh");
    for round in 0..100 {
        imports.add(engine::run(runner, IMPORTS).await?.1);
        megabyte.add(engine::run(runner, MEGABYTE).await?.1);
        echo.add(engine::echo(runner).await?);
        cancel.add(engine::cancel(runner).await?);
        // A second each.
        if round % 10 == 0 {
            overshoot.add(engine::overshoot(runner).await?);
        }
    }
    Ok([imports, megabyte, echo, cancel, overshoot]
        .map(|row| row.json())
        .into())
}

fn merge(into: &mut Value, more: Value) {
    if let (Value::Object(into), Value::Object(more)) = (into, more) {
        into.extend(more);
    }
}

fn governor() -> Option<String> {
    let path = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor";
    Some(std::fs::read_to_string(path).ok()?.trim().to_owned())
}

/// The load of the last minute; none where the system does not say it.
fn load() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/loadavg").ok()?;
    text.split(' ').next()?.parse().ok()
}
