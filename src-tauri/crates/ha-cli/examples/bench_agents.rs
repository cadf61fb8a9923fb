//! What an agent costs that runs on recorded replies: one question and its answer through the sandbox's
//! channel, a run of eight steps, the first piece of a stream.
//!
//! `bench_agents`, in a release build: `cargo xtask bench agents`. Prints one JSON object. Times of
//! questions are taken inside the program, where a learner's agent would feel them; the engine of
//! containers is measured where there is one.

use ha_api::wire::Language;
use ha_api::{Bridge, BridgePlan, CassetteFile, Places};
use ha_sandbox::{EngineState, RunEvent, RunOutcome, RunRequest, Runner};
use ha_sandbox_docker::{DockerRunner, DockerSettings};
use ha_sandbox_wasm::{GuestLocation, WasmRunner, WorkerProgram};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Questions of one run, and runs that are measured.
const QUESTIONS: usize = 40;
const RUNS: usize = 30;
/// Of these, the first are not counted.
const WARM_UP: usize = 5;

const CASSETTE: &str = "cassette_version = 1\nmodel = \"deepseek-chat\"\n[[rule]]\nwhen = {}\n\
    reply.content = \"Thought: I look it up first.\\nAction: weather[Oslo]\"\n";

/// Prints the time of each question in milliseconds.
const ROUND_TRIPS: &str = r#"
import time
from _sandbox_calls import ask
times = []
for stream in (False, True):
    for n in range(QUESTIONS // 2):
        request = {"model": "m", "stream": stream, "messages": [{"role": "user", "content": f"{n}"}]}
        began = time.perf_counter()
        pieces = ask("chat", {"request": request, "at": {"file": "main.py", "line": 9}})
        next(pieces)
        times.append(("first" if stream else "whole", (time.perf_counter() - began) * 1e3))
        for _ in pieces:
            pass
for kind, took in times:
    print(kind, took)
"#;

/// Eight turns, each a step with a question and a tool.
const REACT: &str = r#"
from _sandbox_calls import ask
messages = [{"role": "user", "content": "Is it raining?"}]
for turn in range(8):
    list(ask("span", {"event": "start", "id": str(turn), "kind": "step", "name": f"turn {turn}"}))
    [answer] = ask("chat", {"request": {"model": "m", "messages": messages}, "span": str(turn)})
    reply = answer["reply"]["choices"][0]["message"]["content"]
    messages += [{"role": "assistant", "content": reply}, {"role": "user", "content": "Observation: rain"}]
    list(ask("span", {"event": "end", "id": str(turn)}))
"#;

fn main() {
    ha_sandbox_wasm::serve_if_worker();
    println!("{}", measured());
}

#[tokio::main]
async fn measured() -> Value {
    let places = Places::of_this_machine().expect("whoever measures has a home folder");
    let guest = GuestLocation {
        dir: places.guest.clone(),
        cache_dir: places.cache.clone(),
    };
    let wasm = WasmRunner::open(guest, WorkerProgram::this_one());
    let docker = DockerRunner::open(DockerSettings::beside(
        &places.cache,
        places.images(),
        false,
    ));
    let report = json!({ "wasm": engine(&*wasm).await, "docker": engine(&*docker).await });
    docker.rest().await;
    report
}

async fn engine(runner: &dyn Runner) -> Value {
    runner.warm();
    let settled = |state: &EngineState| !matches!(state, EngineState::Preparing { .. });
    runner.state().wait_for(settled).await.ok();
    let questions = ROUND_TRIPS.replace("QUESTIONS", &QUESTIONS.to_string());
    let (mut whole, mut first, mut react) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..RUNS + WARM_UP {
        let Ok((printed, _)) = run(runner, &questions).await else {
            return json!({ "not_measured": "the engine cannot run anything here" });
        };
        let Ok((_, took)) = run(runner, REACT).await else {
            return json!({ "not_measured": "the engine was lost" });
        };
        if round < WARM_UP {
            continue;
        }
        react.push(took.as_secs_f64() * 1e3);
        for line in printed.lines() {
            let (kind, ms) = line.split_once(' ').unwrap_or_default();
            let ms: f64 = ms.parse().unwrap_or(f64::NAN);
            match kind {
                "first" => first.push(ms),
                _ => whole.push(ms),
            }
        }
    }
    json!({
        "round_trip_ms": figures(&mut whole),
        "first_piece_ms": figures(&mut first),
        "react_of_8_steps_ms": figures(&mut react),
    })
}

/// What a program printed and how long it took, its calls answered from the cassette.
async fn run(runner: &dyn Runner, source: &str) -> Result<(String, Duration), String> {
    let file = CassetteFile::read("cassette.toml", CASSETTE);
    let mut bridge = Bridge::new(&BridgePlan::new(Some(&file), Language::En), None);
    let request = RunRequest::script("bench", source);
    let began = Instant::now();
    let mut run = runner
        .start(request)
        .await
        .map_err(|error| error.to_string())?;
    let mut printed = String::new();
    while let Some(event) = run.events.recv().await {
        match event {
            RunEvent::HostCall(call) => bridge.answer(&call, &run.control),
            RunEvent::Stdout(text) | RunEvent::Stderr(text) => printed.push_str(&text),
            RunEvent::Finished(report) if report.outcome == (RunOutcome::Exited { code: 0 }) => {
                return Ok((printed, began.elapsed()));
            }
            RunEvent::Finished(_) => return Err(printed),
            RunEvent::Failed(error) => return Err(error.to_string()),
            _ => {}
        }
    }
    Err("the run ended without a result".into())
}

fn figures(times: &mut [f64]) -> Value {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = (times.len() as f64 * share) as usize;
        let time = times.get(place.min(times.len().saturating_sub(1)));
        time.map(|ms| (ms * 1e3).round() / 1e3)
    };
    json!({ "p50": at(0.5), "p95": at(0.95) })
}
