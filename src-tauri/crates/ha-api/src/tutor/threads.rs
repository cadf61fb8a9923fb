//! Conversations: listed, opened, named, removed, searched, exported.

use super::kept::{Part, Shelf, parts, wire_thread, words};
use super::tools;
use crate::wire::{
    Chip, ChipKind, Language, LessonRef, Surrounding, TutorConversation, TutorHit, TutorThread,
};
use crate::{ApiError, ApiResult, App, ErrorCode, lessons};
use ha_store::{MessageRole, ThreadRow};
use std::fmt::Write;

/// Conversations of a lesson that are listed.
const LISTED: u32 = 200;
/// Messages that a search finds at most.
const FOUND: u32 = 50;
/// Longest name of a conversation, in characters.
pub(crate) const MAX_TITLE: usize = 80;
/// Characters around what was found.
const EXCERPT: usize = 40;

impl App {
    /// What the tutor would be given now, as the window shows it before a question.
    ///
    /// # Errors
    /// `course_not_found`, `lesson_not_found`, `lesson_broken`, those of the store.
    pub async fn tutor_chips(
        &self,
        surrounding: Surrounding,
        without: Vec<ChipKind>,
    ) -> ApiResult<Vec<Chip>> {
        Ok(self.tutor_context(&surrounding, &without).await?.chips())
    }

    /// The conversations about a lesson, newest first, at most 200.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn tutor_threads(&self, lesson: LessonRef) -> ApiResult<Vec<TutorThread>> {
        let rows = self
            .with_store(move |store| store.threads(&lesson.course, &lesson.lesson, LISTED))
            .await?;
        Ok(rows.into_iter().map(wire_thread).collect())
    }

    /// A conversation with every branch, rendered with the words of `language`.
    ///
    /// # Errors
    /// `thread_not_found`, `course_not_found`, those of the store.
    pub async fn tutor_open(
        &self,
        thread: String,
        language: Language,
    ) -> ApiResult<TutorConversation> {
        let row = self.thread_row(thread.clone()).await?;
        let rows = self
            .with_store(move |store| store.messages(&thread))
            .await?;
        let (course, _) = self.course(&row.course)?;
        let lesson = row.lesson.clone();
        let render = move || {
            let shelf = Shelf {
                course: &course,
                lesson: &lesson,
                language: lessons::course_language(language),
            };
            rows.iter().map(|row| shelf.message(row)).collect()
        };
        let messages = tokio::task::spawn_blocking(render)
            .await
            .map_err(|panic| ApiError::new(ErrorCode::Internal, panic.to_string()))?;
        Ok(TutorConversation {
            thread: wire_thread(row),
            messages,
        })
    }

    /// Names a conversation.
    ///
    /// # Errors
    /// `invalid_request` for no name or one over 80 characters, those of the store.
    pub async fn tutor_rename(&self, thread: String, title: String) -> ApiResult<()> {
        let title = title.trim().to_string();
        if title.is_empty() || title.chars().count() > MAX_TITLE {
            return Err(ApiError::invalid("a name has 1 to 80 characters"));
        }
        self.with_store(move |store| store.rename_thread(&thread, &title))
            .await
    }

    /// Shows the branch that ends with a message.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn tutor_show(&self, thread: String, leaf: String) -> ApiResult<()> {
        self.with_store(move |store| store.show_branch(&thread, &leaf))
            .await
    }

    /// Removes a conversation with all that was said in it.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn tutor_delete(&self, thread: String) -> ApiResult<()> {
        self.with_store(move |store| store.delete_thread(&thread))
            .await
    }

    /// Messages of every conversation that hold all words of `text`, newest first. Those about a
    /// lesson that is no longer there cannot be opened, and are left out.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn tutor_search(&self, text: String) -> ApiResult<Vec<TutorHit>> {
        let asked = text.clone();
        let found = self
            .with_store(move |store| {
                let rows = store.search_messages(&asked, FOUND)?;
                rows.into_iter()
                    .map(|row| Ok((store.thread(&row.thread)?, row)))
                    .collect::<Result<Vec<_>, _>>()
            })
            .await?;
        let courses = self.courses();
        let title = |thread: &ThreadRow| {
            let (course, _) = courses.iter().find(|(one, _)| one.id == thread.course)?;
            let mut lessons = course.chapters.iter().flat_map(|chapter| &chapter.lessons);
            let lesson = lessons.find(|lesson| lesson.id == thread.lesson)?;
            Some(lessons::words(&lesson.title))
        };
        let hit = |(thread, row): (Option<ThreadRow>, ha_store::MessageRow)| {
            let said = words(&parts(&row));
            let thread = thread?;
            Some(TutorHit {
                lesson_title: title(&thread)?,
                thread: wire_thread(thread),
                excerpt: excerpt(&said, &text),
                message: row.id,
            })
        };
        Ok(found.into_iter().filter_map(hit).collect())
    }

    /// Writes the branch of a conversation that ends with `leaf` as Markdown into the learner's
    /// Downloads folder. Answers the path.
    ///
    /// # Errors
    /// `thread_not_found`, `save_failed`, those of the store.
    pub async fn tutor_export(
        &self,
        thread: String,
        leaf: String,
        names: (String, String),
    ) -> ApiResult<String> {
        let row = self.thread_row(thread.clone()).await?;
        let rows = self
            .with_store(move |store| store.messages(&thread))
            .await?;
        let mut text = format!("# {}\n", row.title);
        let (learner, tutor) = names;
        for message in super::rounds::branch(&rows, Some(&leaf)) {
            let who = match message.role {
                MessageRole::User => &learner,
                MessageRole::Assistant => &tutor,
            };
            write!(text, "\n## {who}\n").expect("a string takes everything");
            for piece in parts(message).iter().filter_map(written) {
                write!(text, "\n{piece}\n").expect("a string takes everything");
            }
        }
        let name = format!("helloagents-tutor-{}", row.lesson);
        self.save_download(name, "md", text).await
    }

    pub(crate) async fn thread_row(&self, id: String) -> ApiResult<ThreadRow> {
        let found = self.with_store(move |store| store.thread(&id)).await?;
        found.ok_or_else(|| ApiError::new(ErrorCode::ThreadNotFound, "this conversation is gone"))
    }
}

