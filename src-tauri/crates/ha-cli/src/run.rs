//! `helloagents run`: a program's output, errors and exit code, as if Python had run it.

use crate::MACHINE_FAILED;
use crate::engine::{EngineName, sandbox};
use crate::failed::{told, told_of_run};
use crate::say::{self, complain, language, spoken};
use clap::{Args, ValueEnum};
use ha_api::wire::{Language, ModelMode};
use ha_api::{App, Bridge, BridgePlan, CassetteFile, Places, system_language};
use ha_sandbox::{
    Inspect, Limits, Run, RunControl, RunError, RunEvent, RunNote, RunOutcome, RunReport,
    RunRequest, Runner, SourceFile, Stdin,
};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Arguments of `run`.
#[derive(Args)]
pub(crate) struct RunArguments {
    /// The program, or `-` for standard input. The other `.py` files of its folder can be imported,
    /// as far as they fit into a run.
    file: PathBuf,
    /// The engine: the built-in one, or containers of Docker.
    #[arg(long, default_value = "wasm")]
    engine: EngineName,
    /// Time limit in seconds.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u8).range(1..=60))]
    timeout: u8,
    /// What the program reads as its input; else it reads ours.
    #[arg(long, value_name = "FILE")]
    stdin: Option<PathBuf>,
    /// Recorded replies that answer the program's calls of a model.
    #[arg(long, value_name = "FILE")]
    cassette: Option<PathBuf>,
    /// Who answers for the model: the cassette; the service of the settings, with your key; or that
    /// service for what the cassette does not have, which is then written into it.
    #[arg(long, default_value = "scripted")]
    mode: ModeName,
    /// Where to write the trace of the program's agents, as OTLP JSON.
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Print one JSON object instead of the program's output.
    #[arg(long)]
    json: bool,
    /// `sys.argv[1:]`.
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// Who answers for the model.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ModeName {
    Scripted,
    Live,
    Record,
}

impl RunArguments {
    /// The engine that was asked for.
    pub(crate) fn engine(&self) -> EngineName {
        self.engine
    }
}

/// Runs the program and answers the exit code.
pub(crate) async fn run(arguments: RunArguments, places: Places, runner: &dyn Runner) -> u8 {
    let json = arguments.json;
    let request = match request(&arguments) {
        Ok(request) => request,
        Err(error) => {
            complain!("helloagents: {error}");
            return 2;
        }
    };
    let (before, mut bridge) = match bridge(&arguments, places).await {
        Ok(made) => made,
        Err(error) => {
            complain!("helloagents: {error}");
            return 2;
        }
    };
    let began = now();
    let interactive = request.stdin == Stdin::Interactive;
    let mut output = match json {
        true => Output::Kept {
            stdout: String::new(),
            stderr: String::new(),
            left_out: 0,
        },
        false => Output::Passed,
    };
    let ended = match runner.start(request).await {
        Ok(run) => follow(run, interactive, &mut bridge, &mut output).await,
        Err(error) => Err(error),
    };
    let written = written(&arguments, &bridge, &before, began);
    if let Err(error) = written {
        complain!("helloagents: {error}");
        return MACHINE_FAILED;
    }
    let report = match ended {
        Ok(report) => report,
        Err(error) => {
            complain!("helloagents: {}", told_of_run(&error));
            return match error {
                RunError::Refused(_) => 2,
                RunError::Unavailable(_) | RunError::Language(_) | RunError::Lost(_) => {
                    MACHINE_FAILED
                }
            };
        }
    };
    match output {
        Output::Kept {
            stdout,
            stderr,
            left_out,
        } => print_json(&report, &stdout, &stderr, left_out),
        Output::Passed => say_unusual(&report, arguments.timeout),
    }
    exit_code(report.outcome)
}

/// Where the program's output goes.
enum Output {
    Passed,
    Kept {
        stdout: String,
        stderr: String,
        /// Bytes of both that are missing.
        left_out: u64,
    },
}

async fn follow(
    mut run: Run,
    interactive: bool,
    bridge: &mut Bridge,
    output: &mut Output,
) -> Result<RunReport, RunError> {
    if interactive {
        pass_lines(run.control.clone());
    }
    let control = run.control.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            control.cancel();
        }
    });
    while let Some(event) = run.events.recv().await {
        match (event, &mut *output) {
            (RunEvent::Stdout(text), Output::Kept { stdout, .. }) => stdout.push_str(&text),
            (RunEvent::Stderr(text), Output::Kept { stderr, .. }) => stderr.push_str(&text),
            (RunEvent::Stdout(text), Output::Passed) => pass(&mut std::io::stdout(), &text),
            (RunEvent::Stderr(text), Output::Passed) => pass(&mut std::io::stderr(), &text),
            (RunEvent::HostCall(call), _) => bridge.answer(&call, &run.control),
            (RunEvent::Finished(report), _) => return Ok(report),
            (RunEvent::Failed(error), _) => return Err(error),
            (RunEvent::LeftOut { bytes }, Output::Kept { left_out, .. }) => *left_out += bytes,
            (RunEvent::LeftOut { bytes }, Output::Passed) => {
                say::data(&mut std::io::stderr(), "\n");
                complain!(
                    "helloagents: 这里省略了 {bytes} 字节的输出",
                    "helloagents: {bytes} bytes of output are left out here"
                );
            }
            (
                RunEvent::Started
                | RunEvent::NeedsInput
                | RunEvent::Report(_)
                | RunEvent::Inspected(_),
                _,
            ) => {}
        }
    }
    Err(RunError::Lost("the run ended without a result".into()))
}

