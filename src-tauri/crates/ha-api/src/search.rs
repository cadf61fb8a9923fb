//! Search over the texts of all installed lessons, as somebody types.
//!
//! The index follows the courses by itself: each search compares the stamps of the installed
//! courses (sizes and times of their texts, nothing is read) with those in the index, and puts in
//! what changed. Only the first search after that waits for it.

use crate::wire::{HitPart, Language, LessonHit, LessonRef, LessonSearch};
use crate::{ApiError, ApiResult, App, ErrorCode, lessons};
use ha_course::Course;
use ha_store::{FoundPassage, LessonIndex, Passage, StoreError, marks};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Hits at most.
const MAX_HITS: u32 = 50;
/// Passages looked at for each hit: some are of the other language or of another course.
const LOOKED_AT: u32 = 8;
/// Characters of an excerpt, and of it before the first mark.
const EXCERPT: usize = 120;
const BEFORE: usize = 24;

/// The index, opened by the first search.
#[derive(Default)]
pub(crate) struct Search {
    index: Mutex<Option<Arc<LessonIndex>>>,
    /// Held while courses are put in, so that two searches do not do it twice.
    following: Mutex<()>,
}

impl Search {
    fn index(&self, cache: &Path) -> Result<Arc<LessonIndex>, StoreError> {
        let mut slot = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = &*slot {
            return Ok(index.clone());
        }
        let index = Arc::new(LessonIndex::open(&cache.join("lessons.sqlite"))?);
        *slot = Some(index.clone());
        Ok(index)
    }

    /// Brings the index to what is installed.
    fn follow(&self, index: &LessonIndex, courses: &[Course]) -> Result<(), StoreError> {
        let _turn = self
            .following
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut known: BTreeMap<String, String> = index.stamps()?.into_iter().collect();
        for course in courses {
            let stamp = format!("{} {}", course.dir.display(), course.texts_stamp());
            if known.remove(&course.id).as_ref() != Some(&stamp) {
                index.put(&course.id, &stamp, &passages(course))?;
            }
        }
        known.into_keys().try_for_each(|gone| index.forget(&gone))
    }
}

impl App {
    /// Passages of installed lessons that hold every word, best first; none for an empty text.
    /// Headings, prose and code are looked through, in Chinese and English.
    ///
    /// # Errors
    /// `invalid_request` for a limit outside 1–50, `internal`.
    pub async fn lesson_search(self: &Arc<Self>, asked: LessonSearch) -> ApiResult<Vec<LessonHit>> {
        if !(1..=MAX_HITS).contains(&asked.limit) {
            return Err(ApiError::invalid("a search gives 1 to 50 hits"));
        }
        let app = self.clone();
        let done = tokio::task::spawn_blocking(move || app.found(&asked)).await;
        let found = done.map_err(|panic| ApiError::new(ErrorCode::Internal, panic.to_string()))?;
        found.map_err(|error| ApiError::new(ErrorCode::Internal, error.to_string()))
    }

    fn found(&self, asked: &LessonSearch) -> Result<Vec<LessonHit>, StoreError> {
        let index = self.search.index(&self.places.cache)?;
        let courses: Vec<Course> = self
            .courses()
            .into_iter()
            .map(|(course, _)| course)
            .collect();
        self.search.follow(&index, &courses)?;
        let mut found = index.search(&asked.text, asked.limit * LOOKED_AT)?;
        if let Some(only) = &asked.course {
            found.retain(|hit| hit.course == *only);
        }
        keep_language(&mut found, asked.language);
        let hits = found
            .into_iter()
            .filter_map(|found| hit(&courses, found, &asked.text));
        Ok(hits.take(asked.limit as usize).collect())
    }
}

