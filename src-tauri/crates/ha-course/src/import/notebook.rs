//! Jupyter notebooks of a folder and of those in it: each becomes a lesson, each folder a chapter.
//!
//! The one format that cannot be copied as it is: no Git host and no reader of ours takes JSON for
//! a lesson. So each is written as Markdown into a hidden folder of the course first, and copied
//! from there like any other text. What a notebook becomes is [`super::notebook_text`]'s.

use super::notebook_text::{self, Written};
use super::outline::{Outline, Part, Place};
use super::pairs::{has_chinese, is_chinese};
use super::record::{FOLDER, write};
use super::source::Source;
use super::{ImportError, ImportReport, MAX_LESSONS, placed, sentence, titles};
use crate::folder::{Folder, Refusal, is_plain_path};
use crate::lesson::parent;
use crate::model::Words;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Largest notebook, in bytes: outputs hold images.
const MAX_NOTEBOOK: u64 = 64 * 1024 * 1024;
/// Deepest folder that is looked into.
const MAX_DEPTH: usize = 8;

/// The folder that notebooks are relative to, and their paths in it, sorted; nothing when there is
/// none.
pub(super) fn root(from: &Path) -> Option<(PathBuf, Vec<String>)> {
    if from.is_file() {
        let name = from.file_name()?.to_str()?.to_string();
        return is_notebook(&name).then(|| (from.with_file_name(""), vec![name]));
    }
    let below = |folder: PathBuf, depth| {
        let mut found = Vec::new();
        collect(&Folder::open(&folder).ok()?, "", depth, &mut found);
        (!found.is_empty()).then_some((folder, found))
    };
    // A folder's own come before those of its documentation, and both before all that is deeper.
    below(from.into(), 0)
        .and_then(|_| below(from.into(), MAX_DEPTH))
        .or_else(|| below(from.join("docs"), 0))
        .or_else(|| below(from.into(), MAX_DEPTH))
}

fn is_notebook(name: &str) -> bool {
    name.ends_with(".ipynb")
}

fn collect(folder: &Folder, path: &str, depth: usize, found: &mut Vec<String>) {
    let inner = |name: &str| match path {
        "" => name.to_string(),
        path => format!("{path}/{name}"),
    };
    let names = folder.names(path).unwrap_or_default();
    for (name, is_dir) in &names {
        if !is_dir && is_notebook(name) && found.len() < MAX_LESSONS {
            found.push(inner(name));
        }
    }
    for (name, _) in names.iter().filter(|(_, is_dir)| *is_dir && depth > 0) {
        // Whole libraries, with examples that are no lessons.
        if name != "node_modules" && name != "site-packages" {
            collect(folder, &inner(name), depth - 1, found);
        }
    }
}

/// The folder of the texts that notebooks became; it goes away with the value.
pub(super) struct Staged(PathBuf);

impl Drop for Staged {
    fn drop(&mut self) {
        // Best effort: what stays is hidden and is removed by the next import.
        fs::remove_dir_all(&self.0).ok();
        self.0.pop();
        fs::remove_dir(&self.0).ok();
    }
}

/// Writes each notebook as a text and lists them. One that cannot be read is left out, and said.
pub(super) fn outline(
    from: &Path,
    into: &Path,
    report: &mut ImportReport,
) -> Result<Outline, ImportError> {
    let unknown = || ImportError::Unknown(from.into());
    let (root, notebooks) = root(from).ok_or_else(unknown)?;
    let staged = Staged(into.join(FOLDER).join("notebooks"));
    fs::create_dir_all(&staged.0).map_err(|error| ImportError::io(&staged.0, error))?;
    let book = Folder::open(&root).map_err(|error| ImportError::io(&root, error))?;
    let name = from.file_stem().map_or_else(
        || "notebooks".into(),
        |name| name.to_string_lossy().into_owned(),
    );
    let mut chapters: BTreeMap<String, Part> = BTreeMap::new();
    for notebook in notebooks {
        let place = match read(&book, &notebook) {
            Ok(value) => text(&value, &notebook, &book, &staged.0, report)?,
            Err(refusal) => {
                report.left_out.push(sentence(&notebook, refusal));
                continue;
            }
        };
        let folder = parent(&notebook);
        let title = if folder.is_empty() { &name } else { folder };
        let part = chapters.entry(folder.into()).or_insert_with(|| Part {
            title: titles(Some(title), None),
            lessons: Vec::new(),
        });
        part.lessons.push(place);
    }
    if chapters.is_empty() {
        return Err(ImportError::Broken {
            file: name,
            reason: Words {
                zh: joined(report, |told| &told.zh, "；"),
                en: joined(report, |told| &told.en, "; "),
            },
        });
    }
    Ok(Outline {
        source: Source::open(&[&staged.0, &root])?,
        title: titles(Some(&name), None),
        chapters: chapters.into_values().collect(),
        name,
        license: String::new(),
        authors: Vec::new(),
        beside: Vec::new(),
        fills_in: "",
        _staged: Some(staged),
    })
}

fn read(book: &Folder, notebook: &str) -> Result<Value, Refusal> {
    let unfit = |reason: Words| Refusal::Unfit(None, reason);
    if !is_plain_path(&format!("{notebook}.md")) {
        return Err(unfit(said!(
            "某些系统不接受这个名字",
            "a name that some systems refuse"
        )));
    }
    let text = book.bytes_up_to(notebook, MAX_NOTEBOOK)?;
    let value: Value = serde_json::from_slice(&text).map_err(|error| {
        unfit(said!(
            "不是能读的 notebook：{error}",
            "is no notebook that can be read: {error}"
        ))
    })?;
    match value["nbformat"].as_u64() {
        Some(4) => Ok(value),
        _ => Err(unfit(said!(
            "只读 nbformat 4；请用新一点的 Jupyter 另存一份",
            "only nbformat 4 is read; save it with a newer Jupyter"
        ))),
    }
}

/// Why every notebook was left out, in one language.
fn joined(report: &ImportReport, told: impl Fn(&Words) -> &String, between: &str) -> String {
    let told: Vec<&str> = report
        .left_out
        .iter()
        .map(|words| told(words).as_str())
        .collect();
    told.join(between)
}

fn text(
    value: &Value,
    notebook: &str,
    book: &Folder,
    staged: &Path,
    report: &mut ImportReport,
) -> Result<Place, ImportError> {
    let path = notebook.strip_suffix(".ipynb").unwrap_or(notebook);
    let written = notebook_text::write(value, path, book, staged)?;
    let Written {
        text,
        heading,
        notes,
    } = written;
    let notes = notes.into_iter().map(|note| placed(notebook, None, &note));
    report.left_out.extend(notes);
    let file = format!("{path}.md");
    write(&staged.join(&file), text.as_bytes())?;
    let stem = path.rsplit('/').next().unwrap_or(path);
    let title = heading.unwrap_or_else(|| stem.to_string());
    let chinese = is_chinese(&title) || has_chinese(&text);
    Ok(Place {
        title: titles(Some(&title), None),
        zh: chinese.then(|| file.clone()),
        en: (!chinese).then_some(file),
    })
}