/// What answers the program's calls, and the cassette's text. A cassette that is broken in places is
/// told of and plays; one that is to be recorded need not be there.
async fn bridge(arguments: &RunArguments, places: Places) -> std::io::Result<(String, Bridge)> {
    let records = arguments.mode == ModeName::Record;
    let text = match &arguments.cassette {
        Some(file) if file.exists() || !records => Some(read(file).and_then(utf8(file))?),
        None if records => {
            let message = spoken!(
                "--mode record 要写进文件：请用 --cassette 指定",
                "--mode record writes into a file: name it with --cassette"
            );
            return Err(std::io::Error::other(message));
        }
        _ => None,
    };
    let cassette = text.as_ref().map(|text| {
        let name = arguments.cassette.as_deref().unwrap_or(Path::new(""));
        let read = CassetteFile::read(&name.display().to_string(), text);
        for problem in &read.problems {
            let line = problem.line.map(|line| format!(":{line}"));
            let place = format!("{}{}", problem.file, line.unwrap_or_default());
            complain!("helloagents: {place}: {}", problem.reason.pick(language()));
        }
        read
    });
    let mode = match arguments.mode {
        ModeName::Scripted => {
            let plan = BridgePlan::new(cassette.as_ref(), system_language());
            return Ok((text.unwrap_or_default(), Bridge::new(&plan, None)));
        }
        ModeName::Live => ModelMode::Live,
        ModeName::Record => ModelMode::Record,
    };
    let runner = sandbox(&places);
    let app = App::open(places, runner, || now() as i64);
    let plan = app.bridge_plan(cassette.as_ref(), mode).await;
    let plan = plan.map_err(|error| std::io::Error::other(told(&error)))?;
    Ok((text.unwrap_or_default(), Bridge::new(&plan, None)))
}

/// Writes what the run leaves behind: its trace, and what was recorded.
fn written(
    arguments: &RunArguments,
    bridge: &Bridge,
    before: &str,
    began: f64,
) -> std::io::Result<()> {
    let named = |file: &Path, error: std::io::Error| {
        std::io::Error::new(error.kind(), format!("{}: {error}", file.display()))
    };
    if let Some(file) = &arguments.trace {
        let run = uuid::Uuid::new_v4().to_string();
        let trace = bridge.trace(began).to_otlp(&run);
        std::fs::write(file, format!("{trace:#}\n")).map_err(|error| named(file, error))?;
    }
    let day = ha_api::day_of(began as i64);
    if let (Some(file), Some(text)) = (&arguments.cassette, bridge.recorded(before, &day)) {
        std::fs::write(file, text).map_err(|error| named(file, error))?;
    }
    Ok(())
}

/// Milliseconds since 1970 UTC.
fn now() -> f64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0.0, |since| since.as_secs_f64() * 1e3)
}

/// A reader that went away (`| head`) is not the program's fault: it may run on.
fn pass(stream: &mut dyn Write, text: &str) {
    stream.write_all(text.as_bytes()).ok();
    stream.flush().ok();
}

/// Gives the program our own input, line by line, from a thread that ends with the process.
fn pass_lines(control: RunControl) {
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            control.input(line);
        }
        control.end_input();
    });
}

fn request(arguments: &RunArguments) -> std::io::Result<RunRequest> {
    let from_stdin = arguments.file.as_os_str() == "-";
    let (entry, files) = match from_stdin {
        true => {
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes)?;
            let path = "main.py".to_string();
            (path.clone(), vec![SourceFile::new(path, bytes)])
        }
        false => program(&arguments.file)?,
    };
    let stdin = match &arguments.stdin {
        Some(file) => Stdin::Text(read(file).and_then(utf8(file))?),
        None if from_stdin => Stdin::Text(String::new()),
        None => Stdin::Interactive,
    };
    Ok(RunRequest {
        id: "cli".into(),
        files,
        entry,
        before: Vec::new(),
        args: arguments.arguments.clone(),
        stdin,
        limits: Limits {
            wall: Duration::from_secs(arguments.timeout.into()),
            ..Limits::default()
        },
        seed: None,
        inspect: Inspect::Nothing,
    })
}

