//! Opening the largest chapter of a book, and the one before it, in turn.

use crate::{BEGIN, opened, spread};
use anyhow::{Context, Result};
use helloagents_e2e::{App, Place};
use serde_json::{Value, json};
use std::path::Path;

/// How often each of the two is opened.
const VISITS: usize = 15;

/// Milliseconds from the click to the frame with the heading and the first screen.
pub async fn measure(program: &Path, book: &Path) -> Result<Value> {
    let courses = book.parent().context("the book is in a folder")?;
    let place = Place::of(program.to_owned())?.with_courses(courses);
    let app = App::start(&place).await?;
    app.open_first_lesson().await?;
    app.client.execute(BEGIN, vec![]).await?;
    let names = app.ask("bench.lessons()", &[]).await?;
    let names: Vec<&Value> = names.as_array().into_iter().flatten().collect();
    // The first, which is open, is told last; chapters grow.
    let [.., other, largest, _] = names[..] else {
        anyhow::bail!("the book has too few chapters: {names:?}");
    };
    let (mut first, mut again) = (Vec::new(), Vec::new());
    for visit in 0..=VISITS {
        for name in [largest, other] {
            let ms = opened(&app, name).await?;
            match (visit, name == largest) {
                (0, true) => first.push(ms),
                (0, false) => {}
                _ => again.push(ms),
            }
        }
    }
    app.close().await?;
    Ok(json!({ "visits": VISITS * 2, "first": spread(first), "again": spread(again) }))
}
