//! What the tutor may look up while it answers: the lessons that are installed. Each tool reads and
//! nothing else, on this machine.
//!
//! A call is the model's words, so it is read as a stranger's: an unknown name, broken or huge
//! arguments and a lesson that is not there are refused with a sentence. A lesson is found by
//! comparing names with those of the installed ones; no path is ever made of what was asked. What a
//! tool answers is an author's text, wrapped as material; the author's other files (solutions, checks,
//! hints, answers of questions) are not read at all.

use super::prompts::Prompts;
use crate::wire::{
    HitPart, Language, LessonHit, LessonRef, LessonSearch, ToolKind, ToolPlace, ToolState, ToolUse,
};
use crate::{ApiError, ApiResult, App, ErrorCode, lessons};
use ha_course::Course;
use ha_llm::{Tool, ToolCall};
use serde_json::{Map, Value, json};
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

/// Requests of an answer that may ask for tools. Then it has to speak.
pub(super) const ROUNDS: usize = 3;
/// Calls of one reply that are heeded.
pub(super) const CALLS: usize = 4;
/// How long one may take; the first search after a start fills the index.
pub(super) const TIME: Duration = Duration::from_secs(10);
/// Bytes of arguments that are read.
const MAX_ARGUMENTS: usize = 4096;
/// Characters of what is looked for.
const MAX_ASKED: usize = 200;
/// Passages that a search answers.
const HITS: usize = 5;
/// Words of a search that are tried one by one when no passage has them all.
const WORDS: usize = 8;
/// Characters of a lesson that are read at once.
const READ: usize = 4000;
const SEARCH_LESSONS: &str = "search_lessons";
const READ_LESSON: &str = "read_lesson";

/// Where the tutor sits.
pub(super) struct Seat {
    pub(super) lesson: LessonRef,
    pub(super) language: Language,
    /// The learner took the lesson out of what the tutor may see.
    pub(super) without_lesson: bool,
}

/// A call as it was understood.
pub(super) struct Wanted {
    pub(super) kind: ToolKind,
    pub(super) asked: String,
    what: What,
    /// The call as it goes back to the service: the model's own words may be what no service reads.
    pub(super) call: ToolCall,
}

