//! `cargo xtask bench`: release builds, measured, with the machine and its load beside the numbers.
//!
//! Each area is a program that measures itself and prints one JSON object; this file builds it,
//! runs it and prints what it said. Numbers of two runs are compared only within one machine.

use crate::app;
use crate::bench_table::{self, AGENTS, COURSES, TUTOR, WINDOW};
use crate::checkout::Checkout;
use crate::display;
use crate::engine::{self, Engine, Keeper};
use crate::image::{self, Language};
use crate::peers;
use crate::progress::Progress;
use crate::setup;
use crate::system;
use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use serde_json::{Map, Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

/// What can be measured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Area {
    /// Runs of programs in the embedded engine, beside `python3`.
    Sandbox,
    /// The window: start, key press to output, opening a lesson and the largest chapter of a book of
    /// the real one's size, a save to the author's preview, memory.
    Window,
    /// A book of the real one's size: import, pack, install, list, open, search, its cells; and its
    /// largest chapter rendered by others.
    Courses,
    /// What the chat client adds to a bare request, how fast it lets go, what it holds on to; opening
    /// and searching conversations; the window while a thousand tokens a second come.
    Tutor,
    /// Agents on recorded replies: a question's way and back on both engines, a run of eight steps, a
    /// long trace in the window.
    Agents,
}

/// Measures one area or all. `with_peers`: the sandbox beside others of its kind.
pub fn run(checkout: &Checkout, area: Option<Area>, json: bool, with_peers: bool) -> Result<()> {
    let areas = match area {
        Some(area) => vec![area],
        None => vec![
            Area::Sandbox,
            Area::Window,
            Area::Courses,
            Area::Tutor,
            Area::Agents,
        ],
    };
    build(checkout, json)?;
    if area == Some(Area::Sandbox) && !json {
        // It prints a table of its own.
        let status = sandbox(checkout, with_peers).status();
        ensure!(
            status.context("start the bench")?.success(),
            "the bench failed"
        );
        println!("containers");
        print(&containers(checkout)?, 1);
        return Ok(());
    }
    let mut report = Map::new();
    report.insert("machine".into(), machine());
    for area in areas {
        let (name, measured) = match area {
            Area::Sandbox => ("sandbox", object(json_of(sandbox(checkout, with_peers)))?),
            Area::Window => ("window", window(checkout)?),
            Area::Courses => ("courses", courses(checkout)?),
            Area::Tutor => ("tutor", tutor(checkout)?),
            Area::Agents => ("agents", agents(checkout)?),
        };
        report.insert(name.into(), measured);
        if area == Area::Sandbox {
            report.insert("containers".into(), containers(checkout)?);
        }
    }
    report.insert("load_after".into(), load());
    if json {
        println!("{}", Value::Object(report));
        return Ok(());
    }
    let tables = [
        ("window", WINDOW),
        ("courses", COURSES),
        ("tutor", TUTOR),
        ("agents", AGENTS),
    ]
    .map(|(area, measures)| {
        let measured = report.get(area);
        measured.map(|measured| bench_table::table(measures, measured))
    });
    print(&Value::Object(report), 0);
    for table in tables.into_iter().flatten() {
        print!("\n{table}");
    }
    Ok(())
}

/// Builds what the areas need. With `--json` cargo's own words are the only ones, on standard error.
fn build(checkout: &Checkout, json: bool) -> Result<()> {
    if !json {
        let mut progress = Progress::new(checkout.logs(), setup::STEPS)?;
        setup::basics(checkout, &mut progress)?;
    }
    let mut cargo = app::release(checkout, &["--quiet", "--bins", "--examples"]);
    let status = cargo.status().context("start cargo")?;
    ensure!(status.success(), "the release build failed");
    Ok(())
}

fn sandbox(checkout: &Checkout, with_peers: bool) -> Command {
    let mut bench = checkout.tool(checkout.release_program("examples/bench_sandbox"));
    if with_peers {
        bench.arg("--peers").arg(peers::ensure(checkout));
    }
    bench
}

/// The engine of containers, on an engine started for it; why not, where there can be none.
fn containers(checkout: &Checkout) -> Result<Value> {
    let engine = match own_engine(checkout)? {
        Ok(engine) => engine,
        Err(reason) => return Ok(json!({ "not_measured": reason })),
    };
    let mut bench = checkout.tool(checkout.release_program("examples/bench_containers"));
    engine.apply_as_docker(&mut bench);
    object(json_of(bench))
}

/// A container engine for a bench alone; why not, where there can be none.
fn own_engine(checkout: &Checkout) -> Result<Result<Engine, &'static str>> {
    if let Err(reason) = engine::is_possible() {
        return Ok(Err(reason));
    }
    if !image::archive(checkout, Language::Python).is_file() {
        return Ok(Err("there is no image; `cargo xtask image` makes it"));
    }
    Engine::start(checkout, Keeper::OfBench).map(Ok)
}

fn json_of(mut command: Command) -> Command {
    command.arg("--json");
    command
}

fn tutor(checkout: &Checkout) -> Result<Value> {
    let example = |name: &str| checkout.tool(checkout.release_program(name));
    let mut measured = object(example("examples/bench_tutor"))?;
    measured["conversations"] = object(example("examples/bench_conversations"))?;
    measured["window"] = in_window(checkout, app::TUTOR_BENCH, &[])?;
    Ok(measured)
}

