//! The learner's data cannot be read. The app says so, keeps the file, and goes on.

use anyhow::{Context, Result};
use helloagents_e2e::{App, Place};
use std::fs;
use std::path::Path;

const GARBAGE: &[u8] = b"This was a database once, before the disk failed.";

#[tokio::test]
async fn a_damaged_database_is_kept_and_one_can_start_fresh() -> Result<()> {
    let place = Place::new()?;
    fs::create_dir_all(place.data())?;
    fs::write(place.database(), GARBAGE)?;
    let app = App::start(&place).await?;
    app.text("Your learning data is damaged").await?;
    app.text("The file is kept as it is").await?;
    app.click("button", "Try again").await?;
    app.text("Your learning data is damaged").await?;
    assert_eq!(
        fs::read(place.database())?,
        GARBAGE,
        "trying again changes nothing"
    );

    app.click("button", "Start fresh").await?;
    app.find("dialog", "Start with empty data?").await?;
    app.ask("[...document.querySelectorAll('[role=alertdialog] button, [role=dialog] button')].find((b) => b.innerText.trim() === 'Start fresh').click()", &[]).await?;
    app.gone("dialog", "Start with empty data?").await?;
    app.text("Build your first agent").await?;
    app.open_first_lesson().await?;
    app.replace_code("print('a new start')\n").await?;
    let kept = files_with(&place.data(), GARBAGE)?;
    assert_eq!(kept, 1, "the damaged file lies beside the new one");

    let app = app.restart().await?;
    app.click("button", "Continue").await?;
    app.lesson_is_open().await?;
    app.code_has("a new start").await?;
    app.close().await
}

fn files_with(folder: &Path, content: &[u8]) -> Result<usize> {
    let mut found = 0;
    for entry in fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))? {
        let path = entry?.path();
        found += usize::from(path.is_file() && fs::read(&path)? == content);
    }
    Ok(found)
}
