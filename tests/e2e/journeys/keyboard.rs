//! Everything by keys, the mouse unplugged.

use anyhow::Result;
use helloagents_e2e::{App, Place};

#[tokio::test]
async fn the_first_lesson_without_a_mouse() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.find("button", "Start").await?;
    // Start has the focus.
    app.press("Enter").await?;
    app.lesson_is_open().await?;

    app.press("Control+3").await?;
    let in_editor = "document.activeElement?.closest('.monaco-editor') != null";
    app.until("the editor to have the focus", in_editor, &[])
        .await?;
    app.press("Control+a").await?;
    app.type_text("print(6 * 7)\n").await?;
    app.press("Control+Enter").await?;
    app.output_has("42").await?;
    app.press("Control+Shift+Enter").await?;
    app.text("of 5 checks pass.").await?;

    app.press("Escape").await?;
    app.until(
        "the editor to be left",
        "document.activeElement?.closest('.monaco-editor') == null",
        &[],
    )
    .await?;
    app.press("n").await?;
    app.text("Tools: hands for a model").await?;
    app.shows_lesson("1.2").await?;
    app.press("p").await?;
    app.shows_lesson("1.1").await?;
    app.press("h").await?;
    app.text("Hint 1 of 3").await?;
    app.close().await
}

#[tokio::test]
async fn search_finds_in_both_languages_and_opens() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    for (words, lesson) in [("react", "3.1"), ("工具", "1.2")] {
        app.press("Control+k").await?;
        app.find("dialog", "Search").await?;
        app.type_text(words).await?;
        app.until(
            "a result",
            "document.querySelector('[role=option][aria-selected=true]') !== null",
            &[],
        )
        .await?;
        app.press("Enter").await?;
        app.gone("dialog", "Search").await?;
        let open =
            format!("document.querySelector('article h1')?.innerText.startsWith('{lesson}')");
        app.until(&format!("lesson {lesson}"), &open, &[]).await?;
    }
    app.close().await
}

#[tokio::test]
async fn panes_are_reached_and_left_by_keys() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.press("Control+1").await?;
    app.until(
        "the tree to have the focus",
        "document.activeElement?.getAttribute('role') === 'treeitem'",
        &[],
    )
    .await?;
    app.press("ArrowDown").await?;
    app.press("Enter").await?;
    app.shows_lesson("1.2").await?;
    app.press("Control+2").await?;
    app.until(
        "the lesson to have the focus",
        "document.activeElement?.closest('article') != null",
        &[],
    )
    .await?;
    app.press("F6").await?;
    app.until("the next pane to have the focus", "document.activeElement !== document.body && document.activeElement?.closest('article') == null", &[]).await?;
    app.close().await
}
