//! The tutor's prompts: files among the templates, one folder a language, that a teacher may edit.

use crate::wire::{AskKind, Language, Rung};
use crate::{ApiError, ApiResult, ErrorCode};
use std::collections::BTreeMap;
use std::path::Path;

/// A file larger than this is no prompt.
const MAX_BYTES: u64 = 64 * 1024;

/// The prompts of one language.
pub(crate) struct Prompts {
    texts: BTreeMap<&'static str, String>,
}

/// Every file of a language, without its ending.
pub(crate) const NAMES: [&str; 26] = [
    "tutor",
    "socratic",
    "direct",
    "rung-nudge",
    "rung-concept",
    "rung-where",
    "rung-pseudo-code",
    "rung-one-line",
    "rung-solution",
    "ask-hint",
    "ask-more",
    "ask-error",
    "ask-cursor",
    "again",
    "held-back",
    "summary",
    "tool-search-lessons",
    "tool-read-lesson",
    "tool-found",
    "tool-nothing",
    "tool-text",
    "tool-no-lesson",
    "tool-arguments",
    "tool-unknown",
    "tool-more",
    "tool-failed",
];

impl Prompts {
    /// Reads them all.
    ///
    /// # Errors
    /// `internal` when one is missing: the app is not complete.
    pub(crate) fn read(templates: &Path, language: Language) -> ApiResult<Prompts> {
        let folder = templates.join("prompts").join(match language {
            Language::Zh => "zh",
            Language::En => "en",
        });
        let read = |name: &'static str| {
            let file = folder.join(format!("{name}.md"));
            let text = match file.metadata() {
                Ok(found) if found.len() <= MAX_BYTES => std::fs::read_to_string(&file),
                Ok(_) => Err(std::io::ErrorKind::FileTooLarge.into()),
                Err(error) => Err(error),
            };
            let text = text.map_err(|error| {
                let message = format!("the prompt {} cannot be read: {error}", file.display());
                ApiError::new(ErrorCode::Internal, message)
            })?;
            Ok((name, text.trim().to_string()))
        };
        let texts = NAMES.into_iter().map(read).collect::<ApiResult<_>>()?;
        Ok(Prompts { texts })
    }

    /// A prompt with each `{{name}}` filled. What is filled in is not filled again.
    pub(crate) fn filled(&self, name: &str, values: &[(&str, &str)]) -> String {
        let text = self.texts.get(name).map_or("", String::as_str);
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            out.push_str(before);
            let Some((name, behind)) = after.split_once("}}") else {
                out.push_str("{{");
                rest = after;
                continue;
            };
            let value = values.iter().find(|(known, _)| *known == name);
            out.push_str(value.map_or("", |(_, value)| value));
            rest = behind;
        }
        out.push_str(rest);
        out
    }
}

/// The file that tells the model how far it may go.
pub(crate) fn of_rung(rung: Rung) -> &'static str {
    match rung {
        Rung::Nudge => "rung-nudge",
        Rung::Concept => "rung-concept",
        Rung::Where => "rung-where",
        Rung::PseudoCode => "rung-pseudo-code",
        Rung::OneLine => "rung-one-line",
        Rung::Solution => "rung-solution",
    }
}

/// The words of a question that the learner asked with a button; none for their own words.
pub(crate) fn of_kind(kind: AskKind) -> Option<&'static str> {
    match kind {
        AskKind::Question => None,
        AskKind::Hint => Some("ask-hint"),
        AskKind::More => Some("ask-more"),
        AskKind::Error => Some("ask-error"),
        AskKind::Cursor => Some("ask-cursor"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use std::path::PathBuf;

    fn templates() -> PathBuf {
        PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../templates"))
    }

    #[test]
    fn both_languages_have_every_prompt() {
        for language in [Language::Zh, Language::En] {
            let prompts = Prompts::read(&templates(), language).unwrap();
            for name in NAMES {
                assert!(prompts.texts[name].len() > 10, "{language:?} {name}");
            }
        }
        let files = std::fs::read_dir(templates().join("prompts/en")).unwrap();
        assert_eq!(files.count(), NAMES.len(), "no file is there for nothing");
    }

    #[test]
    fn what_is_filled_in_is_not_filled_again() {
        let mut prompts = Prompts::read(&templates(), Language::En).unwrap();
        prompts
            .texts
            .insert("tutor", "a {{one}} {{two}} {{none}} {{".into());
        let filled = prompts.filled("tutor", &[("one", "{{two}}"), ("two", "2")]);
        assert_eq!(filled, "a {{two}} 2  {{");
    }

    #[test]
    fn a_missing_prompt_is_told() {
        let error = Prompts::read(Path::new("/nowhere"), Language::En)
            .err()
            .unwrap();
        assert_eq!(error.code, ErrorCode::Internal);
    }
}
