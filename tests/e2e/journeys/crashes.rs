//! The app is killed at the worst moment. Nothing that the learner would miss is lost.

use anyhow::{Context, Result};
use helloagents_e2e::{App, Place};
use std::time::{Duration, Instant};

/// What may be lost: less than this much typing.
const PROMISE: Duration = Duration::from_millis(500);

#[tokio::test]
async fn a_crash_while_typing_loses_less_than_half_a_second() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.replace_code("# ").await?;
    app.press("End").await?;
    // Without a pause: a save that waits for one would never come.
    let begun = Instant::now();
    let mut typed = Vec::new();
    while begun.elapsed() < Duration::from_secs(2) {
        app.type_text("x").await?;
        typed.push(Instant::now());
    }
    let killed = Instant::now();
    let app = app.crash_and_restart().await?;

    app.click("button", "Continue").await?;
    app.lesson_is_open().await?;
    let kept = app.code().await?.matches('x').count();
    let due = typed
        .iter()
        .filter(|at| killed.duration_since(**at) >= PROMISE)
        .count();
    assert!(
        kept >= due,
        "{} letters were typed, {due} of them more than half a second before the crash, {kept} are left",
        typed.len()
    );
    app.close().await
}

#[tokio::test]
async fn a_crash_during_a_run_leaves_a_usable_app() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.replace_code("import time\nprint('still here', flush=True)\ntime.sleep(50)\n")
        .await?;
    app.run().await?;
    app.output_has("still here").await?;
    let app = app.crash_and_restart().await?;

    app.click("button", "Continue").await?;
    app.lesson_is_open().await?;
    app.code_has("still here").await?;
    app.tab("History").await?;
    app.find("button", "Run end unknown").await?;
    app.replace_code("print('and on it goes')\n").await?;
    app.run().await?;
    app.output_has("and on it goes").await?;
    app.close().await
}

#[tokio::test]
async fn nothing_of_the_app_outlives_it() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.replace_code("import time\nprint('busy', flush=True)\ntime.sleep(50)\n")
        .await?;
    app.run().await?;
    app.output_has("busy").await?;
    let processes = helloagents_e2e::process::of_tree(app.process);
    anyhow::ensure!(
        processes.len() > 1,
        "the web view and the sandbox are processes of their own"
    );
    app.close_anyway().await?;
    let begun = Instant::now();
    loop {
        let left: Vec<&str> = processes
            .iter()
            .filter(|process| helloagents_e2e::process::alive(process.id))
            .map(|process| process.name.as_str())
            .collect();
        if left.is_empty() {
            return Ok(());
        }
        if begun.elapsed() > Duration::from_secs(10) {
            return Err(anyhow::anyhow!("still alive: {left:?}")).context("the window was closed");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_dead_sandbox_costs_one_run_and_nothing_else() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.replace_code("import time\nprint('on its way', flush=True)\ntime.sleep(50)\n")
        .await?;
    app.run().await?;
    app.output_has("on its way").await?;
    app.kill_sandbox()?;
    app.text("Python stopped unexpectedly").await?;
    app.code_has("on its way").await?;

    app.replace_code("print('and the next one runs')\n").await?;
    app.run().await?;
    app.output_has("and the next one runs").await?;
    app.close().await
}
