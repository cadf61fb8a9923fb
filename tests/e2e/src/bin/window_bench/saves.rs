//! From a save in the author's own editor to the new text in the preview: a lesson of the usual
//! length, and the largest chapter of a book.

use crate::{BEGIN, now_ms, spread};
use anyhow::{Context, Result, ensure};
use helloagents_e2e::{App, Place};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const ROUNDS: usize = 30;
/// Between two saves, and what is added each time: an author saves at no beat, and neither may the
/// bench, or it would always meet the same moment between two looks.
const PAUSE: Duration = Duration::from_millis(400);
const STEP: Duration = Duration::from_millis(7);

/// Both, in milliseconds from just before the write to the frame with its text.
pub async fn measure(program: &Path, book: &Path) -> Result<Value> {
    let folder = tempfile::tempdir()?;
    let place = Place::of(program.to_owned())?;
    let own = folder.path().join("own");
    let mut new = Command::new(program.with_file_name("helloagents"));
    place.set(&mut new)?;
    let made = new
        .args(["course", "new", "--id", "own"])
        .arg(&own)
        .output();
    ensure!(made?.status.success(), "no course was made");
    let usual = own.join("01-decide/lesson.en.md");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = root.join("courses/build-ai-agents/06-react/lesson.en.md");
    fs::copy(&text, &usual).with_context(|| text.display().to_string())?;
    let (chapter, of_chapter) = largest(book)?;
    Ok(json!({
        "rounds": ROUNDS,
        "lesson": saved(program, &own, "decide", &usual).await?,
        "largest_chapter": saved(program, book, &chapter, &of_chapter).await?,
    }))
}

/// The last lesson of the book, which is the largest, and its English text.
fn largest(book: &Path) -> Result<(String, PathBuf)> {
    let manifest = fs::read_to_string(book.join("course.toml"))?;
    // What follows a key in its last line: a value in quotation marks.
    let last = |before: &str, key: &str| {
        let mut lines = manifest.lines().rev();
        let line = lines.find(|line| line.starts_with(before))?;
        let (_, value) = line.split_once(&format!("{key} = \""))?;
        Some(value.split_once('"')?.0)
    };
    let id = last("id", "id").context("the book has lessons")?;
    let text = last("text", "en").context("the book is in English too")?;
    Ok((id.to_owned(), book.join(text)))
}

async fn saved(program: &Path, dir: &Path, lesson: &str, file: &Path) -> Result<Value> {
    let mut place = Place::of(program.to_owned())?.opening(dir);
    let arguments = ["--lesson", lesson, "--language", "en"];
    place.arguments.extend(arguments.map(str::to_owned));
    let app = App::start(&place).await?;
    app.client.execute(BEGIN, vec![]).await?;
    let text = fs::read_to_string(file)?;
    let (title, rest) = text.split_once('\n').context("a lesson has a title")?;
    let mut times = Vec::new();
    // One more than asked for: the first fills caches.
    for round in 0..=ROUNDS {
        tokio::time::sleep(PAUSE + STEP * round as u32).await;
        let mark = format!("Saved {round} times.");
        app.ask("bench.expectText(a[0])", &[json!(mark)]).await?;
        let saved = now_ms()?;
        fs::write(file, format!("{title}\n\n{mark}\n{rest}"))?;
        let shown = app.until("the saved text", "bench.shown", &[]).await?;
        let shown = shown.as_f64().context("the page answers milliseconds")?;
        if round > 0 {
            times.push(shown - saved);
        }
    }
    fs::write(file, text)?;
    app.close().await?;
    Ok(json!({ "kilobytes": fs::metadata(file)?.len() / 1024, "ms": spread(times) }))
}
