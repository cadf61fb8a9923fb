//! The path that everything else serves.

use super::course_file;
use anyhow::Result;
use helloagents_e2e::{App, Place};

#[tokio::test]
async fn a_learners_first_hour() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    assert!(app.code().await?.contains("A robot that sweeps a corridor"));

    app.focus_editor().await?;
    app.run().await?;
    app.output_has("Done in 20 steps. Dirt left: 3.").await?;

    app.check().await?;
    app.text("of 5 checks pass.").await?;
    assert_eq!(app.state_in_tree("1.1").await?, "started");

    app.replace_code(&course_file("01-what-is-an-agent/solution/main.py"))
        .await?;
    app.tab("Output").await?;
    app.text("The code changed since this run").await?;
    app.run().await?;
    app.output_has("Dirt left: 0. Bumps: 0.").await?;

    app.check().await?;
    app.text("All 5 checks pass.").await?;
    app.find("treeitem", "1.1 What is an agent?, passed")
        .await?;

    let app = app.restart().await?;
    app.text("1 of 10 lessons passed").await?;
    app.click("button", "Continue").await?;
    app.lesson_is_open().await?;
    assert_eq!(app.state_in_tree("1.1").await?, "passed");
    app.code_has("Dirt comes first").await?;
    app.tab("History").await?;
    app.find("button", "Check 5 of 5").await?;
    app.find("button", "Run finished").await?;
    app.close().await
}

#[tokio::test]
async fn the_solution_opens_beside_ones_own_code_once_all_checks_pass() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.check().await?;
    app.text("of 5 checks pass.").await?;
    app.text("Opens once all checks pass").await?;

    let mine = format!(
        "{}\n# mine\n",
        course_file("01-what-is-an-agent/solution/main.py")
    );
    app.replace_code(&mine).await?;
    app.check().await?;
    app.text("All 5 checks pass.").await?;
    app.click("button", "Show the solution").await?;
    app.text("main.py: − is yours, + is the solution").await?;
    app.click("button", "Close the solution").await?;
    app.code_has("# mine").await?;
    app.close().await
}

#[tokio::test]
async fn an_older_version_comes_back_from_the_history() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.replace_code("print('first thought')\n").await?;
    app.run().await?;
    app.output_has("first thought").await?;
    app.replace_code("print('second thought')\n").await?;
    app.run().await?;
    app.output_has("second thought").await?;

    app.tab("History").await?;
    app.until(
        "two runs",
        "journey.names('button').filter((name) => name.startsWith('Run finished')).length === 2",
        &[],
    )
    .await?;
    // Newest first: the older one is the last.
    app.ask("[...document.querySelectorAll('button')].filter((b) => b.innerText.includes('finished')).at(-1).click()", &[]).await?;
    app.click("button", "Restore these files").await?;
    app.code_has("first thought").await?;

    app.click("button", "Undo").await?;
    app.code_has("second thought").await?;
    app.close().await
}

#[tokio::test]
async fn a_reset_can_be_undone() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.replace_code("print('mine')\n").await?;
    app.click("button", "More").await?;
    app.click("menuitem", "Reset to the starter").await?;
    app.code_has("A robot that sweeps a corridor").await?;
    app.text("The lesson is back at its starter. What you had is in History.")
        .await?;

    app.click("button", "Undo").await?;
    app.code_has("print('mine')").await?;
    let app = app.restart().await?;
    app.click("button", "Continue").await?;
    app.lesson_is_open().await?;
    app.code_has("print('mine')").await?;
    app.close().await
}

#[tokio::test]
async fn text_typed_just_before_the_window_closes_is_kept() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.replace_code("print('the last words')\n").await?;
    let app = app.restart().await?;
    app.click("button", "Continue").await?;
    app.lesson_is_open().await?;
    app.code_has("print('the last words')").await?;
    app.close().await
}
