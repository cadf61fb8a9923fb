//! An mdBook: `book.toml`, and `SUMMARY.md` in its source folder.

use super::outline::{Outline, Part, Place, entries, parts};
use super::pairs::{has_chinese, is_chinese};
use super::source::Source;
use super::{ImportError, text_of, titles};
use crate::folder::{Folder, is_plain_path};
use crate::toml_text::TomlText;
use std::path::{Path, PathBuf};

/// A book's folder and that of its texts.
pub(super) struct Root {
    book: PathBuf,
    texts: PathBuf,
    title: String,
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
    let src = src
        .as_deref()
        .unwrap_or("src")
        .trim_start_matches("./")
        .trim_end_matches('/');
    // A book from somewhere may name any folder of the machine.
    let inside = is_plain_path(src).then(|| from.join(src));
    let mut folders = inside.into_iter().chain([from.to_path_buf()]);
    let texts = folders.find(|folder| folder.join("SUMMARY.md").is_file())?;
    Some(Root {
        book: from.into(),
        texts,
        title,
    })
}

/// Reads the summary.
pub(super) fn outline(root: &Root) -> Result<Outline, ImportError> {
    let folder = Folder::open(&root.texts).map_err(|error| ImportError::io(&root.texts, error))?;
    let text = text_of(&folder, "SUMMARY.md")?;
    let mut found = entries(&text, "");
    found.retain(|entry| {
        entry
            .file
            .as_ref()
            .is_none_or(|file| folder.locate(file).is_ok())
    });
    let name = root.book.file_name();
    let name = name.map_or_else(|| "book".into(), |name| name.to_string_lossy().into_owned());
    let title = match root.title.as_str() {
        "" => name.clone(),
        title => title.to_string(),
    };
    let chapters = parts(&found, &title).into_iter().map(|(part, lessons)| {
        // The heading over the list is its name and no chapter's.
        let part = if part == "Summary" {
            title.clone()
        } else {
            part
        };
        let places = lessons.into_iter().map(|lesson| {
            let file = lesson.file.as_deref().unwrap_or_default();
            let chinese =
                is_chinese(&lesson.title) || folder.text(file).is_ok_and(|text| has_chinese(&text));
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
        return Err(ImportError::Broken {
            file: "SUMMARY.md".into(),
            reason: "it lists no file that is there".into(),
        });
    }
    Ok(Outline {
        chapters,
        source: Source::open(&[&root.texts])?,
        authors: Vec::new(),
        _staged: None,
        title: titles(Some(&title), None),
        name,
        license: String::new(),
        beside: vec!["SUMMARY.md".into()],
    })
}
