//! Measures the real window and prints one JSON object: start, key press to output, opening a
//! lesson, opening the largest chapter of a book, a save to the preview, memory at rest.
//!
//! Times inside the page are taken by the page, from the event to the frame after the change, so
//! that the driver's own way is not in them. Arguments: the app's program, and the folder of a book
//! of the real one's size as a course, alone with what is no course.

mod chapters;
mod saves;

use anyhow::{Context, Result};
use helloagents_e2e::{App, Place, process};
use serde_json::{Value, json};
use std::env;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Runs of the program whose output is waited for.
const RUNS: usize = 30;
/// Starts of the app; the first one warms the disk and is left out.
const STARTS: usize = 5;
/// How often each lesson is opened after its first time.
const VISITS: usize = 10;
/// How long the window stands still before its memory is read.
const REST: Duration = Duration::from_secs(3);

/// Installs the clocks in a page.
const BEGIN: &str = include_str!("clocks.js");

/// Prints a number that no other run prints.
const PROGRAM: &str = "import random\nprint('mark', random.random())\n";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let program = env::args_os()
        .nth(1)
        .context("the app's program is missing")?;
    let program = PathBuf::from(program);
    let book = env::args_os().nth(2).context("the book is missing")?;
    let book = PathBuf::from(book);
    let place = Place::of(program.clone())?;
    let (mut painted, mut interactive) = (Vec::new(), Vec::new());
    for start in 0..=STARTS {
        let app = App::start(&place).await?;
        let ready = now_ms()?;
        let begun = process::started_ms(app.process)?;
        let first_paint = app
            .ask(FIRST_PAINT, &[])
            .await?
            .as_f64()
            .unwrap_or(f64::NAN);
        if start > 0 {
            painted.push(first_paint - begun);
            interactive.push(ready - begun);
        }
        app.close().await?;
    }
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.client.execute(BEGIN, vec![]).await?;
    let key_to_output = key_to_output(&app).await?;
    let lessons = lessons(&app).await?;
    let at_rest = at_rest(&app).await?;
    app.close().await?;
    let report = json!({
        "starts": STARTS,
        "start_to_first_paint_ms": spread(painted),
        "start_to_interactive_ms": spread(interactive),
        "key_to_output": { "runs": RUNS, "ms": spread(key_to_output) },
        "lesson_open_ms": lessons,
        "memory_at_rest": at_rest,
        "largest_chapter_open_ms": chapters::measure(&program, &book).await?,
        "save_to_shown": saves::measure(&program, &book).await?,
    });
    println!("{report}");
    Ok(())
}

/// When the first content was painted, by the wall's clock.
const FIRST_PAINT: &str = "performance.timeOrigin + (performance.getEntriesByName('first-contentful-paint')[0] ?? performance.getEntriesByType('paint')[0])?.startTime";

async fn key_to_output(app: &App<'_>) -> Result<Vec<f64>> {
    app.replace_code(PROGRAM).await?;
    let mut times = Vec::new();
    // One more than asked for: the first fills caches.
    for run in 0..=RUNS {
        app.focus_editor().await?;
        app.ask("bench.expectOutput()", &[]).await?;
        app.run().await?;
        let time = app.until("the output", "bench.painted", &[]).await?;
        if run > 0 {
            times.push(time.as_f64().context("the page answers milliseconds")?);
        }
        app.run_has_ended().await?;
    }
    Ok(times)
}

/// Opens every lesson in turn, again and again: the first time of all, and the spread of the others.
async fn lessons(app: &App<'_>) -> Result<Value> {
    let names = app.ask("bench.lessons()", &[]).await?;
    let (mut first, mut again) = (Vec::new(), Vec::new());
    for round in 0..=VISITS {
        for name in names.as_array().into_iter().flatten() {
            let ms = opened(app, name).await?;
            if round == 0 { &mut first } else { &mut again }.push(ms);
        }
    }
    Ok(json!({ "visits": VISITS, "first": spread(first), "again": spread(again) }))
}

/// Opens a lesson by its name in the tree: milliseconds from the click to the frame that shows it.
async fn opened(app: &App<'_>, name: &Value) -> Result<f64> {
    app.ask("bench.open(a[0])", std::slice::from_ref(name))
        .await?;
    let answer = app.until("the lesson", "bench.opened", &[]).await?;
    answer["ms"]
        .as_f64()
        .context("the page answers milliseconds")
}

async fn at_rest(app: &App<'_>) -> Result<Value> {
    tokio::time::sleep(REST).await;
    let processes = process::of_tree(app.process);
    let total: u64 = processes.iter().map(|one| one.pss_kb).sum();
    let each: Vec<Value> = processes
        .iter()
        .map(|one| json!({ "name": one.name, "pss_mb": one.pss_kb / 1024 }))
        .collect();
    Ok(json!({ "pss_mb": total / 1024, "processes": each }))
}

/// Median, the value that 95 of 100 stay under, and the worst.
fn spread(mut times: Vec<f64>) -> Value {
    times.sort_by(f64::total_cmp);
    let at = |part: usize| times.get((times.len() * part / 100).min(times.len().saturating_sub(1)));
    let tenth = |time: Option<&f64>| time.map(|time| (time * 10.0).round() / 10.0);
    json!({ "median": tenth(at(50)), "p95": tenth(at(95)), "worst": tenth(times.last()) })
}

fn now_ms() -> Result<f64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64() * 1000.0)
}
