//! An agent that thinks and acts, offline, seen in the trace.

use crate::{courses, root};
use anyhow::{Result, ensure};
use helloagents_e2e::service::ended;
use helloagents_e2e::{App, Place, Service};
use serde_json::json;
use std::fs;

/// Two turns by the recorded replies of the fixture's lesson.
const AGENT: &str = r#"import llm
from llm import trace

prompt = "Is it raining in Oslo?"
for turn in range(3):
    with trace.step(f"turn {turn + 1}"):
        reply = llm.chat(prompt).text
        print(reply)
        if "Answer:" in reply:
            break
        prompt = "Observation: rain"
"#;

fn place() -> Result<Place> {
    Ok(Place::new()?.with_courses(root().join("tests/fixtures/agents")))
}

#[tokio::test]
async fn an_agent_is_watched_while_it_thinks_without_a_network() -> Result<()> {
    let place = place()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.find("button", "Model: Scripted model").await?;
    app.replace_code(AGENT).await?;
    app.run().await?;
    app.output_has("Answer: yes, take an umbrella").await?;
    app.run_has_ended().await?;

    app.tab("Trace").await?;
    app.find("table", "Steps of the agents").await?;
    app.text("Scripted · 2 of 50 calls").await?;
    app.click("button", "Step turn 1").await?;
    app.find("region", "Step: turn 1").await?;
    app.press("ArrowDown").await?;
    app.text("The reply as it came").await?;
    app.text("cassette, line").await?;
    app.text("weather[Oslo]").await?;
    ensure!(app.axe().await?.is_empty(), "{:?}", app.axe().await?);
    ensure!(app.errors().await?.is_empty());
    app.close().await
}

#[tokio::test]
async fn a_fault_on_purpose_breaks_the_next_run_and_no_other() -> Result<()> {
    let place = place()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.replace_code(AGENT).await?;
    app.tab("Trace").await?;
    app.click("button", "Break something").await?;
    app.click("button", "Arm for the next run").await?;
    app.find("button", "Next run: The call fails, call 1")
        .await?;
    app.run().await?;
    app.text("on purpose").await?;
    app.run_has_ended().await?;
    app.run().await?;
    app.output_has("Answer: yes").await?;
    app.close().await
}

/// The tool says what it always says; the model answers what it is told.
const TOOLED: &str = r#"import llm
from llm import trace

@trace.tool
def weather(city):
    return "rain"

prompt = "Is it raining in Oslo?"
print(llm.chat(prompt).text)
prompt = f"Observation: {weather('Oslo')}"
print(llm.chat(prompt).text)
"#;

#[tokio::test]
async fn a_run_forks_at_a_tool_and_lies_beside_the_run_before() -> Result<()> {
    let place = place()?;
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.replace_code(TOOLED).await?;
    app.run().await?;
    app.output_has("Answer: yes, take an umbrella").await?;
    app.run_has_ended().await?;

    app.tab("Trace").await?;
    app.click("button", "Tool weather").await?;
    app.click("button", "Fork here…").await?;
    app.find("textbox", "The observation").await?;
    app.press("Control+a").await?;
    app.type_text("sun").await?;
    app.press("Tab").await?;
    app.press("Enter").await?;
    app.text("the tool says what you wrote").await?;
    app.run_has_ended().await?;
    // Nothing was recorded for these words, and the learner is told which comes nearest.
    app.text("no recorded reply fits this request").await?;
    app.click("button", "Compare with the run before").await?;
    app.find("region", "Two runs side by side").await?;
    ensure!(app.axe().await?.is_empty(), "{:?}", app.axe().await?);
    ensure!(app.errors().await?.is_empty());
    app.close().await
}

#[tokio::test]
async fn an_author_records_a_lesson_with_the_live_model() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let place = Place::new()?;
    let service = Service::start(&place.program)?;
    courses::author(&place, folder.path(), &["new", "my-course"])?;
    let lesson = folder.path().join("my-course/01-decide");
    let solution = "import llm\nprint(llm.chat('Is it raining?').text)\n";
    fs::write(lesson.join("solution/main.py"), solution)?;
    let app = App::start(&place).await?;
    app.enter_service(&service).await?;
    app.press("Escape").await?;
    app.gone("dialog", "Settings").await?;

    app.click("button", "Model: Scripted model").await?;
    app.click("button", "Record replies for a course of your own…")
        .await?;
    app.click("textbox", "The course's folder").await?;
    let dir = folder.path().join("my-course").display().to_string();
    app.type_text(&dir).await?;
    app.press("Enter").await?;
    app.click("tab", "Record").await?;
    service.script(json!([ended(vec![
        json!("gate"),
        json!({ "words": "It rains." })
    ])]))?;
    app.click("button", "Record with the live model").await?;
    app.find("button", "Model: Recording").await?;
    service.release()?;
    app.text("Written into the cassette").await?;
    app.text("cassette.toml").await?;
    app.text("It rains.").await?;
    app.find("button", "Model: Scripted model").await?;
    let written = fs::read_to_string(lesson.join("cassette.toml"))?;
    ensure!(
        written.contains("Is it raining?") && written.contains("It rains."),
        "{written}"
    );
    // What is there is played: nobody is asked, nothing is paid, nothing is written.
    let asked = service.asked()?.len();
    app.click("button", "Record with the live model").await?;
    app.text("Nothing new").await?;
    ensure!(service.asked()?.len() == asked);
    ensure!(app.axe().await?.is_empty(), "{:?}", app.axe().await?);
    app.close().await
}