/// Agents on both engines, the second one started for it. Where it cannot be, whatever engine the
/// machine has is looked for.
fn agents(checkout: &Checkout) -> Result<Value> {
    let mut bench = checkout.tool(checkout.release_program("examples/bench_agents"));
    let engine = own_engine(checkout)?;
    if let Ok(engine) = &engine {
        engine.apply_as_docker(&mut bench);
    }
    let mut measured = object(bench)?;
    drop(engine);
    measured["window"] = in_window(checkout, app::TRACE_BENCH, &[])?;
    Ok(measured)
}

fn window(checkout: &Checkout) -> Result<Value> {
    let folder = checkout.path("target/bench-window");
    let mut make = checkout.tool(checkout.release_program("examples/bench_courses"));
    let made = make.arg(&folder).arg("--only-make").status();
    ensure!(
        made.context("start the bench")?.success(),
        "no book was made"
    );
    let measured = in_window(checkout, app::WINDOW_BENCH, &[folder.join("course")])?;
    fs::remove_dir_all(&folder).context("remove the bench's book")?;
    Ok(measured)
}

/// Runs a program that drives the window on a display of its own; `more` are its arguments.
fn in_window(checkout: &Checkout, program: &str, more: &[PathBuf]) -> Result<Value> {
    let screen = display::Virtual::start()?;
    let mut bench = checkout.tool(checkout.release_program(program));
    bench.arg(checkout.release_program(app::WINDOW)).args(more);
    screen.apply(&mut bench);
    object(bench)
}

fn courses(checkout: &Checkout) -> Result<Value> {
    let folder = checkout.path("target/bench-courses");
    let mut bench = checkout.tool(checkout.release_program("examples/bench_courses"));
    bench.arg(&folder);
    let mut measured = object(bench)?;
    measured["rendered_by_others"] = others(checkout, &folder)?;
    for (name, course) in [
        ("check_bundled", checkout.path("courses/build-ai-agents")),
        ("check_book", folder.join("course")),
    ] {
        let mut lint = checkout.tool(checkout.release_program(app::CLI));
        lint.args(["course", "check", "--json"]).arg(course);
        measured[name] = checked(lint)?;
    }
    fs::remove_dir_all(&folder).context("remove the bench's courses")?;
    Ok(measured)
}

/// The largest Chinese chapter, rendered under node with what others use.
fn others(checkout: &Checkout, folder: &Path) -> Result<Value> {
    let chapters = folder.join("course");
    let mut largest = None;
    for entry in fs::read_dir(&chapters)?.flatten() {
        for text in fs::read_dir(entry.path()).into_iter().flatten().flatten() {
            let name = text.file_name().to_string_lossy().into_owned();
            if name.starts_with('第') {
                largest = largest.max(Some((text.metadata()?.len(), text.path())));
            }
        }
    }
    let (_, text) = largest.context("the bench made no chapter")?;
    let mut node = checkout.tool("node");
    node.arg(checkout.path("ui/bench/render.mjs")).arg(text);
    object(node)
}

/// A lint's counts and times; the sentences it found are not what is measured here.
fn checked(lint: Command) -> Result<Value> {
    let began = Instant::now();
    let mut said = printed(lint)?;
    let problems = said["problems"].as_array().map_or(0, Vec::len);
    let cells = said["cells"].as_array().cloned().unwrap_or_default();
    let mut times: Vec<_> = cells
        .iter()
        .filter_map(|cell| cell["ms"].as_f64())
        .collect();
    times.sort_by(f64::total_cmp);
    let at = |part: f64| times.get(((times.len() as f64 - 1.0) * part) as usize);
    said["cells"] = json!(times.len());
    said["ms_per_cell"] = json!({ "median": at(0.5), "p95": at(0.95), "slowest": at(1.0) });
    said["problems"] = json!(problems);
    said["seconds"] = json!(began.elapsed().as_secs_f64());
    Ok(said)
}

/// Runs a program that prints one JSON object.
fn object(mut command: Command) -> Result<Value> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("start {program}"))?;
    ensure!(
        output.status.success(),
        "{program} ended with {}",
        output.status
    );
    parsed(&program, &output.stdout)
}

/// The same for one whose exit code is an answer.
fn printed(mut command: Command) -> Result<Value> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stderr(Stdio::inherit()).output();
    parsed(
        &program,
        &output.with_context(|| format!("start {program}"))?.stdout,
    )
}

fn parsed(program: &str, stdout: &[u8]) -> Result<Value> {
    serde_json::from_slice(stdout).with_context(|| format!("{program} printed no JSON object"))
}

fn machine() -> Value {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let cpuinfo = read("/proc/cpuinfo");
    let model = cpuinfo
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let model = model.map(|model| model.trim_start_matches([' ', '\t', ':']).to_owned());
    json!({
        "system": std::env::consts::OS,
        "kernel": read("/proc/sys/kernel/osrelease").trim(),
        "processor": model,
        "cores": thread::available_parallelism().map_or(1, usize::from),
        "python": system::answer(system::python(), &["--version"]),
        "load_before": load(),
    })
}

/// The load of the last minute; none where the system does not say it.
fn load() -> Value {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let first = text
        .split(' ')
        .next()
        .and_then(|number| number.parse::<f64>().ok());
    first.map_or(Value::Null, Value::from)
}

/// Prints an object as indented lines.
fn print(value: &Value, depth: usize) {
    for (key, value) in value.as_object().into_iter().flatten() {
        let indent = depth * 2;
        match value {
            Value::Object(_) => {
                println!("{:indent$}{key}", "");
                print(value, depth + 1);
            }
            Value::String(text) => println!("{:indent$}{key}: {text}", ""),
            other => println!("{:indent$}{key}: {other}", ""),
        }
    }
}
