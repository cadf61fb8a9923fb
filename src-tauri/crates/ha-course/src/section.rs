//! A lesson's text as its author wrote it, by headings: what a tutor reads along.

use crate::lesson::{Source, UNSHOWN};
use crate::markdown;
use crate::model::{Course, CourseError, Language};

/// A stretch of a lesson's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LessonSection {
    /// Its heading as plain text; empty for what stands before the first.
    pub title: String,
    /// Markdown, with the heading.
    pub text: String,
    /// Every heading of the lesson: its anchor without the prefix `h-`, and its text.
    pub headings: Vec<(String, String)>,
    /// The Markdown of the whole lesson.
    pub lesson: String,
}

impl Course {
    /// The section under the heading `anchor` (as [`crate::Heading::id`] has it), up to the next
    /// heading of its level or above; the beginning of the lesson when there is no such heading.
    ///
    /// # Errors
    /// As [`Course::open`].
    pub fn section(
        &self,
        lesson: &str,
        language: Language,
        anchor: Option<&str>,
    ) -> Result<LessonSection, CourseError> {
        let Source {
            file,
            text,
            language,
        } = self.source(lesson, language)?;
        let outline = markdown::contents(&text, &self.page(&file, language, UNSHOWN)).outline;
        let (text, starts) = markdown::by_heading(&text);
        let found = outline
            .iter()
            .position(|heading| Some(heading.id.as_str()) == anchor);
        let range = match found {
            Some(at) => {
                let level = outline[at].level;
                let after = outline.iter().enumerate().skip(at + 1);
                let end = after
                    .filter(|(_, heading)| heading.level <= level)
                    .find_map(|(next, _)| starts.get(next).copied());
                starts.get(at).copied().unwrap_or(0)..end.unwrap_or(text.len())
            }
            // The title is a heading too; what is read first goes on to the second one.
            None => 0..starts.get(1).copied().unwrap_or(text.len()),
        };
        let headings = outline.iter().map(|heading| {
            let anchor = heading.id.strip_prefix("h-").unwrap_or(&heading.id);
            (anchor.to_string(), heading.text.clone())
        });
        Ok(LessonSection {
            title: found.map_or(String::new(), |at| outline[at].text.clone()),
            text: text[range].trim().to_string(),
            lesson: text,
            headings: headings.collect(),
        })
    }
}
