//! Language, colours, and whether everybody can use what is shown.

use anyhow::Result;
use helloagents_e2e::{App, Place};
use serde_json::json;

#[tokio::test]
async fn language_and_colours_are_remembered() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.click("button", "Dark colours").await?;
    app.until(
        "the dark look",
        "document.documentElement.dataset.theme === 'dark'",
        &[],
    )
    .await?;
    app.click("button", "中文界面").await?;
    app.find("button", "运行").await?;
    app.until(
        "Chinese",
        "document.documentElement.lang.startsWith('zh')",
        &[],
    )
    .await?;

    let app = app.restart().await?;
    app.until(
        "the dark look",
        "document.documentElement.dataset.theme === 'dark'",
        &[],
    )
    .await?;
    app.until(
        "Chinese",
        "document.documentElement.lang.startsWith('zh')",
        &[],
    )
    .await?;
    app.click("button", "继续").await?;
    app.find("button", "运行").await?;
    app.close().await
}

#[tokio::test]
async fn the_lesson_speaks_another_language_than_the_window() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.click("button", "用中文读这一课").await?;
    app.text("什么是智能体").await?;
    app.find("button", "Run").await?;
    // This web view would draw the digits of "第10章" over each other.
    let gaps = "getComputedStyle(document.querySelector('article h1')).textAutospace";
    assert_eq!(app.ask(gaps, &[]).await?, "no-autospace");
    let app = app.restart().await?;
    app.click("button", "Continue").await?;
    app.text("什么是智能体").await?;
    app.find("button", "Run").await?;
    app.close().await
}

#[tokio::test]
async fn nobody_is_shut_out() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    accessible(&app, "Home, light").await?;
    app.open_first_lesson().await?;
    app.run().await?;
    app.run_has_ended().await?;
    accessible(&app, "Learn, light").await?;
    app.click("button", "Settings").await?;
    app.find("dialog", "Settings").await?;
    accessible(&app, "Settings, light").await?;
    app.press("Escape").await?;
    app.gone("dialog", "Settings").await?;

    app.click("button", "Dark colours").await?;
    app.until(
        "the dark look",
        "document.documentElement.dataset.theme === 'dark'",
        &[],
    )
    .await?;
    accessible(&app, "Learn, dark").await?;
    app.check().await?;
    app.text("of 5 checks pass.").await?;
    accessible(&app, "Checks, dark").await?;
    app.click("button", "Home").await?;
    app.find("button", "Continue").await?;
    accessible(&app, "Home, dark").await?;
    app.close().await
}

async fn accessible(app: &App<'_>, place: &str) -> Result<()> {
    // Colours that are still fading are no colours yet.
    let still = "document.getAnimations().every((animation) => animation.playState !== 'running' || animation.effect?.getTiming().iterations === Infinity)";
    app.until("a still page", still, &[]).await?;
    let findings = app.axe().await?;
    assert_eq!(findings, Vec::<String>::new(), "{place}");
    Ok(())
}

#[tokio::test]
async fn panes_keep_their_sizes() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    let width = "Math.round(document.querySelector('article').getBoundingClientRect().width)";
    let first = app.ask(width, &[]).await?;
    app.ask(
        "journey.find('[role=separator]', 'Width of the workbench').focus()",
        &[],
    )
    .await?;
    app.press("ArrowRight").await?;
    app.press("ArrowRight").await?;
    let wider = format!("{width} > a[0] + 20 && {width}");
    let wider = app.until("the lesson to grow", &wider, &[first]).await?;

    let app = app.restart().await?;
    app.click("button", "Continue").await?;
    app.lesson_is_open().await?;
    let same = format!("Math.abs({width} - a[0]) < 4");
    app.until("the lesson as wide as before", &same, &[json!(wider)])
        .await?;
    app.close().await
}

#[tokio::test]
async fn a_folded_tree_stays_folded() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.find("treeitem", "1.1 ").await?;
    app.press("Control+b").await?;
    app.gone("treeitem", "1.1 ").await?;

    let app = app.restart().await?;
    app.click("button", "Continue").await?;
    app.lesson_is_open().await?;
    app.gone("treeitem", "1.1 ").await?;
    app.press("Control+b").await?;
    app.find("treeitem", "1.1 ").await?;
    app.close().await
}
