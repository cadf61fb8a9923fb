//! Courses from hand to hand in the real window: a file that is opened and installed, a course that is
//! written, proven, seen live and packed, a book that is imported, and words that are found in all of
//! them.

use anyhow::{Context, Result, ensure};
use helloagents_e2e::{App, Place};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Calls the command line that was built with the app, as its own author.
pub(super) fn author(place: &Place, folder: &Path, arguments: &[&str]) -> Result<()> {
    let program = place.program.with_file_name("helloagents");
    let mut command = Command::new(&program);
    place.set(&mut command)?;
    command.env("XDG_DATA_HOME", folder.join("author-data"));
    let output = command
        .arg("course")
        .args(arguments)
        .current_dir(folder)
        .output();
    let output = output.with_context(|| program.display().to_string())?;
    ensure!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

/// A signed bundle of a fresh course.
fn bundle(place: &Place, folder: &Path) -> Result<PathBuf> {
    author(place, folder, &["new", "my-course"])?;
    author(place, folder, &["pack", "my-course", "-o", "my.hacourse"])?;
    author(place, folder, &["key", "author.key"])?;
    author(
        place,
        folder,
        &["sign", "my.hacourse", "--key", "author.key"],
    )?;
    Ok(folder.join("my.hacourse"))
}

#[tokio::test]
async fn a_file_with_a_course_is_opened_installed_and_learned() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let place = Place::new()?;
    let file = bundle(&place, folder.path())?;
    let place = place.opening(&file);
    let app = App::start(&place).await?;
    app.text("A signer who is new here").await?;
    app.text("Nothing but the app.").await?;
    assert_eq!(app.axe().await?, [] as [String; 0]);
    app.click("button", "Install").await?;
    app.gone("dialog", "").await?;
    app.click("button", "Start: To take an umbrella").await?;
    app.lesson_is_open().await?;
    app.check().await?;
    app.text("checks pass.").await?;

    // Its words are found from everywhere, in the middle of a word too.
    app.press("Control+k").await?;
    app.type_text("umbrel").await?;
    app.find("option", "To take an umbrella").await?;
    app.press("Escape").await?;
    app.close().await
}

#[tokio::test]
async fn an_author_proves_sees_and_packs_a_course() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let place = Place::new()?;
    author(&place, folder.path(), &["new", "my-course"])?;
    let dir = folder.path().join("my-course");
    let app = App::start(&place).await?;
    app.click("button", "Write a course").await?;
    app.click("textbox", "The course's folder").await?;
    app.type_text(&dir.display().to_string()).await?;
    app.press("Enter").await?;
    app.click("button", "Check the course").await?;
    app.text("Nothing is wrong; it can be handed out").await?;
    assert_eq!(app.axe().await?, [] as [String; 0]);

    app.click("tab", "Preview").await?;
    app.text("An agent looks").await?;
    let lesson = dir.join("01-decide/lesson.en.md");
    let text = fs::read_to_string(&lesson)?;
    let began = Instant::now();
    fs::write(
        &lesson,
        format!("{text}\nA sentence that was just saved.\n"),
    )?;
    app.text("A sentence that was just saved.").await?;
    // The bench has the number; here it is that nobody waits for it.
    assert!(began.elapsed() < Duration::from_secs(2));

    app.click("tab", "Hand out").await?;
    app.click("button", "Make a key").await?;
    app.text("Learners know you as").await?;
    app.click("button", "Pack and sign").await?;
    app.text("Packed and signed").await?;
    app.click("button", "Open it as a learner").await?;
    app.find("button", "Install").await?;
    app.click("button", "Leave it").await?;
    app.close().await
}