/// A part of a message as Markdown. What was looked up is a line in the tools' own names: the file
/// is of no language.
fn written(part: &Part) -> Option<String> {
    match part {
        Part::Text { text } if !text.trim().is_empty() => Some(text.trim().to_string()),
        Part::Text { .. } | Part::Thinking { .. } => None,
        Part::Tool { tool } => Some(format!("> {}", tools::in_a_line(tool))),
    }
}

/// The first words of a question, as the name of its conversation.
pub(crate) fn title_of(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty());
    line.unwrap_or_default()
        .trim()
        .chars()
        .take(MAX_TITLE)
        .collect()
}

/// The words around the first place where one of the asked ones stands.
fn excerpt(text: &str, asked: &str) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = flat.to_lowercase();
    let at = asked
        .split_whitespace()
        .filter_map(|word| lower.find(&word.to_lowercase()))
        .min()
        .unwrap_or(0);
    // Lower case may be longer than what it was made of: counted in characters, it is near enough.
    let at = lower[..at].chars().count();
    let from = at.saturating_sub(EXCERPT);
    let piece: String = flat.chars().skip(from).take(EXCERPT * 3).collect();
    match from {
        0 => piece,
        _ => format!("…{piece}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_shows_what_was_found() {
        let long = format!("{} 循环在这里 {}", "前".repeat(500), "后".repeat(500));
        assert!(excerpt(&long, "循环").contains("循环在这里"));
        assert!(excerpt("İİİİ KeyError here", "keyerror").contains("KeyError"));
        assert_eq!(excerpt("short\ntext", "nothing"), "short text");
        assert_eq!(excerpt("", "x"), "");
    }

    #[test]
    fn a_conversation_is_named_after_its_first_words() {
        assert_eq!(title_of("\n  why?\nmore"), "why?");
        assert_eq!(title_of(&"长".repeat(200)).chars().count(), MAX_TITLE);
    }
}