/// The program and the modules beside it, in the order of their names, as far as they fit.
fn program(file: &Path) -> std::io::Result<(String, Vec<SourceFile>)> {
    let entry = name(file);
    let mut files = vec![SourceFile::new(&entry, read(file)?)];
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let beside = std::fs::read_dir(folder)?.flatten();
    let mut modules: Vec<PathBuf> = beside.map(|entry| entry.path()).collect();
    modules.retain(|path| path.extension().is_some_and(|ending| ending == "py"));
    modules.sort();
    let mut size = files[0].bytes.len();
    for path in modules {
        let (name, length) = (name(&path), path.metadata()?.len() as usize);
        let fits = size + length <= Limits::MAX_SOURCE_BYTES && files.len() < Limits::MAX_FILES;
        if fits && path.is_file() && name != entry {
            size += length;
            let bytes = read(&path)?;
            files.push(SourceFile::new(name, bytes));
        }
    }
    Ok((entry, files))
}

fn name(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    std::fs::read(file)
        .map_err(|error| std::io::Error::new(error.kind(), format!("{}: {error}", file.display())))
}

fn utf8(file: &Path) -> impl Fn(Vec<u8>) -> std::io::Result<String> {
    let file = file.display().to_string();
    move |bytes| {
        String::from_utf8(bytes).map_err(|_| {
            std::io::Error::other(spoken!(
                "{file} 不是 UTF-8 文本",
                "{file} is not UTF-8 text"
            ))
        })
    }
}

fn exit_code(outcome: RunOutcome) -> u8 {
    match outcome {
        RunOutcome::Exited { code } => code as u8,
        RunOutcome::OutputLimit => 122,
        RunOutcome::TimedOut => 124,
        RunOutcome::Cancelled => 130,
        RunOutcome::OutOfMemory => 137,
    }
}

fn say_unusual(report: &RunReport, timeout: u8) {
    let what = match report.outcome {
        RunOutcome::Exited { .. } => None,
        RunOutcome::TimedOut => Some(spoken!(
            "运行了 {timeout} 秒，到时间停下了（--timeout）",
            "stopped after {timeout} s (--timeout)"
        )),
        RunOutcome::OutOfMemory => {
            Some(spoken!("停下了：内存用完了", "stopped: its memory ran out"))
        }
        RunOutcome::OutputLimit if report.note.is_some() => Some(spoken!("停下了", "stopped")),
        RunOutcome::OutputLimit => Some(spoken!(
            "停下了：打印得太多，放不下",
            "stopped: it printed far more than is kept"
        )),
        RunOutcome::Cancelled => Some(spoken!("停下了", "stopped")),
    };
    let note = report.note.map(note_words);
    for line in [what, note].into_iter().flatten() {
        complain!("helloagents: {line}");
    }
}

fn note_words(note: RunNote) -> String {
    let words = match (language(), note) {
        (Language::En, note) => return note.to_string(),
        (_, RunNote::Deadlock) => "死锁：程序在等一把锁或一个队列，可是没有谁会来",
        (_, RunNote::StackOverflow) => "程序的调用套得太深，超过了 Python 自己的栈",
        (_, RunNote::Aborted) => "Python 自己中止了",
        (_, RunNote::Crashed) => "Python 崩溃了",
        (_, RunNote::TooManyOpenFiles) => "程序同时打开的文件太多",
        (_, RunNote::ReportLimit) => "程序报告的内容太多",
    };
    words.into()
}

fn note_name(note: RunNote) -> &'static str {
    match note {
        RunNote::Deadlock => "deadlock",
        RunNote::StackOverflow => "stack_overflow",
        RunNote::Aborted => "aborted",
        RunNote::Crashed => "crashed",
        RunNote::TooManyOpenFiles => "too_many_open_files",
        RunNote::ReportLimit => "report_limit",
    }
}

fn print_json(report: &RunReport, stdout: &str, stderr: &str, left_out: u64) {
    let (outcome, code) = match report.outcome {
        RunOutcome::Exited { code } => ("exited", Some(code)),
        RunOutcome::TimedOut => ("timed_out", None),
        RunOutcome::OutOfMemory => ("out_of_memory", None),
        RunOutcome::OutputLimit => ("output_limit", None),
        RunOutcome::Cancelled => ("cancelled", None),
    };
    let object = serde_json::json!({
        "outcome": outcome,
        "exit_code": code,
        "stdout": stdout,
        "stderr": stderr,
        "left_out_bytes": left_out,
        "duration_ms": report.duration.as_secs_f64() * 1e3,
        "engine": report.engine,
        "note": report.note.map(note_name),
    });
    say::object(&object);
}
