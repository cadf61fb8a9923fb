//! Measures the real window with a trace of five thousand steps and prints one JSON object: how long it
//! takes until the trace is shown, and the frames while it is scrolled through.
//!
//! The page takes the times itself. Argument: the app's program; the lesson is the fixture's.

use anyhow::{Context, Result};
use helloagents_e2e::{App, Place};
use serde_json::{Value, json};
use std::env;
use std::path::{Path, PathBuf};

const SCRIPT: &str = include_str!("trace_bench.js");

/// Steps of the trace: turns with nine tools each.
const STEPS: usize = 5_000;
/// How often the trace is opened.
const VISITS: usize = 10;

/// What an agent's steps look like: a few words in, a few words out.
const AGENT: &str = r#"from llm import trace

@trace.tool
def weather(city, day):
    return f"{city}: rain until {day % 24} o'clock, then clouds"

for turn in range(500):
    with trace.step(f"turn {turn}", city="Oslo") as step:
        for day in range(9):
            step.output = weather("Oslo", day)
print("all is told")
"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let program = env::args_os()
        .nth(1)
        .context("the app's program is missing")?;
    let courses = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/agents");
    let place = Place::of(PathBuf::from(program))?.with_courses(courses);
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.replace_code(AGENT).await?;
    app.run().await?;
    app.output_has("all is told").await?;
    app.run_has_ended().await?;

    app.client.execute(SCRIPT, vec![]).await?;
    let mut opened = Vec::new();
    for _ in 0..VISITS {
        app.ask("(traceBench.open(), true)", &[]).await?;
        let ms = app.until("the trace", "traceBench.opened", &[]).await?;
        opened.push(ms.as_f64().context("the page answers milliseconds")?);
    }
    let rows = app.ask("traceBench.rows()", &[]).await?;
    let (still, scroll) = (scrolled(&app, 0.0).await?, scrolled(&app, 0.33).await?);
    let report = json!({
        "steps": STEPS,
        "rows": rows,
        "open_ms": spread(opened),
        "standing_still": still,
        "scroll": scroll,
    });
    println!("{report}");
    app.close().await
}

/// The frames while so much of a screen is scrolled in each of them.
async fn scrolled(app: &App<'_>, part: f64) -> Result<Value> {
    app.ask("(traceBench.scroll(a[0]), true)", &[json!(part)])
        .await?;
    app.until("the end of the scrolling", "traceBench.scrolled", &[])
        .await
}

/// The first time, the median of all and the worst.
fn spread(times: Vec<f64>) -> Value {
    let first = times.first().copied();
    let mut sorted = times;
    sorted.sort_by(f64::total_cmp);
    json!({ "first": first, "median": sorted.get(sorted.len() / 2), "worst": sorted.last() })
}
