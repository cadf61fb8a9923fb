//! Looking inside a program: what it held at its end, where it failed, and its steps.

use anyhow::Result;
use helloagents_e2e::{App, Place};
use serde_json::json;

const LOOP: &str = "total = 0\nfor i in [1, 2, 3]:\n    total = total + i\nprint('sum', total)\n";

#[tokio::test]
async fn a_loop_is_gone_through_step_by_step() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.replace_code(LOOP).await?;
    app.press("Control+Alt+Enter").await?;
    app.find("slider", "Step").await?;
    // The slider has the focus: the keys of any slider go through the program.
    holds(&app, "no variables").await?;
    app.press("ArrowRight").await?;
    holds(&app, "total 0 new").await?;
    app.press("ArrowRight").await?;
    app.press("ArrowRight").await?;
    holds(&app, "total 1 was 0 i 1").await?;
    let next = "document.querySelector('.monaco-editor .step-next') !== null";
    app.until("the next line to be marked", next, &[]).await?;
    app.no_text("sum 6").await?;

    app.press("End").await?;
    app.text("The program has come to its end").await?;
    holds(&app, "total 6 i 3").await?;
    app.text("sum 6").await?;
    assert_eq!(app.axe().await?, Vec::<String>::new());

    app.tab("Variables").await?;
    app.find("table", "Name Type Value total int 6 i int 3")
        .await?;
    app.close().await
}

#[tokio::test]
async fn the_expression_that_failed_is_underlined() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.replace_code("price = 3\nprint(price + price / 0)\n")
        .await?;
    app.run().await?;
    app.text("Ended with an error").await?;
    // `price / 0` is 9 of the line's 24 letters; the code font gives each the same width.
    let share = "(() => { \
        const mark = document.querySelector('.monaco-editor .squiggly-error'); \
        const lines = [...document.querySelectorAll('.monaco-editor .view-line > span')]; \
        const line = lines.find((one) => one.textContent.startsWith('print')); \
        return mark && line && Math.round(24 * mark.getBoundingClientRect().width \
            / line.getBoundingClientRect().width); })()";
    app.until(
        "the expression to be underlined",
        &format!("{share} === a[0]"),
        &[json!(9)],
    )
    .await?;
    app.close().await
}

#[tokio::test]
async fn a_block_of_the_lesson_runs_where_it_stands() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.click("treeitem", "3.1").await?;
    let focused = "(document.querySelector('pre[data-run]')?.focus(), \
        document.activeElement.matches('pre[data-run]'))";
    app.until("the first block that runs", focused, &[]).await?;
    app.press("Shift+Enter").await?;
    let output = "journey.textIn('region', 'Output of this block').includes(a[0])";
    app.until(
        "the block's output",
        output,
        &[json!("Action: lookup[Baikal]")],
    )
    .await?;
    // The focus is on the next block already.
    app.press("Shift+Enter").await?;
    app.text("lookup and Baikal").await?;
    assert_eq!(app.axe().await?, Vec::<String>::new());

    app.tab("History").await?;
    app.text("No history yet").await?;
    app.close().await
}

/// Waits until the call that goes on now holds this: names, values and what changed, as one reads it.
async fn holds(app: &App<'_>, text: &str) -> Result<()> {
    let what = format!("the variables {text:?}");
    let held = "document.querySelector('[aria-current=step]')?.innerText \
        .replace(/\\s+/g, ' ').trim().endsWith(a[0])";
    app.until(&what, held, &[json!(text)]).await?;
    Ok(())
}
