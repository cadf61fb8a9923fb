//! The tutor, with a service that does as it should: entering a key, asking, hints, conversations.

use super::course_file;
use anyhow::{Result, ensure};
use helloagents_e2e::service::{ended, words};
use helloagents_e2e::tutor::{KEY, LOG};
use helloagents_e2e::{App, Place, Service, process};
use serde_json::json;
use std::fs;
use std::path::Path;

#[tokio::test]
async fn a_key_is_entered_and_tested_and_an_answer_is_watched() -> Result<()> {
    let place = Place::new()?;
    let service = Service::start(&place.program)?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.enter_service(&service).await?;
    app.click("button", "Does it work?").await?;
    app.text("It works: answered in").await?;
    app.text("Left on the account: ¥110.00").await?;
    app.press("Escape").await?;

    app.tab("Tutor").await?;
    service.script(json!([ended(vec![
        json!({ "thinking": "The starter goes forward always." }),
        json!({ "words": "Your loop *looks* before it decides.\n\n" }),
        json!("gate"),
        json!({ "words": "What does `observation` hold on a dirty tile?" }),
    ])]))?;
    app.ask_tutor("why does it not clean?").await?;
    app.tutor_says("Your loop looks before it decides.").await?;
    app.find("button", "Stop").await?;
    app.no_text("The starter goes forward always.").await?;
    let folded = format!("{LOG}.querySelector('details').open === false");
    app.until("the thinking to be folded", &folded, &[]).await?;
    service.release()?;
    app.tutor_says("What does observation hold").await?;
    app.tutor_is_done().await?;
    app.text("Help: the concept (2 of 6)").await?;
    app.text("1,280 tokens · ¥").await?;
    app.find("button", "This month").await?;
    app.click("button", "What the model thought").await?;
    app.text("The starter goes forward always.").await?;

    let asked = service.asked()?;
    ensure!(asked[0]["authorization"] == format!("Bearer {KEY}"));
    let sent = service.question(1)?;
    for piece in [
        "why does it not clean?",
        "def decide(observation)",
        "the concept",
    ] {
        ensure!(sent.contains(piece), "{piece} was not sent");
    }
    let page = app.read("document.documentElement.outerHTML", &[]).await?;
    ensure!(!page.contains(KEY), "the page has the key");

    let app = app.restart().await?;
    app.click("button", "Continue").await?;
    app.lesson_is_open().await?;
    app.tab("Tutor").await?;
    app.tutor_says("What does observation hold").await?;
    app.close().await?;
    for secret in [KEY.as_bytes(), b"def decide(observation)"] {
        ensure!(!is_in(&place.logs(), secret)?, "a log has what it must not");
    }
    ensure!(
        !is_in(&place.data(), KEY.as_bytes())?,
        "the key is on the disk"
    );
    Ok(())
}

