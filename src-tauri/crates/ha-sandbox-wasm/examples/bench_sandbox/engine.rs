//! What the engine itself is asked: to run, to stop, to hold little memory, and how often a second.

use crate::figures::Row;
use anyhow::{Context, Result, bail, ensure};
use ha_sandbox::{Run, RunEvent, RunOutcome, RunRequest, Runner, Stdin};
use ha_testkit::abuse::family;
use serde_json::{Value, json};
use std::fs;
use std::time::{Duration, Instant};

/// Bytes of all floods together.
const FLOODS: usize = 1 << 30;

/// Runs a program that must end well; the times to its first byte and to its end.
pub async fn run(runner: &dyn Runner, source: &str) -> Result<(Duration, Duration, String)> {
    let start = Instant::now();
    let request = RunRequest {
        limits: ha_sandbox::Limits {
            output_bytes: 4 << 20,
            ..Default::default()
        },
        ..RunRequest::script("bench", source)
    };
    let mut run = runner.start(request).await?;
    let mut first_byte = None;
    let mut printed = String::new();
    while let Some(event) = run.events.recv().await {
        match event {
            RunEvent::Stdout(text) => {
                first_byte = first_byte.or(Some(start.elapsed()));
                printed += &text;
            }
            RunEvent::Finished(report) => {
                let end = start.elapsed();
                ensure!(
                    report.outcome == RunOutcome::Exited { code: 0 },
                    "{report:?} after {printed}"
                );
                return Ok((first_byte.context("nothing was printed")?, end, printed));
            }
            RunEvent::Started => {}
            other => bail!("unexpected: {other:?}"),
        }
    }
    bail!("the run ended without a result")
}

/// From the answer to an `input()` to the end of the program that echoes it.
pub async fn echo(runner: &dyn Runner) -> Result<Duration> {
    let mut run = begin(runner, "print(input())", Duration::from_secs(10)).await?;
    wait_for(&mut run, |event| *event == RunEvent::NeedsInput).await?;
    let asked = Instant::now();
    run.control.input("hi");
    end(&mut run, RunOutcome::Exited { code: 0 }).await?;
    Ok(asked.elapsed())
}

/// From the wish to stop a busy program to its terminal event.
pub async fn cancel(runner: &dyn Runner) -> Result<Duration> {
    let source = "print('begun', flush=True)\nwhile True: pass";
    let mut run = begin(runner, source, Duration::from_secs(10)).await?;
    wait_for(&mut run, |event| matches!(event, RunEvent::Stdout(_))).await?;
    let wish = Instant::now();
    run.control.cancel();
    end(&mut run, RunOutcome::Cancelled).await?;
    Ok(wish.elapsed())
}

/// How long after its time limit a busy program is told to have ended.
pub async fn overshoot(runner: &dyn Runner) -> Result<Duration> {
    let wall = Duration::from_secs(1);
    let start = Instant::now();
    let mut run = begin(runner, "while True: pass", wall).await?;
    end(&mut run, RunOutcome::TimedOut).await?;
    Ok(start.elapsed().saturating_sub(wall))
}

async fn begin(runner: &dyn Runner, source: &str, wall: Duration) -> Result<Run> {
    let mut request = RunRequest::script("bench", source);
    request.stdin = Stdin::Interactive;
    request.limits.wall = wall;
    Ok(runner.start(request).await?)
}

async fn wait_for(run: &mut Run, is_it: fn(&RunEvent) -> bool) -> Result<()> {
    while !is_it(&run.events.recv().await.context("the stream ended")?) {}
    Ok(())
}

async fn end(run: &mut Run, expected: RunOutcome) -> Result<()> {
    while let Some(event) = run.events.recv().await {
        if let RunEvent::Finished(report) = event {
            ensure!(report.outcome == expected, "{report:?}");
            return Ok(());
        }
    }
    bail!("the run ended without a result")
}

/// Runs as fast as one caller can, for `time`: runs a second, and the processor time of one.
pub async fn throughput(runner: &dyn Runner, time: Duration) -> Result<Value> {
    for _ in 0..30 {
        run(runner, "print('hi')").await?;
    }
    let (start, used) = (Instant::now(), processor_time());
    let mut runs = 0u32;
    while start.elapsed() < time {
        run(runner, "print('hi')").await?;
        runs += 1;
    }
    let used = processor_time()
        .zip(used)
        .map(|(after, before)| after - before);
    let each = used.map(|used| used * 1000.0 / f64::from(runs));
    Ok(json!({
        "runs_per_second": (f64::from(runs) / start.elapsed().as_secs_f64()).round(),
        "processor_ms_per_run": each.map(|each| crate::figures::rounded(each, 2)),
    }))
}

