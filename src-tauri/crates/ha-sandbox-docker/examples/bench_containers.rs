//! Times the container engine and prints a table, or with `--json` one object: a warm program, its first
//! output, programs of three at once, stopping, cleaning, making, and what an idle container holds.
//! `docker exec` on the same engine is the peer.
//!
//! Warm programs and the peer's come at a person's pace: a container that runs one program right after the
//! other uses up its half of a processor and stands still for the rest of each slice, and then the wall is
//! measured instead of the engine. What comes of that is the row `hello_without_a_pause_ms`.
//!
//! `cargo xtask bench sandbox` calls it. Needs an engine: `DOCKER_HOST`, or what docker itself finds.

use ha_sandbox::{RunEvent, RunOutcome, RunRequest, Runner};
use ha_sandbox_docker::{DockerRunner, DockerSettings};
use serde_json::{Value, json};
use std::error::Error;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Programs of one row, and of the peer, which takes twenty times as long.
const RUNS: usize = 500;
const PEER_RUNS: usize = 40;
/// Between two programs of a person: longer than a slice of the container's processor time.
const PAUSE: Duration = Duration::from_millis(25);
/// Each costs its container, and a new one must be there in time for one program a second.
const BETWEEN_BOMBS: Duration = Duration::from_secs(1);
/// How long programs follow each other for the row of throughput.
const CLOSED_LOOP: Duration = Duration::from_secs(5);
const AT_ONCE: usize = 3;
/// Programs that do not end; the second has sixty processes that fork.
const ENDLESS: &str = "print('begun')\nwhile True:\n    pass";
const BOMB: &str = "\
import os
print('begun')
while True:
    try:
        os.fork()
    except OSError:
        pass";

#[tokio::main]
async fn main() -> Outcome<()> {
    let json = std::env::args().any(|argument| argument == "--json");
    let cache = std::env::temp_dir().join(format!("ha-bench-{}", std::process::id()));
    let archives = std::env::var_os("HELLOAGENTS_IMAGE").map(PathBuf::from);
    let settings = DockerSettings::beside(&cache, archives.into_iter().collect(), false);
    let runner = DockerRunner::open(settings);
    let measured = measure(&runner).await;
    runner.rest().await;
    std::fs::remove_dir_all(&cache).ok();
    let measured = measured?;
    match json {
        true => println!("{measured}"),
        false => print(&measured),
    }
    Ok(())
}

async fn measure(runner: &Arc<DockerRunner>) -> Outcome<Value> {
    let begun = Instant::now();
    once(&**runner).await?;
    let first = begun.elapsed();
    for _ in 0..30 {
        once(&**runner).await?;
    }
    let mut without_pause = Vec::new();
    for _ in 0..RUNS {
        without_pause.push(once(&**runner).await?.1);
    }
    let (mut whole, mut output) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        tokio::time::sleep(PAUSE).await;
        let (to_output, to_end) = once(&**runner).await?;
        output.push(to_output);
        whole.push(to_end);
    }
    let mut on_the_way = Vec::new();
    for _ in 0..RUNS {
        tokio::time::sleep(PAUSE).await;
        on_the_way.push(print_to_here(&**runner).await?);
    }
    let memory = idle_memory();
    let exec = docker_exec();
    let per_second = closed_loop(runner).await?;
    let cancel = cancels(&**runner, ENDLESS, 100, PAUSE).await?;
    let bombs = cancels(&**runner, BOMB, 20, BETWEEN_BOMBS).await?;
    let done = runner.statistics();
    let exec_p50 = exec.as_ref().map(|times| percentile(times, 0.5));
    let hello_p50 = percentile(&whole, 0.5);
    Ok(json!({
        "from_nothing_ms": milliseconds(first),
        "hello_ms": row(&whole),
        "hello_without_a_pause_ms": row(&without_pause),
        "first_output_ms": row(&output),
        "print_to_here_ms": row(&on_the_way),
        "docker_exec_ms": exec.as_ref().map(|times| row(times)),
        "times_faster_than_exec": exec_p50.map(|exec| exec / hello_p50),
        "runs_per_second_of_three": per_second,
        "cancel_to_next_run_ms": row(&cancel),
        "cancel_of_a_fork_bomb_to_next_run_ms": row(&bombs),
        "reset_ms": {"p50": done.reset.p50_ms, "p95": done.reset.p95_ms, "max": done.reset.max_ms},
        "create_ms": {"p50": done.create.p50_ms, "p95": done.create.p95_ms, "max": done.create.max_ms},
        "idle_container_mib": memory,
        "statistics": done,
    }))
}