/// Whether a file below a folder has these bytes.
fn is_in(folder: &Path, bytes: &[u8]) -> Result<bool> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let found = match path.is_dir() {
            true => is_in(&path, bytes)?,
            false => fs::read(&path)?
                .windows(bytes.len())
                .any(|part| part == bytes),
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A reply that asks for a tool.
fn asks_for(words: &str, tool: &str, arguments: &str) -> serde_json::Value {
    ended(vec![
        json!({ "words": words }),
        json!({ "tool": { "index": 0, "id": "c1", "name": tool, "arguments": arguments } }),
    ])
}

#[tokio::test]
async fn it_looks_in_the_lessons_and_leads_to_what_it_found() -> Result<()> {
    let place = Place::new()?;
    let service = Service::start(&place.program)?;
    let app = App::start(&place).await?;
    app.sit_with_tutor(&service).await?;
    service.script(json!([
        asks_for(
            "Let me look.",
            "search_lessons",
            r#"{"query":"reflection"}"#
        ),
        ended(vec![
            json!("gate"),
            json!({ "words": "It comes up *later* in this course." }),
        ]),
    ]))?;
    app.ask_tutor("what is reflection?").await?;
    app.tutor_says("Let me look.").await?;
    app.tutor_says("Looked in the lessons for “reflection” ·")
        .await?;
    ensure!(service.question(2)?.contains("<lesson-text>"));
    service.release()?;
    app.tutor_says("It comes up later in this course.").await?;
    app.tutor_is_done().await?;

    let line = format!("{LOG}.querySelector('details summary')");
    let told = app.read(&format!("{line}.innerText"), &[]).await?;

    let app = app.restart().await?;
    app.click("button", "Continue").await?;
    app.lesson_is_open().await?;
    app.tab("Tutor").await?;
    app.tutor_says("It comes up later in this course.").await?;
    let again = app.read(&format!("{line}.innerText"), &[]).await?;
    ensure!(again == told, "{again:?} is not {told:?}");
    // By keys alone: the line unfolds, and its first place opens.
    app.ask(&format!("{line}.focus()"), &[]).await?;
    app.press("Enter").await?;
    let first = format!("{LOG}.querySelector('details li button')");
    app.until("its places", &format!("{first}.checkVisibility()"), &[])
        .await?;
    let name = app.read(&format!("{first}.innerText"), &[]).await?;
    ensure!(name.contains("Reflection"), "{name}");
    app.press("Tab").await?;
    app.press("Enter").await?;
    app.shows_lesson("3.3").await?;
    app.close().await
}

#[tokio::test]
async fn a_key_in_the_environment_is_used_and_not_handed_on() -> Result<()> {
    let place = Place::new()?.with_variable("HELLOAGENTS_API_KEY", KEY);
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.run().await?;
    app.run_has_ended().await?;
    app.press("Control+,").await?;
    app.tab("AI").await?;
    app.text("Taken from HELLOAGENTS_API_KEY.").await?;
    let children = process::tree(app.process).into_iter().skip(1);
    let mut looked = 0;
    for child in children {
        let environment = fs::read(format!("/proc/{child}/environ")).unwrap_or_default();
        let has_it = environment
            .windows(KEY.len())
            .any(|part| part == KEY.as_bytes());
        ensure!(!has_it, "process {child} was handed the key");
        looked += usize::from(!environment.is_empty());
    }
    ensure!(looked > 0, "the web view is a process with an environment");
    app.press("Escape").await?;
    app.close().await
}

#[tokio::test]
async fn a_hint_follows_a_failed_check_and_rests_until_the_next() -> Result<()> {
    let place = Place::new()?;
    let service = Service::start(&place.program)?;
    // What a model may say against all it was told.
    service.script(json!([
        words(&["Write `if observation[\"wall_ahead\"]:` and then `return \"stop\"`."]),
        words(&["On a dirty tile, what should come back?"]),
    ]))?;
    let app = App::start(&place).await?;
    app.sit_with_tutor(&service).await?;
    app.focus_editor().await?;
    app.check().await?;
    app.text("of 5 checks pass.").await?;
    app.click("button", "Hint").await?;
    app.tutor_says("On a dirty tile, what should come back?")
        .await?;
    app.text("Help: a nudge (1 of 6)").await?;
    app.no_text("and then return").await?;
    ensure!(
        service.question(2)?.contains("was not shown"),
        "it was not told why"
    );
    let rests = "journey.find('button', 'Hint').disabled";
    app.until("the hint to rest", rests, &[]).await?;

    app.focus_editor().await?;
    app.check().await?;
    app.until("the hint to be there again", &format!("!{rests}"), &[])
        .await?;
    app.close().await
}

#[tokio::test]
async fn an_error_is_explained_and_asked_about() -> Result<()> {
    let place = Place::new()?;
    let service = Service::start(&place.program)?;
    service.script(json!([
        words(&["Line 2 uses a name that nothing gave a value to."]),
        words(&["This line prints. Look up: name."]),
    ]))?;
    let app = App::start(&place).await?;
    app.sit_with_tutor(&service).await?;
    app.replace_code("count = 1\nprint(cuont)\n").await?;
    app.run().await?;
    app.output_has("NameError").await?;
    app.click("button", "Explain this error").await?;
    app.find("region", "The error in plain words").await?;
    ensure!(service.asked()?.is_empty(), "the explanation asks nobody");

    app.click("button", "Ask the tutor").await?;
    app.tutor_says("nothing gave a value to").await?;
    app.text("Help: where to look (3 of 6)").await?;
    let sent = service.question(1)?;
    ensure!(
        sent.contains("cuont") && sent.contains("NameError"),
        "{sent}"
    );

    app.focus_editor().await?;
    app.press("Control+Alt+h").await?;
    app.tutor_says("Look up: name.").await?;
    ensure!(
        service.question(2)?.contains("main.py, line"),
        "the cursor goes along"
    );
    app.close().await
}

#[tokio::test]
async fn what_goes_along_can_be_taken_out_and_code_can_be_taken_in() -> Result<()> {
    let place = Place::new()?;
    let service = Service::start(&place.program)?;
    service.script(json!([words(&[
        "For instance:\n\n```python\ndef decide(observation):\n    return \"all is well\"\n```\n",
    ])]))?;
    let app = App::start(&place).await?;
    app.sit_with_tutor(&service).await?;
    app.click("button", "Code goes along").await?;
    app.find("button", "Code is left out").await?;
    app.ask_tutor("show me an example").await?;
    app.tutor_is_done().await?;
    ensure!(
        !service.question(1)?.contains("def decide"),
        "the code went along"
    );

    app.click("button", "Compare with mine").await?;
    app.find("region", "Suggested code").await?;
    app.click("button", "Leave mine").await?;
    app.click("button", "Insert").await?;
    app.code_has("return \"all is well\"").await?;
    app.focus_editor().await?;
    app.press("Control+z").await?;
    app.code_has("choose one action for what the robot sees")
        .await?;
    app.close().await
}

#[tokio::test]
async fn answers_and_questions_have_versions_and_are_found_from_every_lesson() -> Result<()> {
    let place = Place::new()?;
    let service = Service::start(&place.program)?;
    service.script(json!([
        words(&["The first answer."]),
        words(&["The second answer."]),
        words(&["An answer about umbrellas."]),
    ]))?;
    let app = App::start(&place).await?;
    app.sit_with_tutor(&service).await?;
    app.ask_tutor("first question").await?;
    app.tutor_says("The first answer.").await?;
    app.tutor_is_done().await?;
    app.click("button", "Answer again").await?;
    app.tutor_says("The second answer.").await?;
    app.tutor_is_done().await?;
    app.tutor_says("2 / 2").await?;
    app.click("button", "Previous version").await?;
    app.tutor_says("The first answer.").await?;

    app.click("button", "Change the question").await?;
    app.press("Control+a").await?;
    app.type_text("what about umbrellas?").await?;
    app.press("Tab").await?;
    app.press("Enter").await?;
    app.tutor_says("An answer about umbrellas.").await?;
    app.tutor_is_done().await?;

    app.click("button", "This conversation").await?;
    app.click("menuitem", "Save as Markdown").await?;
    app.text("Saved: ").await?;
    let saved = fs::read_dir(place.downloads())?
        .flatten()
        .find(|file| file.file_name().to_string_lossy().ends_with(".md"));
    let saved = fs::read_to_string(saved.expect("it said so").path())?;
    ensure!(
        saved.contains("## Tutor\n\nAn answer about umbrellas."),
        "{saved}"
    );

    app.click("treeitem", "1.2").await?;
    app.shows_lesson("1.2").await?;
    app.tab("Tutor").await?;
    app.text("What are you wondering about?").await?;
    app.click("button", "Conversations").await?;
    app.click("textbox", "Search in all conversations").await?;
    app.type_text("second").await?;
    app.click("button", "first question The second answer.")
        .await?;
    app.tutor_says("The second answer.").await?;
    app.until(
        "its lesson to be open",
        "document.querySelector('header [aria-current=page]').innerText.startsWith('1.1')",
        &[],
    )
    .await?;
    app.close().await
}

#[tokio::test]
async fn the_tutor_without_a_mouse_and_for_everybody() -> Result<()> {
    let place = Place::new()?;
    let service = Service::start(&place.program)?;
    service.otherwise(&ended(vec![
        json!({ "thinking": "hm" }),
        json!({ "words": "See [your task](#your-task).\n\n```python\nprint(1)\n```\n\n| a | b |\n|---|---|\n| 1 | $x^2$ |\n" }),
    ]))?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.enter_service(&service).await?;
    assert_eq!(app.axe().await?, Vec::<String>::new(), "the settings");
    app.press("Escape").await?;
    app.gone("dialog", "Settings").await?;

    app.press("Control+2").await?;
    app.until(
        "the lesson to have the focus",
        "document.activeElement?.closest('article') != null",
        &[],
    )
    .await?;
    // Back to the tabs, and along them.
    tab_to(
        &app,
        "Shift+Tab",
        "document.activeElement?.getAttribute('role') === 'tab'",
    )
    .await?;
    app.press("End").await?;
    app.text("What are you wondering about?").await?;
    let on_question = "document.activeElement?.getAttribute('aria-label') === 'Your question'";
    tab_to(&app, "Tab", on_question).await?;
    app.type_text("where do I begin?").await?;
    app.press("Enter").await?;
    app.tutor_is_done().await?;
    app.until("the question to have the focus", on_question, &[])
        .await?;
    assert_eq!(app.axe().await?, Vec::<String>::new(), "an answer, light");
    app.click("button", "Dark colours").await?;
    app.until(
        "the dark look",
        "document.documentElement.dataset.theme === 'dark' && document.getAnimations().every((one) => one.playState !== 'running')",
        &[],
    )
    .await?;
    assert_eq!(app.axe().await?, Vec::<String>::new(), "an answer, dark");
    app.click("link", "your task").await?;
    app.until(
        "the heading in the lesson",
        "journey.find('tab', 'Lesson').getAttribute('aria-selected') === 'true'",
        &[],
    )
    .await?;
    app.close().await
}

/// Presses a key until the focus is where it should be.
async fn tab_to(app: &App<'_>, key: &str, is_there: &str) -> Result<()> {
    for _ in 0..30 {
        if app.ask(is_there, &[]).await? == json!(true) {
            return Ok(());
        }
        app.press(key).await?;
    }
    anyhow::bail!("{key} never comes to where {is_there}")
}

#[tokio::test]
async fn who_solved_it_may_see_everything() -> Result<()> {
    let place = Place::new()?;
    let service = Service::start(&place.program)?;
    let solution = course_file("01-what-is-an-agent/solution/main.py");
    service.script(json!([words(&[
        "Well done. Mine is `if observation[\"dirty\"]:` too.",
    ])]))?;
    let app = App::start(&place).await?;
    app.sit_with_tutor(&service).await?;
    app.replace_code(&solution).await?;
    app.check().await?;
    app.text("All 5 checks pass.").await?;
    app.ask_tutor("what would you have written?").await?;
    app.tutor_says("Mine is if observation").await?;
    app.text("Help: everything (6 of 6)").await?;
    app.close().await
}
