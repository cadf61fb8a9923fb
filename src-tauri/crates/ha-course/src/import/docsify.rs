//! A docsify folder: `_sidebar.md`, those of folders below it and of another language, and the texts
//! they list.

use super::outline::{Entry, Outline, Part, Place, entries, names_language, parts};
use super::pairs::{self, has_chinese, is_chinese};
use super::source::Source;
use super::{ImportError, ImportReport, sentence, titles};
use crate::folder::Folder;
use crate::lesson::parent;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The main list.
const SIDEBAR: &str = "_sidebar.md";
/// What docsify reads beside the texts.
const BESIDE: [&str; 5] = [
    ".nojekyll",
    "README.md",
    "_coverpage.md",
    "_navbar.md",
    "index.html",
];
/// Deepest folder in which a sidebar is looked for, and most sidebars.
const MAX_DEPTH: usize = 6;
const MAX_SIDEBARS: usize = 200;
/// Texts of a list that are read to learn its language.
const READ: usize = 5;

/// The folder that docsify serves.
pub(super) fn root(from: &Path) -> Option<PathBuf> {
    let folders = [from.to_path_buf(), from.join("docs")];
    folders
        .into_iter()
        .find(|folder| folder.join(SIDEBAR).is_file())
}

/// One sidebar.
struct List {
    file: String,
    entries: Vec<Entry>,
    chinese: bool,
}

/// Reads the sidebars.
pub(super) fn outline(root: &Path, report: &mut ImportReport) -> Result<Outline, ImportError> {
    let folder = Folder::open(root).map_err(|error| ImportError::io(root, error))?;
    let mut files = vec![SIDEBAR.to_string()];
    sidebars(&folder, "", 0, &mut files);
    let mut lists = Vec::new();
    for file in &files {
        lists.extend(read(&folder, file, report)?);
    }
    let mut lists = lists.into_iter();
    let Some(mut main) = lists.next().filter(|list| list.file == SIDEBAR) else {
        return Err(ImportError::Broken {
            file: SIDEBAR.into(),
            reason: said!("列出的文件一个都没有", "it lists no file that is there"),
        });
    };
    let mut other: Vec<Entry> = Vec::new();
    for list in lists {
        if list.chinese == main.chinese {
            nest(&mut main.entries, list);
        } else {
            other.extend(list.entries);
        }
    }
    let name = root_name(root);
    let title = title(&folder).unwrap_or_else(|| name.clone());
    Ok(Outline {
        chapters: chapters(&folder, main, other, &title),
        source: Source::open(&[root])?,
        title: titles(Some(&title), None),
        name,
        license: String::new(),
        authors: Vec::new(),
        beside: BESIDE
            .map(str::to_string)
            .into_iter()
            .chain(files)
            .collect(),
        fills_in: ":include",
        _staged: None,
    })
}

/// Sidebars of other languages beside the main one, and those of folders, which docsify shows in
/// its place there.
fn sidebars(folder: &Folder, path: &str, depth: usize, found: &mut Vec<String>) {
    for (name, is_dir) in folder.names(path).unwrap_or_default() {
        let inner = match path {
            "" => name.clone(),
            path => format!("{path}/{name}"),
        };
        if found.len() == MAX_SIDEBARS || name == "node_modules" {
            continue;
        }
        if is_dir && depth < MAX_DEPTH {
            sidebars(folder, &inner, depth + 1, found);
        } else if !is_dir && name.starts_with("_sidebar") && name.ends_with(".md") {
            found.extend((inner != SIDEBAR).then_some(inner));
        }
    }
}

/// Reads one sidebar; nothing when it lists no text, or texts in a third language.
fn read(
    folder: &Folder,
    file: &str,
    report: &mut ImportReport,
) -> Result<Option<List>, ImportError> {
    let text = match folder.text(file) {
        Ok(text) => text,
        Err(refusal) => {
            report.left_out.push(sentence(file, refusal));
            return Ok(None);
        }
    };
    let is_there = |path: &str| folder.locate(path).is_ok();
    let said = pairs::language_of_path(file);
    if said.is_some_and(|code| !code.starts_with("zh") && !code.starts_with("en")) {
        report.left_out.push(said!(
            "{file}: 课程没有这种语言，不导入",
            "{file}: in a language that lessons cannot have, so it is left out"
        ));
        return Ok(None);
    }
    let listed = entries(&text, file, &is_there);
    report.left_out.extend(listed.lost);
    let entries = listed.entries;
    if !entries.iter().any(|entry| entry.file.is_some()) {
        return Ok(None);
    }
    let chinese = match said {
        Some(code) => code.starts_with("zh"),
        None => speaks_chinese(folder, &entries),
    };
    Ok(Some(List {
        file: file.into(),
        entries,
        chinese,
    }))
}

