//! The course that a book becomes: the book's chapters and lessons, with the ids of an earlier
//! import and with all that its author wrote into `course.toml` since.

use super::ids::{self, Ids};
use super::outline::{Outline, Place};
use super::record::{Known, Record, Title};
use super::{ImportReport, MAX_LESSONS, files};
use crate::manifest;
use crate::model::{Chapter, Course, Language, Lesson, Texts, Words};
use std::fs;
use std::path::Path;

/// The course of an outline. What the book says of titles and texts goes into the record.
pub(super) fn course_of(
    outline: &Outline,
    into: &Path,
    earlier: Option<&Course>,
    record: &mut Record,
    report: &mut ImportReport,
) -> Course {
    let mut ids = Ids::new(outline, earlier, record, into);
    let mut course = match earlier {
        Some(earlier) => earlier.clone(),
        None => new_course(outline, into),
    };
    course.chapters.clear();
    report.license = course.license.clone();
    for part in &outline.chapters {
        let places = part.lessons.iter().take(MAX_LESSONS - report.lessons);
        let mut lessons = Vec::new();
        for place in places {
            let (id, known) = ids.lesson(report.lessons, place);
            count(
                report,
                place,
                known.is_some() || record.lessons.contains_key(&id),
            );
            lessons.push(lesson_of(id, place, known, outline, record));
        }
        if lessons.is_empty() {
            continue;
        }
        report.chapters += 1;
        let id = ids.chapter(&lessons);
        let here = earlier.and_then(|course| chapter(course, &id));
        let title = match here {
            Some(here) => Title::merged(record.chapters.get(&id), &here.title, &part.title),
            None => part.title.clone(),
        };
        record.chapters.insert(id.clone(), Title::of(&part.title));
        course.chapters.push(Chapter { id, title, lessons });
    }
    let (gone, own): (Vec<_>, Vec<_>) = ids
        .left
        .into_iter()
        .partition(|lesson| ids::is_ours(lesson, record));
    let is_placed = |id: &String| place(&course.chapters, id).is_some();
    for (id, known) in &mut record.lessons {
        known.gone = !is_placed(id);
    }
    if let Some(earlier) = earlier {
        keep(&mut course.chapters, earlier, &own);
    }
    forget(&mut course, &gone);
    report.gone = gone.into_iter().map(|lesson| lesson.title.zh).collect();
    course.languages = languages(report, earlier);
    course
}

fn new_course(outline: &Outline, into: &Path) -> Course {
    Course {
        id: ids::kebab(&outline.name),
        version: "1.0.0".into(),
        title: outline.title.clone(),
        license: outline.license.clone(),
        authors: outline.authors.clone(),
        ..manifest::empty(into)
    }
}

fn chapter<'c>(course: &'c Course, id: &str) -> Option<&'c Chapter> {
    course.chapters.iter().find(|chapter| chapter.id == id)
}

fn count(report: &mut ImportReport, place: &Place, is_known: bool) {
    report.lessons += 1;
    report.chinese += usize::from(place.zh.is_some());
    report.english += usize::from(place.en.is_some());
    report.known += usize::from(is_known);
}

fn lesson_of(
    id: String,
    place: &Place,
    known: Option<Lesson>,
    outline: &Outline,
    record: &mut Record,
) -> Lesson {
    let recorded = record.lessons.insert(
        id.clone(),
        Known {
            title: Title::of(&place.title),
            files: files(place).map(|(_, file)| file.clone()).collect(),
            gone: false,
        },
    );
    let text = Texts {
        zh: place.zh.clone(),
        en: place.en.clone(),
    };
    match known {
        Some(lesson) => Lesson {
            title: Title::merged(
                recorded.as_ref().map(|known| &known.title),
                &lesson.title,
                &place.title,
            ),
            text: Some(translated(text, &lesson, record)),
            ..lesson
        },
        None => Lesson {
            path: format!("lessons/{id}"),
            id,
            title: place.title.clone(),
            minutes: minutes(outline, place),
            text: Some(text),
            license: String::new(),
            prerequisites: Vec::new(),
            language: Default::default(),
            needs: Default::default(),
            agent: Default::default(),
            solution_after: Default::default(),
            code_check: Vec::new(),
        },
    }
}

