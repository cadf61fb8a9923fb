//! Programs that ask, that never end, that fail.

use anyhow::Result;
use helloagents_e2e::{App, Place};

/// A fresh app with this program in the first lesson, started.
async fn started<'a>(place: &'a Place, program: &str) -> Result<App<'a>> {
    let app = App::start(place).await?;
    app.open_first_lesson().await?;
    app.replace_code(program).await?;
    app.run().await?;
    Ok(app)
}

#[tokio::test]
async fn a_program_asks_and_is_answered() -> Result<()> {
    let place = Place::new()?;
    let app = started(
        &place,
        "name = input('Your name? ')\nprint('Hello,', name)\n",
    )
    .await?;
    app.find("textbox", "Your name?").await?;
    // The question has the focus: one just types.
    app.type_text("世界\n").await?;
    app.output_has("Hello, 世界").await?;
    app.run_has_ended().await?;
    app.close().await
}

#[tokio::test]
async fn the_end_of_the_input_reaches_the_program() -> Result<()> {
    let place = Place::new()?;
    let program = "try:\n    input('More? ')\nexcept EOFError:\n    print('no more')\n";
    let app = started(&place, program).await?;
    app.find("textbox", "More?").await?;
    app.press("Control+d").await?;
    app.output_has("no more").await?;
    app.close().await
}

#[tokio::test]
async fn an_endless_loop_is_stopped_by_escape() -> Result<()> {
    let place = Place::new()?;
    let program =
        "import time\nwhile True:\n    print('again', flush=True)\n    time.sleep(0.02)\n";
    let app = started(&place, program).await?;
    app.output_has("again").await?;
    // Once to leave the editor, once to stop.
    app.press("Escape").await?;
    app.press("Escape").await?;
    app.text("Stopped by you").await?;
    app.output_has("again").await?;

    app.replace_code("print('free again')\n").await?;
    app.run().await?;
    app.output_has("free again").await?;
    app.close().await
}

#[tokio::test]
async fn a_flood_of_output_is_stopped_and_the_window_stays_quick() -> Result<()> {
    let place = Place::new()?;
    let app = started(&place, "while True:\n    print('flood ' * 20)\n").await?;
    app.text("far too much output").await?;
    app.output_has("flood").await?;
    app.tab("Checks").await?;
    app.tab("Output").await?;
    app.replace_code("print('dry land')\n").await?;
    app.run().await?;
    app.output_has("dry land").await?;
    app.close().await
}

#[tokio::test]
async fn a_mistake_leads_to_its_line() -> Result<()> {
    let place = Place::new()?;
    let app = started(&place, "def f():\n    return 1 / 0\n\nf()\n").await?;
    app.output_has("ZeroDivisionError: division by zero")
        .await?;
    app.output_has("line 2, in f").await?;
    app.text("Ended with an error").await?;
    let output = app.output().await?;
    assert!(
        !output.contains("_sandbox"),
        "no frame of ours is shown:\n{output}"
    );

    app.click("button", "File \"main.py\", line 2").await?;
    let focused = "document.activeElement?.closest('.monaco-editor') != null";
    app.until("the editor to have the focus", focused, &[])
        .await?;
    app.close().await
}

#[tokio::test]
async fn several_files_work_together() -> Result<()> {
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.click("button", "New file").await?;
    app.find("textbox", "Name of the new file").await?;
    app.type_text("helper.py\n").await?;
    app.find("tab", "helper.py").await?;
    app.replace_code("def shout(text):\n    return text.upper()\n")
        .await?;
    app.tab("main.py").await?;
    app.replace_code("from helper import shout\nprint(shout('together'))\n")
        .await?;
    app.run().await?;
    app.output_has("TOGETHER").await?;
    app.close().await
}