#[tokio::test]
async fn a_folder_given_at_the_start_is_previewed_as_it_is_saved() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let place = Place::new()?;
    author(
        &place,
        folder.path(),
        &["new", "我的 课程", "--id", "my-course"],
    )?;
    let dir = folder.path().join("我的 课程");
    let mut place = place.opening(&dir);
    place.arguments.extend(["--language".into(), "zh".into()]);
    let app = App::start(&place).await?;
    app.text("智能体做三件事").await?;
    let lesson = dir.join("01-decide/lesson.zh.md");
    let text = fs::read_to_string(&lesson)?;
    // As editors save that never leave half a file.
    fs::write(dir.join(".swap"), format!("{text}\n这一句刚刚存好。\n"))?;
    fs::rename(dir.join(".swap"), &lesson)?;
    app.text("这一句刚刚存好。").await?;
    app.text("智能体做三件事").await?;

    // A folder that goes away is said, and is shown again when it is back.
    fs::rename(&dir, folder.path().join("elsewhere"))?;
    app.text("there is no course.toml").await?;
    fs::rename(folder.path().join("elsewhere"), &dir)?;
    app.no_text("there is no course.toml").await?;
    app.text("这一句刚刚存好。").await?;
    assert_eq!(app.axe().await?, [] as [String; 0]);
    app.close().await
}

#[tokio::test]
async fn a_book_is_imported_and_read() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let book = folder.path().join("book");
    fs::create_dir_all(book.join("第一章"))?;
    fs::write(book.join("_sidebar.md"), "- [开始](第一章/开始.md)\n")?;
    fs::write(
        book.join("第一章/开始.md"),
        "# 开始\n\n萤火虫在夜里发光。\n\n![缺](images/none.png)\n\n```python\nprint('好')\n```\n",
    )?;
    let place = Place::new()?;
    let app = App::start(&place).await?;
    app.click("button", "Import…").await?;
    app.click("textbox", "From").await?;
    app.type_text(&book.display().to_string()).await?;
    app.press("Enter").await?;
    app.click("button", "Import").await?;
    app.text("Imported; some things want a look").await?;
    app.text("Run as they are: 1").await?;
    app.text("images/none.png").await?;
    app.click("button", "Look at it").await?;
    app.click("tab", "Preview").await?;
    app.text("萤火虫在夜里发光。").await?;

    app.click("tab", "Hand out").await?;
    app.click("button", "Pack without a signature").await?;
    app.click("button", "Open it as a learner").await?;
    app.text("Nobody signed this").await?;
    app.click("button", "Install").await?;
    app.gone("dialog", "").await?;
    app.press("Control+k").await?;
    app.type_text("萤").await?;
    app.until(
        "the passage",
        "journey.names('option').some((name) => name.includes('萤火虫') || name.includes(a[0]))",
        &[json!("发光")],
    )
    .await?;
    app.close().await
}

#[tokio::test]
async fn an_update_leaves_my_code_alone_until_i_decide() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let place = Place::new()?;
    let file = bundle(&place, folder.path())?;
    let place = place.opening(&file);
    let app = App::start(&place).await?;
    app.click("button", "Install").await?;
    app.gone("dialog", "").await?;
    app.click("button", "Start: To take an umbrella").await?;
    app.lesson_is_open().await?;
    app.replace_code("# mine\n").await?;
    app.run().await?;
    app.run_has_ended().await?;
    app.close().await?;

    let starter = folder.path().join("my-course/01-decide/starter/main.py");
    fs::write(&starter, "# the author's better starter\n")?;
    author(
        &place,
        folder.path(),
        &["pack", "my-course", "-o", "my.hacourse"],
    )?;
    author(
        &place,
        folder.path(),
        &["sign", "my.hacourse", "--key", "author.key"],
    )?;
    let app = App::start(&place).await?;
    app.text("Signed as before").await?;
    app.text("Files you changed are not replaced").await?;
    app.click("button", "Update").await?;
    app.gone("dialog", "").await?;
    app.click("button", "Continue").await?;
    app.lesson_is_open().await?;
    app.code_has("# mine").await?;
    app.text("The author changed the starter main.py").await?;
    app.click("button", "Compare").await?;
    app.click("button", "Take the author's").await?;
    app.code_has("the author's better starter").await?;
    app.no_text("The author changed the starter").await?;
    app.close().await
}