/// The book's texts, and in a language that it does not have the author's own.
fn translated(book: Texts, lesson: &Lesson, record: &Record) -> Texts {
    let own = |file: Option<&String>| {
        let own = file.filter(|file| !record.files.contains_key(*file));
        own.filter(|_| !record.is_new).cloned()
    };
    let here = lesson.text.as_ref();
    Texts {
        zh: book.zh.or_else(|| own(here?.zh.as_ref())),
        en: book.en.or_else(|| own(here?.en.as_ref())),
    }
}

/// A guess from the length of the text: 1200 bytes a minute are 400 Chinese characters or 200
/// English words.
fn minutes(outline: &Outline, place: &Place) -> u32 {
    let file = place.zh.as_ref().or(place.en.as_ref());
    let path = file.and_then(|file| outline.source.locate(file).ok());
    let length = path.and_then(|path| fs::metadata(path).ok());
    let minutes = length.map_or(0, |length| length.len() / 1200);
    u32::try_from(minutes.clamp(5, 600)).unwrap_or(5)
}

/// Puts the lessons that the author added where they were: behind the lesson they stood behind,
/// else before the one they stood before, else in a chapter of their own.
fn keep(chapters: &mut Vec<Chapter>, earlier: &Course, own: &[Lesson]) {
    for (at, chapter) in earlier.chapters.iter().enumerate() {
        for (within, lesson) in chapter.lessons.iter().enumerate() {
            if !own.iter().any(|own| own.id == lesson.id) {
                continue;
            }
            let mut before = chapter.lessons[..within].iter().rev();
            let mut after = chapter.lessons[within + 1..].iter();
            let place = before
                .find_map(|before| place(chapters, &before.id))
                .map(|(c, l)| (c, l + 1))
                .or_else(|| after.find_map(|after| place(chapters, &after.id)));
            let lesson = lesson.clone();
            match place {
                Some((c, l)) => chapters[c].lessons.insert(l, lesson),
                None => {
                    let mut before = earlier.chapters[..at].iter().rev();
                    let is_it = |id: &str| chapters.iter().position(|one| one.id == id);
                    let behind = before.find_map(|before| is_it(&before.id));
                    let own = Chapter {
                        lessons: vec![lesson],
                        ..chapter.clone()
                    };
                    match is_it(&chapter.id) {
                        Some(same) => chapters[same].lessons.push(own.lessons[0].clone()),
                        None => chapters.insert(behind.map_or(0, |behind| behind + 1), own),
                    }
                }
            }
        }
    }
}

fn place(chapters: &[Chapter], id: &str) -> Option<(usize, usize)> {
    chapters.iter().enumerate().find_map(|(c, chapter)| {
        let l = chapter.lessons.iter().position(|lesson| lesson.id == id)?;
        Some((c, l))
    })
}

/// Nobody can learn first what is no longer there.
fn forget(course: &mut Course, gone: &[Lesson]) {
    let is_gone = |id: &String| gone.iter().any(|lesson| lesson.id == *id);
    let lessons = course.chapters.iter_mut();
    for lesson in lessons.flat_map(|chapter| &mut chapter.lessons) {
        lesson.prerequisites.retain(|id| !is_gone(id));
    }
}

fn languages(report: &ImportReport, earlier: Option<&Course>) -> Vec<Language> {
    let is_there = |language: &Language| {
        let lessons = match language {
            Language::Zh => report.chinese,
            Language::En => report.english,
        };
        lessons > 0 || earlier.is_some_and(|earlier| earlier.languages.contains(language))
    };
    Language::ALL.into_iter().filter(is_there).collect()
}

/// The same title in the languages that a lesson has.
pub(super) fn titles(zh: Option<&str>, en: Option<&str>) -> Words {
    match (zh, en) {
        (Some(zh), Some(en)) => Words {
            zh: zh.into(),
            en: en.into(),
        },
        (one, other) => Words::same(one.or(other).unwrap_or_default()),
    }
}