/// Memory at rest, what the first program that waits adds and what each further one does, in MiB.
pub async fn memory(runner: &dyn Runner) -> Result<Value> {
    let rest = settled().await;
    let mut live = Vec::new();
    let mut seen = Vec::new();
    for _ in 0..4 {
        let mut run = begin(
            runner,
            "print('here', flush=True)\ninput()",
            Duration::from_secs(60),
        )
        .await?;
        wait_for(&mut run, |event| *event == RunEvent::NeedsInput).await?;
        live.push(run);
        seen.push(settled().await);
    }
    for mut run in live {
        run.control.end_input();
        end(&mut run, RunOutcome::Exited { code: 1 }).await?;
    }
    Ok(json!({
        "engine_at_rest_mib": mebibytes(rest),
        "with_one_program_mib": mebibytes(seen[0]),
        "each_further_mib": mebibytes(seen[3].saturating_sub(seen[0]) / 3),
    }))
}

/// Floods that the output cap ends: what the host's memory grew by in
/// MiB, at the worst while they ran (a running program and its output included) and after them.
pub async fn floods(runner: &dyn Runner) -> Result<Value> {
    let before = settled().await;
    let (mut worst, mut bytes, mut looked) = (before, 0, Instant::now());
    while bytes < FLOODS {
        let mut run = begin(
            runner,
            "while True: print('x' * 65535)",
            Duration::from_secs(10),
        )
        .await?;
        while let Some(event) = run.events.recv().await {
            match event {
                RunEvent::Stdout(text) => bytes += text.len(),
                RunEvent::LeftOut { bytes: missing } => bytes += missing as usize,
                RunEvent::Finished(report) => {
                    ensure!(report.outcome == RunOutcome::OutputLimit, "{report:?}");
                }
                _ => {}
            }
            if looked.elapsed() > Duration::from_millis(20) {
                worst = worst.max(pss());
                looked = Instant::now();
            }
        }
    }
    let after = settled().await;
    Ok(json!({
        "floods_mib": bytes >> 20,
        "worst_growth_in_floods_mib": mebibytes(worst.saturating_sub(before)),
        "growth_after_floods_mib": mebibytes(after.saturating_sub(before)),
    }))
}

/// Times from opening the engine to the end of the first program, each in a process of its own.
pub fn first_runs(count: usize) -> Result<Row> {
    let mut row = Row::new("first run of a started app, guest compiled", "fresh");
    for _ in 0..count {
        let output = std::process::Command::new(std::env::current_exe()?)
            .arg("--first")
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let seconds = text.trim().parse().with_context(|| format!("{output:?}"))?;
        row.add(Duration::from_secs_f64(seconds));
    }
    Ok(row)
}

fn mebibytes(bytes: u64) -> f64 {
    crate::figures::rounded(bytes as f64 / f64::from(1 << 20), 1)
}

/// Memory after the engine had a moment to clear up behind its answers.
async fn settled() -> u64 {
    tokio::time::sleep(Duration::from_millis(300)).await;
    pss()
}

/// Memory of this process and its children, shared pages counted by their share; 0 where the system
/// does not say it.
fn pss() -> u64 {
    let of = |process: u32| {
        let text = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
        line.trim().strip_suffix(" kB")?.parse::<u64>().ok()
    };
    family().into_iter().filter_map(of).sum::<u64>() << 10
}

/// Seconds of processor this process and its living children have used.
fn processor_time() -> Option<f64> {
    let of = |process: u32| {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        let (_, behind) = stat.rsplit_once(')')?;
        let ticks: Vec<f64> = behind
            .split_whitespace()
            .skip(11)
            .take(2)
            .filter_map(|ticks| ticks.parse().ok())
            .collect();
        // A tick of this file is a hundredth of a second on every Linux.
        Some(ticks.iter().sum::<f64>() / 100.0)
    };
    let times: Vec<f64> = family().into_iter().filter_map(of).collect();
    (!times.is_empty()).then(|| times.iter().sum())
}
