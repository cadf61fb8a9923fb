//! The abuse suite as a table: every case, what was expected, what came, and the six checks after it.
//!
//! `abuse FOLDER [--json] [NAME…]`: `cargo xtask abuse` calls it. Unlike the tests, which may give each
//! case a process of its own, all cases run here in one engine, one after the other, so that what one
//! of them damaged shows in those behind it. Ends with 1 when a case fails.

mod common;

use anyhow::{Context, Result, anyhow};
use ha_testkit::abuse::{self, Check, Suite, Surroundings, Verdict};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

struct Arguments {
    folder: PathBuf,
    json: bool,
    /// Parts of names; every case when there is none.
    names: Vec<String>,
}

impl Arguments {
    fn read() -> Result<Arguments> {
        let (options, mut names): (Vec<_>, Vec<_>) = std::env::args()
            .skip(1)
            .partition(|argument| argument == "--json");
        if names.is_empty() {
            return Err(anyhow!("usage: abuse FOLDER [--json] [NAME…]"));
        }
        Ok(Arguments {
            folder: names.remove(0).into(),
            json: !options.is_empty(),
            names,
        })
    }

    fn asks_for(&self, case: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|name| case.contains(name.as_str()))
    }
}

fn main() -> Result<ExitCode> {
    ha_sandbox_wasm::serve_if_worker();
    let arguments = Arguments::read()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let verdicts = runtime.block_on(judge(&arguments))?;
    let failed = verdicts
        .iter()
        .filter(|verdict| !verdict.problems.is_empty());
    let failed = failed.count();
    if arguments.json {
        println!("{}", report(&verdicts));
    } else {
        println!("{} cases, {failed} failed", verdicts.len());
    }
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn judge(arguments: &Arguments) -> Result<Vec<Verdict>> {
    let cases = abuse::load(&arguments.folder, "wasm").map_err(|problem| anyhow!(problem))?;
    let cache = tempfile::tempdir()?;
    let runner = common::open(cache.path())?;
    let hosts = abuse::host_cases().into_iter();
    #[cfg(unix)]
    let hosts = {
        let runner = runner.clone();
        hosts.chain(abuse::worker_cases(Arc::new(move || runner.worker_pid())))
    };
    let surroundings = Surroundings {
        folders: vec![cache.path().to_owned()],
    };
    let suite = Suite::open(runner, surroundings).await;
    let suite = suite
        .map_err(|problem| anyhow!(problem))
        .context("the engine is not well")?;
    let mut verdicts = Vec::new();
    let mut keep = |verdict: Verdict| {
        if !arguments.json {
            print_row(&verdict);
        }
        verdicts.push(verdict);
    };
    for case in &cases {
        if arguments.asks_for(&case.name) {
            keep(suite.run(case).await);
        }
    }
    for case in hosts {
        if arguments.asks_for(case.name) {
            keep(suite.run_host(&case).await);
        }
    }
    Ok(verdicts)
}

/// One line, with a mark for each check in the order of [`Check::ALL`], and what was wrong below it.
fn print_row(verdict: &Verdict) {
    let mark = |check: &Check| if verdict.passed(*check) { '·' } else { 'X' };
    let marks: String = Check::ALL.iter().map(mark).collect();
    println!(
        "{marks}  {:6.0} ms  {:32} {:24} {}",
        verdict.took.as_secs_f64() * 1000.0,
        verdict.name,
        verdict.outcome,
        verdict.expected,
    );
    for (check, seen) in &verdict.problems {
        println!("        {}: {seen}", check.word());
    }
}

fn report(verdicts: &[Verdict]) -> Value {
    let cases = verdicts.iter().map(|verdict| {
        let checks = Check::ALL.map(|check| (check.word().to_owned(), verdict.passed(check).into()));
        let problems = verdict.problems.iter();
        json!({
            "name": verdict.name,
            "title": verdict.title,
            "expected": verdict.expected,
            "outcome": verdict.outcome,
            "checks": Value::Object(checks.into_iter().collect()),
            "problems": problems.map(|(check, seen)| format!("{}: {seen}", check.word())).collect::<Vec<_>>(),
            "ms": verdict.took.as_secs_f64() * 1000.0,
        })
    });
    let failed = verdicts
        .iter()
        .filter(|verdict| !verdict.problems.is_empty());
    json!({ "engine": "wasm", "failed": failed.count(), "cases": cases.collect::<Vec<_>>() })
}
