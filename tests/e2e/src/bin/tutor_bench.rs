//! Measures the real window while an answer of a thousand tokens a second streams in, and prints one
//! JSON object: frames, and how long the page's main thread answered nothing.
//!
//! The page takes the times itself. Argument: the app's program; the fake service lies beside it.

use anyhow::{Context, Result};
use helloagents_e2e::service::ended;
use helloagents_e2e::{App, Place, Service};
use serde_json::{Value, json};
use std::env;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const SCRIPT: &str = include_str!("tutor_bench.js");

/// Tokens of the answer: ten seconds of it.
const TOKENS: usize = 10_000;
/// So many come at once, and then nothing for so many milliseconds.
const BURST: usize = 10;
const PAUSE_MS: u64 = 9;
/// How long nobody looks.
const ANSWER: Duration = Duration::from_secs(12);

/// What an answer of a tutor looks like; said again and again.
const TEXT: &str = "Your loop **looks** first and then decides; that order is right. 循环先观察，再决定。\n\n\
1. Print what `observation` holds on the second tile.\n2. Compare it with what you expected.\n\n\
```python\nfor step in range(3):\n    print(step, world.look())\n```\n\n\
| sees | does |\n|---|---|\n| rain | waits |\n\n";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let program = env::args_os()
        .nth(1)
        .context("the app's program is missing")?;
    let place = Place::of(PathBuf::from(program))?;
    let service = Service::start(&place.program)?;
    let app = App::start(&place).await?;
    app.sit_with_tutor(&service).await?;
    // Once to warm up: the page loads nothing and compiles nothing in what is measured.
    service.script(json!([answer(500), answer(TOKENS)]))?;
    app.ask_tutor("warm up").await?;
    app.tutor_is_done().await?;

    app.client.execute(SCRIPT, vec![]).await?;
    app.ask("(tutorBench.watch(), true)", &[]).await?;
    let begun = Instant::now();
    app.ask_tutor("go on").await?;
    // A look into the page takes time of the page.
    tokio::time::sleep(ANSWER).await;
    let mut result = app
        .until("the end of the answer", "tutorBench.result", &[])
        .await?;
    result["tokens"] = json!(TOKENS);
    let seconds = result["seconds"]
        .as_f64()
        .unwrap_or_else(|| begun.elapsed().as_secs_f64());
    result["tokens_per_second"] = json!((TOKENS as f64 / seconds).round());
    println!("{result}");
    app.close().await
}

/// An answer of so many pieces of about four letters each.
fn answer(tokens: usize) -> Value {
    let letters: Vec<char> = TEXT.chars().collect();
    let pieces = letters.chunks(4).cycle().take(tokens);
    let mut steps = Vec::new();
    for (at, piece) in pieces.enumerate() {
        steps.push(json!({ "words": piece.iter().collect::<String>() }));
        if at % BURST == BURST - 1 {
            steps.push(json!({ "pause": PAUSE_MS }));
        }
    }
    ended(steps)
}