/// One program: to its first output, and to its end.
async fn once(runner: &dyn Runner) -> Outcome<(Duration, Duration)> {
    let begun = Instant::now();
    let mut run = runner
        .start(RunRequest::script("bench", "print('hi')"))
        .await?;
    let mut output = None;
    while let Some(event) = run.events.recv().await {
        match event {
            RunEvent::Stdout(_) => drop(output.get_or_insert_with(|| begun.elapsed())),
            RunEvent::Finished(report) if report.outcome == (RunOutcome::Exited { code: 0 }) => {
                return Ok((output.ok_or("nothing was printed")?, begun.elapsed()));
            }
            RunEvent::Started => {}
            other => return Err(format!("{other:?}").into()),
        }
    }
    Err("the stream ended".into())
}

/// What is printed on its way out of the container: from just before `print`, by the clock that both have.
async fn print_to_here(runner: &dyn Runner) -> Outcome<Duration> {
    let clock = "import time\nprint(time.time_ns())";
    let mut run = runner.start(RunRequest::script("bench", clock)).await?;
    let mut took = None;
    while let Some(event) = run.events.recv().await {
        if let RunEvent::Stdout(text) = event {
            let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
            let printed = Duration::from_nanos(text.trim().parse()?);
            took.get_or_insert(now.saturating_sub(printed));
        }
    }
    took.ok_or_else(|| "nothing was printed".into())
}

async fn closed_loop(runner: &Arc<DockerRunner>) -> Outcome<f64> {
    let begun = Instant::now();
    let clients = (0..AT_ONCE).map(|_| {
        let runner = runner.clone();
        tokio::spawn(async move {
            let mut count = 0_u32;
            while begun.elapsed() < CLOSED_LOOP {
                if once(&*runner).await.is_ok() {
                    count += 1;
                }
            }
            count
        })
    });
    let mut total = 0;
    for client in clients.collect::<Vec<_>>() {
        total += client.await?;
    }
    Ok(f64::from(total) / begun.elapsed().as_secs_f64())
}

/// From the stop of a program that does not end to the end of the program after it, so many times.
async fn cancels(
    runner: &dyn Runner,
    source: &str,
    count: u32,
    pause: Duration,
) -> Outcome<Vec<Duration>> {
    let mut times = Vec::new();
    for _ in 0..count {
        tokio::time::sleep(pause).await;
        let endless = RunRequest::script("bench", source);
        let mut run = runner.start(endless).await?;
        while !matches!(run.events.recv().await, Some(RunEvent::Stdout(_)) | None) {}
        let begun = Instant::now();
        run.control.cancel();
        while run.events.recv().await.is_some() {}
        once(runner).await?;
        times.push(begun.elapsed());
    }
    Ok(times)
}

/// `docker exec` of a fresh interpreter in a container that runs already.
fn docker_exec() -> Option<Vec<Duration>> {
    let image = docker(&["images", "-q", "--filter", "label=helloagents.content"])?;
    let image = image.lines().next()?.to_owned();
    let sleep = "import time; time.sleep(600)";
    let limits = [
        "--memory=128m",
        "--cpus=0.5",
        "--network=none",
        "--rm",
        "-d",
    ];
    let start = [
        &["run"][..],
        &limits,
        &["--entrypoint", "python3", &image, "-c", sleep],
    ]
    .concat();
    let container = docker(&start)?.trim().to_owned();
    let mut times = Vec::new();
    for _ in 0..PEER_RUNS {
        std::thread::sleep(PAUSE);
        let begun = Instant::now();
        docker(&["exec", &container, "python3", "-c", "print('hi')"])?;
        times.push(begun.elapsed());
    }
    docker(&["rm", "-f", &container]);
    Some(times)
}

fn docker(arguments: &[&str]) -> Option<String> {
    let done = Command::new("docker")
        .args(arguments)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    done.status
        .success()
        .then(|| String::from_utf8_lossy(&done.stdout).into_owned())
}

/// What a container of ours holds, as its engine counts it.
fn idle_memory() -> Option<f64> {
    let id = docker(&["ps", "-q", "--filter", "label=helloagents=sandbox"])?;
    let id = id.lines().next()?.to_owned();
    let used = docker(&["stats", "--no-stream", "--format", "{{.MemUsage}}", &id])?;
    used.split("MiB").next()?.trim().parse().ok()
}

fn percentile(times: &[Duration], share: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let index = (sorted.len() as f64 * share) as usize;
    milliseconds(sorted[index.min(sorted.len() - 1)])
}

fn row(times: &[Duration]) -> Value {
    json!({
        "p50": percentile(times, 0.5),
        "p95": percentile(times, 0.95),
        "p99": percentile(times, 0.99),
    })
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e5).round() / 1e2
}

fn print(measured: &Value) {
    for (name, value) in measured.as_object().into_iter().flatten() {
        println!("{name:<28} {value}");
    }
}