/// Whether a list is rather Chinese: by its titles, else by most of its first texts.
fn speaks_chinese(folder: &Folder, entries: &[Entry]) -> bool {
    let titles: String = entries.iter().map(|entry| entry.title.as_str()).collect();
    let files = entries.iter().filter_map(|entry| entry.file.as_deref());
    let texts: Vec<bool> = files
        .take(READ)
        .filter_map(|file| folder.text(file).ok())
        .map(|text| has_chinese(&text))
        .collect();
    let chinese = texts.iter().filter(|chinese| **chinese).count();
    is_chinese(&titles) || 2 * chinese > texts.len()
}

/// Puts what the sidebar of a folder lists behind what the main one lists of that folder, one level
/// deeper; else at the end, under the folder's name.
fn nest(main: &mut Vec<Entry>, list: List) {
    let folder = parent(&list.file).to_string();
    let is_listed = |file: &String| {
        let has = |entry: &&Entry| entry.file.as_ref() == Some(file);
        main.iter().any(|entry| has(&entry))
    };
    let new = list.entries.into_iter().filter_map(|entry| {
        let file = entry.file.filter(|file| !is_listed(file))?;
        Some(Entry {
            depth: 2,
            title: entry.title,
            file: Some(file),
            also: entry.also,
            loose: false,
        })
    });
    let new: Vec<Entry> = new.collect();
    if new.is_empty() {
        return;
    }
    let is_in = |entry: &Entry| {
        let file = entry.file.as_deref().unwrap_or_default();
        !folder.is_empty() && file.starts_with(&format!("{folder}/"))
    };
    let at = match main.iter().rposition(is_in) {
        Some(last) => last + 1,
        None => {
            let title = folder.rsplit('/').next().filter(|name| !name.is_empty());
            main.push(Entry {
                depth: 1,
                title: title.unwrap_or(&list.file).into(),
                ..Entry::default()
            });
            main.len()
        }
    };
    main.splice(at..at, new);
}

/// The chapters of the main list, with each lesson's translation, and lessons of what has none.
fn chapters(folder: &Folder, main: List, other: Vec<Entry>, title: &str) -> Vec<Part> {
    let chinese = main.chinese;
    let (first, mut twins) = beside(folder, main.entries, chinese);
    let is_free = |entry: &Entry, twins: &BTreeMap<String, Entry>| {
        let is_it = |twin: &Entry| twin.file == entry.file;
        entry.file.is_some() && !twins.values().any(is_it)
    };
    let is_listed = !other.is_empty();
    let texts: Vec<Entry> = match is_listed {
        true => other
            .iter()
            .filter(|entry| is_free(entry, &twins))
            .cloned()
            .collect(),
        false => pairs::neighbours(folder, &first),
    };
    let lone: Vec<Entry> = first
        .iter()
        .filter(|entry| {
            entry
                .file
                .as_ref()
                .is_some_and(|file| !twins.contains_key(file))
        })
        .cloned()
        .collect();
    for (lesson, twin) in pairs::paired(&lone, &texts) {
        twins.extend(lesson.file.map(|file| (file, twin)));
    }
    for lesson in &lone {
        // A translation that the other list forgot.
        let Some(file) = lesson
            .file
            .as_ref()
            .filter(|file| !twins.contains_key(*file))
        else {
            continue;
        };
        let twin = pairs::named(folder, lesson);
        let is_new = |twin: &Entry| other.iter().all(|entry| entry.file != twin.file);
        twins.extend(twin.filter(is_new).map(|twin| (file.clone(), twin)));
    }
    let dominate = first.iter().filter(|entry| entry.depth == 0).count() > 1;
    let chapters = parts(&first, title, dominate).into_iter();
    let mut chapters: Vec<Part> = chapters
        .map(|(title, lessons)| {
            let twin = |lesson: &Entry| lesson.file.as_ref().and_then(|file| twins.get(file));
            let twin_title = part_title(&other, lessons.iter().find_map(twin));
            let places = lessons
                .iter()
                .map(|lesson| place(lesson, twin(lesson), chinese));
            Part {
                title: in_languages(&title, twin_title.as_deref(), chinese),
                lessons: places.collect(),
            }
        })
        .collect();
    if is_listed {
        strays(&mut chapters, &other, &twins, chinese, title);
    }
    chapters
}