/// A lesson that has hits in the preferred language shows no other.
fn keep_language(found: &mut Vec<FoundPassage>, language: Language) {
    let preferred = code(language);
    let place = |hit: &FoundPassage| (hit.course.clone(), hit.passage.lesson.clone());
    let there: BTreeSet<_> = found
        .iter()
        .filter(|hit| hit.passage.language == preferred)
        .map(place)
        .collect();
    found.retain(|hit| hit.passage.language == preferred || !there.contains(&place(hit)));
}

fn code(language: Language) -> &'static str {
    match language {
        Language::Zh => "zh",
        Language::En => "en",
    }
}

/// Everything of a course that can be found. A text that cannot be read is found by nothing.
fn passages(course: &Course) -> Vec<Passage> {
    let mut all = Vec::new();
    for lesson in course.chapters.iter().flat_map(|chapter| &chapter.lessons) {
        for language in [Language::Zh, Language::En] {
            let title = match language {
                Language::Zh => &lesson.title.zh,
                Language::En => &lesson.title.en,
            };
            let read = course.passages(&lesson.id, lessons::course_language(language));
            for (at, plain) in read.unwrap_or_default().into_iter().enumerate() {
                // The lesson's title need not be its first heading.
                let heading = match at == 0 && !plain.heading.contains(title.as_str()) {
                    true => format!("{title} {}", plain.heading),
                    false => plain.heading,
                };
                all.push(Passage {
                    lesson: lesson.id.clone(),
                    language: code(language).into(),
                    anchor: plain.anchor,
                    heading,
                    prose: plain.prose,
                    code: plain.code,
                });
            }
        }
    }
    all
}

fn hit(courses: &[Course], found: FoundPassage, asked: &str) -> Option<LessonHit> {
    let FoundPassage { course, passage } = found;
    let course = courses.iter().find(|known| known.id == course)?;
    let (_, lesson, c, l) = course.lesson(&passage.lesson)?;
    let in_prose = !marks(asked, &passage.prose).is_empty();
    let is_code = !in_prose && !marks(asked, &passage.code).is_empty();
    let text = if is_code {
        &passage.code
    } else {
        &passage.prose
    };
    Some(LessonHit {
        lesson: LessonRef {
            course: course.id.clone(),
            lesson: lesson.id.clone(),
        },
        title: lessons::words(&lesson.title),
        number: format!("{}.{}", c + 1, l + 1),
        course_title: lessons::words(&course.title),
        language: match passage.language.as_str() {
            "zh" => Language::Zh,
            _ => Language::En,
        },
        anchor: (!passage.anchor.is_empty()).then_some(passage.anchor),
        heading: parts(passage.heading.trim(), asked),
        excerpt: parts(&excerpt(text, asked), asked),
        is_code,
    })
}

/// One line of a text around the first mark in it, or its beginning.
fn excerpt(text: &str, asked: &str) -> String {
    let first = marks(asked, text).first().map_or(0, |range| range.start);
    let before = text[..first].chars().rev().take(BEFORE);
    let start = first - before.map(char::len_utf8).sum::<usize>();
    let mut line = String::new();
    if start > 0 {
        line.push('…');
    }
    let mut shown = 0;
    let mut is_blank = true;
    for c in text[start..].chars() {
        if shown == EXCERPT {
            line.push('…');
            break;
        }
        match c.is_whitespace() {
            true if is_blank => continue,
            true => line.push(' '),
            false => line.push(c),
        }
        is_blank = c.is_whitespace();
        shown += 1;
    }
    line.truncate(line.trim_end().len());
    line
}

fn parts(text: &str, asked: &str) -> Vec<HitPart> {
    let mut parts = Vec::new();
    let mut at = 0;
    let mut push = |text: &str, marked| {
        if !text.is_empty() {
            parts.push(HitPart {
                text: text.into(),
                marked,
            });
        }
    };
    for mark in marks(asked, text) {
        push(&text[at..mark.start], false);
        push(&text[mark.clone()], true);
        at = mark.end;
    }
    push(&text[at..], false);
    parts
}
