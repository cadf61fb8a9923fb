//! A docsify folder: `_sidebar.md`, a second one for another language, and the texts they list.

use super::outline::{Entry, Outline, Part, Place, entries, parts};
use super::pairs::{self, is_chinese};
use super::source::Source;
use super::{ImportError, text_of, titles};
use crate::folder::Folder;
use crate::lesson::parent;
use std::path::{Path, PathBuf};

/// What docsify reads beside the texts.
const BESIDE: [&str; 6] = [
    ".nojekyll",
    "README.md",
    "_coverpage.md",
    "_navbar.md",
    "_sidebar.md",
    "index.html",
];

/// The folder that docsify serves.
pub(super) fn root(from: &Path) -> Option<PathBuf> {
    let folders = [from.to_path_buf(), from.join("docs")];
    folders
        .into_iter()
        .find(|folder| folder.join("_sidebar.md").is_file())
}

/// Reads the sidebars.
pub(super) fn outline(root: &Path) -> Result<Outline, ImportError> {
    let folder = Folder::open(root).map_err(|error| ImportError::io(root, error))?;
    let mut lists = Vec::new();
    let mut beside: Vec<String> = BESIDE.map(str::to_string).to_vec();
    for file in sidebars(&folder) {
        let text = text_of(&folder, &file)?;
        let found = entries(&text, parent(&file));
        let found: Vec<Entry> = found
            .into_iter()
            .filter(|entry| {
                entry
                    .file
                    .as_ref()
                    .is_none_or(|file| folder.locate(file).is_ok())
            })
            .collect();
        if found.iter().any(|entry| entry.file.is_some()) {
            lists.push(found);
        }
        beside.push(file);
    }
    let name = root_name(root);
    let title = title(&folder).unwrap_or_else(|| name.clone());
    let Some(first) = lists.first() else {
        return Err(ImportError::Broken {
            file: "_sidebar.md".into(),
            reason: "it lists no file that is there".into(),
        });
    };
    // A folder has many sidebars; the second language is the first list in another one.
    let chinese = is_chinese(&all_titles(first));
    let second = lists
        .iter()
        .skip(1)
        .find(|list| is_chinese(&all_titles(list)) != chinese);
    let other = match second {
        Some(second) => second
            .iter()
            .filter(|entry| entry.file.is_some())
            .cloned()
            .collect(),
        None => pairs::neighbours(&folder, first),
    };
    let chapters = parts(first, &title).into_iter().map(|(title, lessons)| {
        let twins: Vec<Option<Entry>> = lessons
            .iter()
            .map(|lesson| pairs::twin(lesson, first, &other))
            .collect();
        let twin_title = second.and_then(|second| part_title(second, &twins));
        let (zh, en) = match chinese {
            true => (Some(title.as_str()), twin_title.as_deref()),
            false => (twin_title.as_deref(), Some(title.as_str())),
        };
        Part {
            title: titles(zh, en),
            lessons: lessons
                .iter()
                .zip(&twins)
                .map(|(lesson, twin)| place(lesson, twin.as_ref(), chinese))
                .collect(),
        }
    });
    Ok(Outline {
        chapters: chapters.collect(),
        source: Source::open(&[root])?,
        authors: Vec::new(),
        _staged: None,
        title: titles(Some(&title), None),
        name,
        license: String::new(),
        beside,
    })
}

/// Sidebars in the folder and in the folders of languages, the main one first.
fn sidebars(folder: &Folder) -> Vec<String> {
    let mut found = vec!["_sidebar.md".to_string()];
    for (name, is_dir) in folder.names("").unwrap_or_default() {
        if is_dir {
            let inner = format!("{name}/_sidebar.md");
            found.extend(folder.locate(&inner).is_ok().then_some(inner));
        } else if name.starts_with("_sidebar") && name.ends_with(".md") && name != "_sidebar.md" {
            found.push(name);
        }
    }
    found
}

fn all_titles(entries: &[Entry]) -> String {
    entries.iter().map(|entry| entry.title.as_str()).collect()
}

/// The title under which the second list has the first of these lessons.
fn part_title(second: &[Entry], twins: &[Option<Entry>]) -> Option<String> {
    let wanted = twins.iter().flatten().next()?.file.clone();
    let found = parts(second, "");
    let part = found
        .into_iter()
        .find(|(_, lessons)| lessons.iter().any(|lesson| lesson.file == wanted));
    part.map(|(title, _)| title)
        .filter(|title| !title.is_empty())
}

fn place(lesson: &Entry, twin: Option<&Entry>, chinese: bool) -> Place {
    let (own, other) = (Some(lesson), twin);
    let (zh, en) = if chinese { (own, other) } else { (other, own) };
    let title = |entry: Option<&Entry>| entry.map(|entry| entry.title.clone());
    let file = |entry: Option<&Entry>| entry.and_then(|entry| entry.file.clone());
    Place {
        title: titles(title(zh).as_deref(), title(en).as_deref()),
        zh: file(zh),
        en: file(en),
    }
}

/// The name in docsify's settings, else the first heading of the front page.
fn title(folder: &Folder) -> Option<String> {
    let page = folder.text("index.html").unwrap_or_default();
    let named = page.split("name:").nth(1).and_then(|rest| {
        let rest = rest.trim_start();
        let quote = rest
            .chars()
            .next()
            .filter(|c| ['\'', '"', '`'].contains(c))?;
        Some(rest[1..].split(quote).next()?.trim().to_string())
    });
    let heading = || {
        let text = folder.text("README.md").ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix("# "))?;
        Some(line.trim().to_string())
    };
    named.filter(|name| !name.is_empty()).or_else(heading)
}

/// The book's folder; of `hello/docs` it is `hello`.
fn root_name(root: &Path) -> String {
    let is_docs = root.file_name().is_some_and(|name| name == "docs");
    let named = if is_docs { root.parent() } else { Some(root) };
    let name = named.and_then(Path::file_name);
    name.map_or_else(|| "book".into(), |name| name.to_string_lossy().into_owned())
}