/// Lines that link to a text and its translation, as one lesson; other second links are lessons of
/// their own.
fn beside(
    folder: &Folder,
    entries: Vec<Entry>,
    chinese: bool,
) -> (Vec<Entry>, BTreeMap<String, Entry>) {
    let mut first = Vec::new();
    let mut twins = BTreeMap::new();
    for entry in entries {
        let mut all = entry.with_others();
        all.iter_mut().for_each(|entry| rename(folder, entry));
        if all.len() > 1 {
            let is_own = |entry: &Entry| is_chinese_text(folder, entry) == chinese;
            let (own, others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_own);
            if let ([lesson, ..], [twin, ..]) = (&own[..], &others[..]) {
                twins.extend(lesson.file.clone().map(|file| (file, twin.clone())));
                first.extend(own);
                first.extend(others.into_iter().skip(1));
                continue;
            }
            all = own.into_iter().chain(others).collect();
        }
        first.extend(all);
    }
    (first, twins)
}

/// A text that is only called by its language has the title that it has itself.
fn rename(folder: &Folder, entry: &mut Entry) {
    let file = entry
        .file
        .as_deref()
        .filter(|_| names_language(&entry.title));
    if let Some(heading) = file.and_then(|file| pairs::heading(folder, file)) {
        entry.title = heading;
    }
}

fn is_chinese_text(folder: &Folder, entry: &Entry) -> bool {
    let file = entry.file.as_deref().unwrap_or_default();
    match pairs::language_of_path(file) {
        Some(code) => code.starts_with("zh"),
        None => folder.text(file).is_ok_and(|text| has_chinese(&text)) || is_chinese(&entry.title),
    }
}

/// Puts texts of the other language that are nobody's translation behind the lesson that they are
/// listed behind, else before the one that follows them, else in a chapter of their own.
fn strays(
    chapters: &mut Vec<Part>,
    other: &[Entry],
    twins: &BTreeMap<String, Entry>,
    chinese: bool,
    title: &str,
) {
    let mut alone = Vec::new();
    let mut last = None;
    for (at, entry) in other.iter().enumerate() {
        let Some(file) = &entry.file else {
            continue;
        };
        if !twins.values().any(|twin| twin.file.as_ref() == Some(file)) {
            let stray = place(entry, None, !chinese);
            let mut next = other[at + 1..].iter().filter_map(|next| next.file.as_ref());
            let behind = last
                .and_then(|last| at_file(chapters, last))
                .map(|(c, l)| (c, l + 1));
            match behind.or_else(|| next.find_map(|next| at_file(chapters, next))) {
                Some((c, l)) => chapters[c].lessons.insert(l, stray),
                None => alone.push(stray),
            }
        }
        last = Some(file);
    }
    if !alone.is_empty() {
        chapters.push(Part {
            title: titles(Some(title), None),
            lessons: alone,
        });
    }
}

fn at_file(chapters: &[Part], file: &str) -> Option<(usize, usize)> {
    chapters.iter().enumerate().find_map(|(c, part)| {
        let is_it = |place: &Place| super::files(place).any(|(_, own)| own == file);
        Some((c, part.lessons.iter().position(is_it)?))
    })
}

/// The title under which the other list has a lesson.
fn part_title(other: &[Entry], twin: Option<&Entry>) -> Option<String> {
    let wanted = &twin?.file;
    let found = parts(other, "", false);
    let part = found
        .into_iter()
        .find(|(_, lessons)| lessons.iter().any(|lesson| lesson.file == *wanted));
    part.map(|(title, _)| title)
        .filter(|title| !title.is_empty())
}

fn in_languages(own: &str, other: Option<&str>, chinese: bool) -> crate::model::Words {
    match chinese {
        true => titles(Some(own), other),
        false => titles(other, Some(own)),
    }
}

fn place(lesson: &Entry, twin: Option<&Entry>, chinese: bool) -> Place {
    let file = |entry: Option<&Entry>| entry.and_then(|entry| entry.file.clone());
    let (zh, en) = match chinese {
        true => (file(Some(lesson)), file(twin)),
        false => (file(twin), file(Some(lesson))),
    };
    Place {
        title: in_languages(&lesson.title, twin.map(|twin| &*twin.title), chinese),
        zh,
        en,
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