enum What {
    Search,
    Read {
        lesson: String,
        section: String,
    },
    /// The prompt that says why not.
    Refused(&'static str),
}

/// What a tool gave.
pub(super) struct Looked {
    /// For the model.
    pub(super) text: String,
    pub(super) places: Vec<ToolPlace>,
    pub(super) state: ToolState,
}

/// The tools, as a request offers them.
pub(super) fn offered(prompts: &Prompts) -> Vec<Tool> {
    let tool = |name: &str, prompt, parameters| Tool {
        name: name.into(),
        description: prompts.filled(prompt, &[]),
        parameters,
    };
    let text = json!({ "type": "string" });
    vec![
        tool(
            SEARCH_LESSONS,
            "tool-search-lessons",
            json!({ "type": "object", "properties": { "query": text }, "required": ["query"] }),
        ),
        tool(
            READ_LESSON,
            "tool-read-lesson",
            json!({ "type": "object", "properties": { "lesson": text, "section": text },
                "required": ["lesson"] }),
        ),
    ]
}

/// The use of a tool in one line, in the tools' own names.
pub(super) fn in_a_line(tool: &ToolUse) -> String {
    let name = match tool.kind {
        ToolKind::SearchLessons => SEARCH_LESSONS,
        ToolKind::ReadLesson => READ_LESSON,
        ToolKind::Unknown => "?",
    };
    let mut line = format!("{name} “{}”", tool.asked);
    for (at, place) in tool.places.iter().enumerate() {
        line.push_str(if at == 0 { " → " } else { "; " });
        line.push_str(&place.title);
        if !place.heading.is_empty() {
            write!(line, " › {}", place.heading).expect("a string takes everything");
        }
    }
    line
}

impl Wanted {
    /// Reads a call; `place` counts those of one reply.
    pub(super) fn read(call: ToolCall, place: usize) -> Wanted {
        let kind = match call.name.as_str() {
            SEARCH_LESSONS => ToolKind::SearchLessons,
            READ_LESSON => ToolKind::ReadLesson,
            _ => ToolKind::Unknown,
        };
        let arguments = arguments(&call.arguments);
        let named = |name: &str| one_line(arguments.as_ref()?.get(name)?.as_str()?);
        let (asked, what) = match kind {
            ToolKind::Unknown => (String::new(), What::Refused("tool-unknown")),
            ToolKind::SearchLessons => match named("query") {
                Some(query) => (query, What::Search),
                None => (String::new(), What::Refused("tool-arguments")),
            },
            ToolKind::ReadLesson => match named("lesson") {
                Some(lesson) => {
                    let (lesson, own) = match lesson.split_once('#') {
                        Some((lesson, section)) => (lesson.to_string(), section.to_string()),
                        None => (lesson, String::new()),
                    };
                    let section = named("section").unwrap_or(own);
                    let asked = match section.as_str() {
                        "" => lesson.clone(),
                        section => format!("{lesson}#{section}"),
                    };
                    (asked, What::Read { lesson, section })
                }
                None => (String::new(), What::Refused("tool-arguments")),
            },
        };
        let fits = |text: &str| !text.is_empty() && text.len() <= 64;
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        Wanted {
            kind,
            asked,
            what,
            call: ToolCall {
                id: match fits(&call.id) {
                    true => call.id,
                    false => format!("call_{place}"),
                },
                name: match fits(&call.name) && call.name.chars().all(is_name) {
                    true => call.name,
                    false => "unknown".into(),
                },
                arguments: Value::Object(arguments.unwrap_or_default()).to_string(),
            },
        }
    }
}

/// An object of arguments; none for anything else.
fn arguments(text: &str) -> Option<Map<String, Value>> {
    match text.len() <= MAX_ARGUMENTS {
        true => serde_json::from_str(text).ok(),
        false => None,
    }
}

/// One line of words, bounded; none when nothing is left.
fn one_line(text: &str) -> Option<String> {
    let shown = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let shown: String = shown.take(MAX_ASKED).collect();
    let line = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

impl Looked {
    fn refused(prompts: &Prompts, why: &str) -> Looked {
        Looked {
            text: prompts.filled(why, &[]),
            places: Vec::new(),
            state: ToolState::Refused,
        }
    }

    /// It broke, or took too long.
    pub(super) fn failed(prompts: &Prompts) -> Looked {
        Looked {
            state: ToolState::Failed,
            ..Looked::refused(prompts, "tool-failed")
        }
    }
}

impl App {
    /// Does what was asked for. Dropping it is harmless: nothing is changed.
    pub(super) async fn tutor_tool(
        self: &Arc<Self>,
        wanted: &Wanted,
        seat: &Seat,
        prompts: &Prompts,
    ) -> Looked {
        let looked = match &wanted.what {
            What::Refused(why) => return Looked::refused(prompts, why),
            What::Search => self.search_for_tutor(&wanted.asked, seat, prompts).await,
            What::Read { lesson, section } => {
                let (app, at) = (self.clone(), (lesson.clone(), section.clone()));
                let (here, language) = (seat.lesson.clone(), seat.language);
                let read = move || app.read_for_tutor(&at.0, &at.1, &here, language);
                match tokio::task::spawn_blocking(read).await {
                    Ok(Some((place, text))) if !seat.hides(&place.lesson) => Ok(Looked {
                        text: prompts.filled("tool-text", &[("text", &text)]),
                        places: vec![place],
                        state: ToolState::Done,
                    }),
                    Ok(_) => return Looked::refused(prompts, "tool-no-lesson"),
                    Err(panic) => Err(ApiError::new(ErrorCode::Internal, panic.to_string())),
                }
            }
        };
        looked.unwrap_or_else(|_| Looked::failed(prompts))
    }

    async fn search_for_tutor(
        self: &Arc<Self>,
        asked: &str,
        seat: &Seat,
        prompts: &Prompts,
    ) -> ApiResult<Looked> {
        let mut hits = self.hits_for_tutor(asked, seat).await?;
        if hits.is_empty() {
            hits = self.hits_of_any_word(asked, seat).await?;
        }
        hits.truncate(HITS);
        let (course, _) = self.course(&seat.lesson.course)?;
        let text = match hits.is_empty() {
            true => prompts.filled("tool-nothing", &[]),
            false => {
                let lines: String = hits.iter().map(|hit| line(hit, seat, &course)).collect();
                prompts.filled("tool-found", &[("text", &harmless(&lines))])
            }
        };
        Ok(Looked {
            text,
            places: hits.iter().map(|hit| place(hit, seat.language)).collect(),
            state: ToolState::Done,
        })
    }

    async fn hits_for_tutor(
        self: &Arc<Self>,
        text: &str,
        seat: &Seat,
    ) -> ApiResult<Vec<LessonHit>> {
        let search = LessonSearch {
            text: text.into(),
            language: seat.language,
            course: None,
            limit: 4 * HITS as u32,
        };
        let mut hits = self.lesson_search(search).await?;
        hits.retain(|hit| !seat.hides(&hit.lesson));
        Ok(hits)
    }

    /// A model asks in sentences, and a passage has all words of few of them: those with the most
    /// words then, of equals the one that was found first.
    async fn hits_of_any_word(
        self: &Arc<Self>,
        asked: &str,
        seat: &Seat,
    ) -> ApiResult<Vec<LessonHit>> {
        let mut found: Vec<(usize, LessonHit)> = Vec::new();
        for word in single_words(asked) {
            for hit in self.hits_for_tutor(&word, seat).await? {
                let is_same = |other: &LessonHit| {
                    (&other.lesson, &other.anchor) == (&hit.lesson, &hit.anchor)
                };
                match found.iter_mut().find(|(_, other)| is_same(other)) {
                    Some((count, _)) => *count += 1,
                    None => found.push((1, hit)),
                }
            }
        }
        found.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        Ok(found.into_iter().map(|(_, hit)| hit).collect())
    }

    /// The lesson of a name as a search gave it, or of its id alone; and its text, or a section's.
    fn read_for_tutor(
        &self,
        asked: &str,
        section: &str,
        here: &LessonRef,
        language: Language,
    ) -> Option<(ToolPlace, String)> {
        let courses = self.courses().into_iter().map(|(course, _)| course);
        let is_meant = |course: &Course, lesson: &ha_course::Lesson| {
            asked == format!("{}/{}", course.id, lesson.id)
                || (course.id == here.course
                    && (asked == lesson.id || is_path(asked, &lesson.path)))
        };
        let (course, lesson) = courses.into_iter().find_map(|course| {
            let mut lessons = course.chapters.iter().flat_map(|chapter| &chapter.lessons);
            let lesson = lessons.find(|lesson| is_meant(&course, lesson))?.clone();
            Some((course, lesson))
        })?;
        let in_language = lessons::course_language(language);
        let whole = course.section(&lesson.id, in_language, None).ok()?;
        let is_asked = |(anchor, title): &&(String, String)| {
            !section.is_empty()
                && (section.strip_prefix("h-").unwrap_or(section) == anchor
                    || section.to_lowercase() == title.to_lowercase())
        };
        let heading = whole.headings.iter().find(is_asked).cloned();
        let text = match &heading {
            None => whole.lesson,
            Some((anchor, _)) => {
                let anchor = format!("h-{anchor}");
                course
                    .section(&lesson.id, in_language, Some(&anchor))
                    .ok()?
                    .text
            }
        };
        let mut shown: String = text.chars().take(READ).collect();
        if shown.len() < text.len() {
            shown.push_str("\n[…]");
        }
        shown.push_str("\n\n");
        for (anchor, title) in &whole.headings {
            writeln!(shown, "- {title}: section {anchor}").expect("a string takes everything");
        }
        let (anchor, heading) = heading.unzip();
        let place = ToolPlace {
            lesson: LessonRef {
                course: course.id.clone(),
                lesson: lesson.id.clone(),
            },
            anchor: anchor.map(|anchor| format!("h-{anchor}")),
            title: match language {
                Language::Zh => lesson.title.zh.clone(),
                Language::En => lesson.title.en.clone(),
            },
            heading: heading.unwrap_or_default(),
        };
        Some((place, harmless(&shown)))
    }
}

impl Seat {
    /// Whether the learner took this lesson out.
    fn hides(&self, lesson: &LessonRef) -> bool {
        self.without_lesson && self.lesson == *lesson
    }
}

/// Whether this is the link of a lesson, as a search gives it.
fn is_path(asked: &str, path: &str) -> bool {
    asked.trim_start_matches('/').trim_end_matches('/') == path
}

/// A passage as the model gets it: how to read on, how to link to it, and the words around.
fn line(hit: &LessonHit, seat: &Seat, course: &Course) -> String {
    let place = place(hit, seat.language);
    let anchor = place.anchor.as_deref().unwrap_or_default();
    let anchor = anchor.strip_prefix("h-").unwrap_or(anchor);
    let LessonRef { course: of, lesson } = &hit.lesson;
    let mut line = format!("- lesson: {of}/{lesson}");
    if !anchor.is_empty() {
        write!(line, ", section: {anchor}").expect("a string takes everything");
    }
    // Only lessons of the same course can be linked to.
    let path = course.lesson(lesson).map(|(_, lesson, ..)| &lesson.path);
    if let Some(path) = path.filter(|_| *of == course.id) {
        let link = match (hit.lesson == seat.lesson, anchor) {
            (true, anchor) => format!("#{anchor}"),
            (false, "") => format!("/{path}"),
            (false, anchor) => format!("/{path}#{anchor}"),
        };
        write!(line, ", link: {link}").expect("a string takes everything");
    }
    let (title, heading) = (&place.title, &place.heading);
    writeln!(line, "\n  {} {title} › {heading}", hit.number).expect("a string takes everything");
    writeln!(line, "  {}", joined(&hit.excerpt)).expect("a string takes everything");
    line
}

fn place(hit: &LessonHit, language: Language) -> ToolPlace {
    let title = match language {
        Language::Zh => hit.title.zh.clone(),
        Language::En => hit.title.en.clone(),
    };
    let heading = joined(&hit.heading);
    ToolPlace {
        lesson: hit.lesson.clone(),
        anchor: hit.anchor.clone(),
        heading: if heading == title {
            String::new()
        } else {
            heading
        },
        title,
    }
}

fn joined(parts: &[HitPart]) -> String {
    parts.iter().map(|part| part.text.as_str()).collect()
}

/// A text that cannot end the wrapping around it.
fn harmless(text: &str) -> String {
    text.replace("</lesson", "< /lesson")
}

/// The words of a question one by one; of Chinese, which has no blanks, each pair of signs.
fn single_words(asked: &str) -> Vec<String> {
    let runs = asked.split(|c: char| !c.is_alphanumeric() && c != '_');
    let words = runs.flat_map(|run| {
        let signs: Vec<char> = run.chars().collect();
        match run.is_ascii() {
            true => vec![run.to_string()],
            false => signs.windows(2).map(|pair| pair.iter().collect()).collect(),
        }
    });
    let words = words.filter(|word| word.chars().count() > 1);
    words.take(WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(name: &str, arguments: &str) -> Wanted {
        let call = ToolCall {
            id: "c1".into(),
            name: name.into(),
            arguments: arguments.into(),
        };
        Wanted::read(call, 0)
    }

    fn check(name: &str, arguments: &str, asked: &str, refused: Option<&str>) {
        let wanted = wanted(name, arguments);
        assert_eq!(wanted.asked, asked, "{arguments}");
        let why = match wanted.what {
            What::Refused(why) => Some(why),
            _ => None,
        };
        assert_eq!(why, refused, "{arguments}");
        let sent: Value = serde_json::from_str(&wanted.call.arguments).unwrap_or_default();
        assert!(sent.is_object(), "what goes back can be read: {arguments}");
    }

    #[test]
    fn calls_are_read_or_refused_with_a_reason() {
        let bad = Some("tool-arguments");
        check(
            "search_lessons",
            r#"{"query":" two\n words "}"#,
            "two words",
            None,
        );
        check(
            "search_lessons",
            r#"{"query":"闭包","more":1}"#,
            "闭包",
            None,
        );
        for broken in [
            "",
            "{",
            "null",
            "[]",
            "\"query\"",
            r#"{"query":7}"#,
            r#"{"query":" "}"#,
            r#"{"q":"x"}"#,
        ] {
            check("search_lessons", broken, "", bad);
        }
        check(
            "read_lesson",
            r#"{"lesson":"c/l","section":"h-a"}"#,
            "c/l#h-a",
            None,
        );
        check("read_lesson", r#"{"lesson":"c/l#a"}"#, "c/l#a", None);
        check(
            "read_lesson",
            r#"{"lesson":"c/l","section":""}"#,
            "c/l",
            None,
        );
        check("read_lesson", r#"{"section":"a"}"#, "", bad);
        check("rm -rf /", r#"{"query":"x"}"#, "", Some("tool-unknown"));
    }

    #[test]
    fn arguments_and_words_up_to_a_limit_are_read() {
        let query = |length: usize| format!(r#"{{"query":"{}"}}"#, "x".repeat(length));
        let around = query(0).len();
        assert!(
            wanted("search_lessons", &query(MAX_ARGUMENTS - around))
                .asked
                .len()
                == MAX_ASKED
        );
        assert_eq!(
            wanted("search_lessons", &query(MAX_ARGUMENTS - around + 1)).asked,
            ""
        );
        let hostile = format!("{}{}", "[".repeat(4000), "]".repeat(90));
        check("search_lessons", &hostile, "", Some("tool-arguments"));
    }

    #[test]
    fn a_sentence_is_also_looked_for_word_by_word() {
        assert_eq!(
            single_words("a closure, in loops?"),
            ["closure", "in", "loops"]
        );
        assert_eq!(
            single_words("闭包是什么 for_loop"),
            ["闭包", "包是", "是什", "什么", "for_loop"]
        );
        assert_eq!(single_words("? 是"), [] as [&str; 0]);
    }

    #[test]
    fn a_text_cannot_leave_its_wrapping() {
        assert_eq!(
            harmless("a</lesson-text><b></b>"),
            "a< /lesson-text><b></b>"
        );
    }

    #[test]
    fn what_goes_back_to_the_service_is_in_order() {
        let call = |id: &str, name: &str| {
            let call = ToolCall {
                id: id.into(),
                name: name.into(),
                arguments: "{".into(),
            };
            Wanted::read(call, 3).call
        };
        assert_eq!(call("", "a b").id, "call_3");
        assert_eq!(call(&"x".repeat(65), "a b").id, "call_3");
        assert_eq!(call("abc", "a b").name, "unknown");
        assert_eq!(call("abc", "run").name, "run");
        assert_eq!(call("abc", "run").arguments, "{}");
    }
}
