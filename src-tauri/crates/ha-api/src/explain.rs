//! *Explain this error*: what Python printed, in plain words. Needs no key and no network.
//!
//! The lesson's own words come first, then the course's, then the dictionary that came with the app.

use crate::lessons::course_language;
use crate::wire::{CodeSpot, ErrorExplanation, ErrorQuestion};
use crate::{ApiError, ApiResult, App, ErrorCode, traceback};
use ha_course::ErrorBook;
use ha_sandbox::Limits;

/// What a program printed last is enough; bytes.
const MAX_PRINTED: usize = 256 * 1024;
/// The dictionary among the templates.
const DICTIONARY: &str = "errors/python.toml";

impl App {
    /// Explains the error that a program ended with. `None` when what it printed names none.
    ///
    /// # Errors
    /// `course_not_found`, `source_too_large`.
    pub async fn error_explain(
        &self,
        question: ErrorQuestion,
    ) -> ApiResult<Option<ErrorExplanation>> {
        let size: usize = question.files.iter().map(|file| file.text.len()).sum();
        if size > Limits::MAX_SOURCE_BYTES || question.printed.len() > MAX_PRINTED {
            let message = "an explanation reads at most 256 KiB of output and 1 MiB of files";
            return Err(ApiError::new(ErrorCode::SourceTooLarge, message));
        }
        let Some(found) = traceback::read(&question.printed, &question.files) else {
            return Ok(None);
        };
        let (course, _) = self.course(&question.lesson.course)?;
        let language = course_language(question.language);
        let own = course.error_book(&question.lesson.lesson);
        let explained = own
            .explain(&found.raised, language)
            .or_else(|| self.dictionary().explain(&found.raised, language));
        let raised = found.raised;
        let error = match raised.message.is_empty() {
            true => raised.kind,
            false => format!("{}: {}", raised.kind, raised.message),
        };
        Ok(explained.map(|words| ErrorExplanation {
            error,
            means: words.means,
            causes: words.causes,
            look: words.look,
            place: found.place.map(|place| CodeSpot {
                path: place.path,
                line: place.line,
                code: place.code,
            }),
        }))
    }

    /// The dictionary; an empty one when it cannot be read, which costs the explanations only.
    fn dictionary(&self) -> ErrorBook {
        let file = self.places.templates.join(DICTIONARY);
        match std::fs::read_to_string(&file) {
            Ok(text) => ErrorBook::parse(DICTIONARY, &text).0,
            Err(error) => {
                tracing::warn!(file = %file.display(), %error, "the dictionary of errors is missing");
                ErrorBook::default()
            }
        }
    }
}
