//! A lesson's text as plain words, by headings: what a search finds it by.

use crate::lesson::UNSHOWN;
use crate::markdown::{self, PlainText};
use crate::model::{Course, CourseError, Language};
use crate::stamp::stamp_of;

/// What stands under one heading of a lesson, without markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainPassage {
    /// The heading's anchor, as [`crate::Heading::id`] has it; empty for what stands before the
    /// first.
    pub anchor: String,
    /// The heading; empty for what stands before the first.
    pub heading: String,
    /// The words, a line a block.
    pub prose: String,
    /// The blocks of code.
    pub code: String,
}

impl Course {
    /// The passages of a lesson in exactly this language; empty when it has no text in it.
    ///
    /// # Errors
    /// As [`Course::open`].
    pub fn passages(
        &self,
        lesson: &str,
        language: Language,
    ) -> Result<Vec<PlainPassage>, CourseError> {
        let source = self.source(lesson, language)?;
        if source.language != language {
            return Ok(Vec::new());
        }
        let page = self.page(&source.file, language, UNSHOWN);
        let mut outline = markdown::contents(&source.text, &page).outline.into_iter();
        let plain = markdown::plain(&source.text);
        let passages = plain.into_iter().map(
            |PlainText {
                 heading,
                 prose,
                 code,
             }| {
                // The outline's words are those that the reader sees.
                let heading = heading.and_then(|_| outline.next());
                let (anchor, heading) =
                    heading.map_or_else(Default::default, |heading| (heading.id, heading.text));
                PlainPassage {
                    anchor,
                    heading,
                    prose,
                    code,
                }
            },
        );
        Ok(passages
            .filter(|passage| {
                !(passage.heading.is_empty() && passage.prose.is_empty() && passage.code.is_empty())
            })
            .collect())
    }

    /// Differs when the manifest or a lesson's text was written since: size and time of each file.
    /// Reads no file, so it may be asked for at every key press.
    pub fn texts_stamp(&self) -> String {
        let texts = self.lessons().flat_map(|lesson| {
            Language::ALL
                .into_iter()
                .map(|language| lesson.text_file(language))
        });
        let files = std::iter::once("course.toml".to_string()).chain(texts);
        stamp_of(files.map(|file| self.dir.join(file)))
    }
}
