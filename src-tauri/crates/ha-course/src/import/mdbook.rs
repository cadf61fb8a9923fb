//! An mdBook: `book.toml`, and `SUMMARY.md` in its source folder.

use super::outline::{Entry, Outline, Part, Place, entries, parts};
use super::pairs::{has_chinese, is_chinese};
use super::source::Source;
use super::{ImportError, ImportReport, titles};
use crate::folder::{Folder, is_plain_path};
use crate::model::Words;
use crate::toml_text::TomlText;
use std::path::{Path, PathBuf};

/// The list of the chapters.
const SUMMARY: &str = "SUMMARY.md";

/// A book's folder and that of its texts, and what its manifest says.
pub(super) struct Root {
    book: PathBuf,
    texts: PathBuf,
    title: String,
    authors: Vec<String>,
    /// `en` is what mdBook writes when nobody said anything, so only Chinese is believed.
    chinese: bool,
}

/// The book in a folder.
pub(super) fn root(from: &Path) -> Option<Root> {
    let manifest = Folder::open(from)
        .ok()?
        .text("book.toml")
        .unwrap_or_default();
    let mut toml = TomlText::new("book.toml", &manifest);
    let table = toml.parse();
    let book = toml.table(&table, "book");
    let mut said = |name: &str| book.and_then(|book| toml.string(book, name));
    let (src, title) = (said("src"), said("title").unwrap_or_default());
    let language = said("language").unwrap_or_default();
    let authors = book.and_then(|book| toml.strings(book, "authors"));
    let src = src
        .as_deref()
        .unwrap_or("src")
        .trim_start_matches("./")
        .trim_end_matches('/');
    // A book from somewhere may name any folder of the machine.
    let inside = is_plain_path(src).then(|| from.join(src));
    let mut folders = inside.into_iter().chain([from.to_path_buf()]);
    let texts = folders.find(|folder| folder.join(SUMMARY).is_file())?;
    Some(Root {
        book: from.into(),
        texts,
        title,
        authors: authors.unwrap_or_default(),
        chinese: language.to_ascii_lowercase().starts_with("zh"),
    })
}

/// Reads the summary.
pub(super) fn outline(root: &Root, report: &mut ImportReport) -> Result<Outline, ImportError> {
    let folder = Folder::open(&root.texts).map_err(|error| ImportError::io(&root.texts, error))?;
    let broken = |reason: Words| ImportError::Broken {
        file: SUMMARY.into(),
        reason,
    };
    let text = folder.text(SUMMARY);
    let text = text.map_err(|refusal| broken(refusal.problem(SUMMARY).reason))?;
    let listed = entries(&text, SUMMARY, &|file| folder.locate(file).is_ok());
    report.left_out.extend(listed.lost);
    let mut found = listed.entries;
    found = found.into_iter().flat_map(Entry::with_others).collect();
    // The heading over the list is its name and no part's.
    if found.first().is_some_and(|first| first.depth == 0) {
        found.remove(0);
    }
    let name = root.book.file_name();
    let name = name.map_or_else(|| "book".into(), |name| name.to_string_lossy().into_owned());
    let title = match root.title.as_str() {
        "" => name.clone(),
        title => title.to_string(),
    };
    let chapters = parts(&found, &title, true).into_iter();
    let chapters = chapters.map(|(part, lessons)| {
        let places = lessons.into_iter().map(|lesson| {
            let file = lesson.file.as_deref().unwrap_or_default();
            let chinese = root.chinese
                || is_chinese(&lesson.title)
                || folder.text(file).is_ok_and(|text| has_chinese(&text));
            Place {
                title: titles(Some(&lesson.title), None),
                zh: lesson.file.clone().filter(|_| chinese),
                en: lesson.file.filter(|_| !chinese),
            }
        });
        Part {
            title: titles(Some(&part), None),
            lessons: places.collect(),
        }
    });
    let chapters: Vec<Part> = chapters.collect();
    if chapters.is_empty() {
        return Err(broken(said!(
            "列出的文件一个都没有",
            "it lists no file that is there"
        )));
    }
    Ok(Outline {
        chapters,
        source: Source::open(&[&root.texts])?,
        title: titles(Some(&title), None),
        name,
        license: String::new(),
        authors: root.authors.clone(),
        beside: vec![SUMMARY.into()],
        fills_in: "{{#",
        _staged: None,
    })
}
