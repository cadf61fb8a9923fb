//! The tutor: what the window asks, what streams back, and what is kept of it.

use super::{FileText, Language, LessonRef, Words};
use crate::{ApiError, ErrorCode};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum AskKind {
    /// The learner's own words.
    Question,
    /// *Hint*, after a check that did not pass.
    Hint,
    /// *Say more*: the next rung.
    More,
    /// *Ask the tutor* about the error of the last run.
    Error,
    /// *Hint at the cursor*.
    Cursor,
}

/// How far an answer goes. The core chooses it; the model is told, and its answer is held against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Rung {
    /// A question that makes one look again.
    Nudge,
    /// The idea that is missing.
    Concept,
    /// Where to look.
    Where,
    /// The steps, in words.
    PseudoCode,
    /// One line of code.
    OneLine,
    /// The solution, explained.
    Solution,
}

/// A piece of what the tutor is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum ChipKind {
    /// The section of the lesson that is in view.
    Section,
    /// The learner's files.
    Code,
    /// The last run: its end and what it printed.
    Run,
    /// The last check.
    Check,
    /// Where the cursor is.
    Cursor,
}

/// A piece of what the tutor is given, as the window shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Chip {
    /// Which piece.
    pub kind: ChipKind,
    /// What of it: a heading, the names of files, `2/5`, `main.py:12`.
    pub detail: String,
    /// How many tokens it takes, roughly.
    pub tokens: u32,
}

/// A place in the learner's code.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CursorPlace {
    /// Relative path with `/`.
    pub path: String,
    /// From 1.
    pub line: u32,
}

/// What the learner is looking at; from it and from the history the core builds what it sends.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Surrounding {
    /// The lesson.
    pub lesson: LessonRef,
    /// Of the lesson, and of the answer.
    pub language: Language,
    /// The anchor of the heading in view.
    pub heading: Option<String>,
    /// The learner's files as the editor has them.
    pub files: Vec<FileText>,
    /// The file that is shown, and the line of the cursor.
    pub cursor: Option<CursorPlace>,
}

/// Asks the tutor. The window makes the id and subscribes before it sends this.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AskStart {
    /// A UUID made by the caller; `tutor_stop` takes it.
    pub ask_id: String,
    /// The conversation; none begins a new one.
    pub thread: Option<String>,
    /// The message this follows; none is the beginning. Only with `thread`.
    pub after: Option<String>,
    /// Answers `after`, a question of the learner's, once more instead of adding one.
    pub again: bool,
    /// What it is about.
    pub kind: AskKind,
    /// The learner's words; may be empty but for a question.
    pub text: String,
    /// What the learner is looking at.
    pub surrounding: Surrounding,
    /// Pieces that the learner took out.
    pub without: Vec<ChipKind>,
}

/// What an answer says on its way, in order. Exactly one `finished` or `failed`, last.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum AskEvent {
    /// Accepted and written down.
    Started {
        /// The conversation it belongs to.
        thread: TutorThread,
        /// The learner's message; none when one is answered again.
        question: Option<Box<TutorMessage>>,
        /// The answer to come, still empty.
        answer: Box<TutorMessage>,
    },
    /// The service did not answer; it is asked again.
    Retrying {
        /// Until then, milliseconds.
        wait_ms: f64,
    },
    /// What the model thinks.
    Thinking {
        /// A piece.
        text: String,
    },
    /// What it says.
    Text {
        /// Sanitised HTML that is final: goes behind what came before.
        sealed: String,
        /// Sanitised HTML of the block that still grows: takes the place of the one before.
        growing: String,
        /// Whether the page must load the maths renderer.
        has_math: bool,
        /// What is new, as Markdown, for a terminal. The window has no use for it.
        #[serde(skip)]
        words: String,
    },
    /// It looks something up, or has: the same `id` again is the same call. Stands behind the words
    /// that came before, which are final.
    Tool {
        /// What, and how far it is.
        tool: ToolUse,
    },
    /// The answer gave away more than it should; all of it is taken back and asked for again. What it
    /// had looked up comes once more.
    Withheld,
    /// The end.
    Finished {
        /// The whole answer.
        answer: Box<TutorMessage>,
        /// What this month cost.
        spending: Spending,
    },
    /// The end, and not a good one. What came until then is kept.
    Failed {
        /// Why.
        error: ApiError,
        /// The answer as far as it came; none when nothing was asked.
        answer: Option<Box<TutorMessage>>,
    },
}

impl AskEvent {
    /// Words that no window draws.
    pub(crate) fn words(words: String) -> AskEvent {
        AskEvent::Text {
            sealed: String::new(),
            growing: String::new(),
            has_math: false,
            words,
        }
    }
}

/// A conversation in the list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TutorThread {
    /// Stable id.
    pub id: String,
    /// The lesson it is about.
    pub lesson: LessonRef,
    /// What it is called: the first words, unless the learner named it.
    pub title: String,
    /// When something was last said in it.
    pub at: f64,
    /// The newest message of the branch that is shown.
    pub leaf: Option<String>,
}

/// A conversation with everything in it, every branch.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TutorConversation {
    /// Its line in the list.
    pub thread: TutorThread,
    /// Oldest first.
    pub messages: Vec<TutorMessage>,
}

/// Where a message is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum MessageState {
    /// On its way.
    Streaming,
    /// Whole.
    Done,
    /// The learner stopped it.
    Stopped,
    /// The service failed.
    Failed,
    /// The app died under it.
    Lost,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TutorMessage {
    /// Stable id.
    pub id: String,
    /// The message it follows.
    pub parent: Option<String>,
    /// Whether the learner said it.
    pub mine: bool,
    /// What it is about.
    pub kind: AskKind,
    /// Where it is in its life.
    pub state: MessageState,
    /// When it began.
    pub at: f64,
    /// All its words as Markdown, to copy and to change.
    pub text: String,
    /// What it is made of, in order.
    pub parts: Vec<TutorPart>,
    /// Whether the page must load the maths renderer.
    pub has_math: bool,
    /// How far the answer goes; none where nothing could be given away.
    pub rung: Option<Rung>,
    /// What it was given.
    pub chips: Vec<Chip>,
    /// The model's own limit ended it: it is not whole.
    pub cut: bool,
    /// The model that answered.
    pub model: String,
    /// What it cost.
    pub cost: Option<AnswerCost>,
    /// Why it failed.
    pub error: Option<ErrorCode>,
}

/// A piece of a message.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "camelCase")]
#[ts(export)]
pub enum TutorPart {
    /// What is said.
    Text {
        /// Sanitised HTML.
        html: String,
        /// Markdown, for a terminal. The window has no use for it.
        #[serde(skip)]
        text: String,
    },
    /// What the model thought.
    Thinking {
        /// Plain text.
        text: String,
    },
    /// What it looked up.
    Tool {
        /// What, and what it found.
        tool: ToolUse,
    },
}

/// A tool that the tutor was asked to use, as it is shown and as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ToolUse {
    /// Its number in the answer, from 1.
    pub id: u32,
    /// Which tool.
    pub kind: ToolKind,
    /// What the model wants of it: the words of a search, or a lesson and perhaps `#` and a heading.
    /// Empty when that could not be understood.
    pub asked: String,
    /// How far it is.
    pub state: ToolState,
    /// What it found.
    pub places: Vec<ToolPlace>,
    /// How long it took, milliseconds.
    pub ms: f64,
}

/// A tool of the tutor's. All of them only read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum ToolKind {
    /// Looks for words in the texts of the installed lessons.
    SearchLessons,
    /// Reads the text of a lesson, or of a section.
    ReadLesson,
    /// One that there is not.
    Unknown,
}

/// How far the use of a tool is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum ToolState {
    /// On its way.
    Running,
    /// It was used; it may have found nothing.
    Done,
    /// It was not used: there is no such tool, no such lesson, or no sense in what was asked.
    Refused,
    /// It broke, or took too long.
    Failed,
    /// The learner stopped it, or the app died under it.
    Interrupted,
}

/// A place in a lesson.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ToolPlace {
    /// The lesson.
    pub lesson: LessonRef,
    /// The heading to show; none for the lesson's beginning.
    pub anchor: Option<String>,
    /// The lesson's title, in the language of the answer.
    pub title: String,
    /// The heading's words; empty for the lesson's beginning.
    pub heading: String,
}

/// What one answer cost.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AnswerCost {
    /// Tokens sent, the cached ones among them.
    pub input: f64,
    /// Tokens the service had in its cache.
    pub cached: f64,
    /// Tokens that came.
    pub output: f64,
    /// Money; none for a model without a price.
    pub money: Option<Amount>,
}

/// Money.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Amount {
    /// `CNY`, `USD`.
    pub currency: String,
    /// In units of the currency.
    pub value: f64,
}

/// What this month cost, and how near the cap is.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Spending {
    /// `2026-11`, local.
    pub month: String,
    /// Answers.
    pub answers: f64,
    /// Tokens sent and received.
    pub tokens: f64,
    /// By currency.
    pub amounts: Vec<Amount>,
    /// The cap; none when there is none.
    pub cap: Option<Amount>,
    /// How near it is.
    pub level: SpendingLevel,
}

/// How near the cap is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum SpendingLevel {
    /// Below 80 %, or no cap.
    Fine,
    /// 80 % and more.
    Near,
    /// Reached: nothing is asked.
    Reached,
}

/// A message that was found.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct TutorHit {
    /// Its conversation.
    pub thread: TutorThread,
    /// What the lesson it is about is called.
    pub lesson_title: Words,
    /// Which message.
    pub message: String,
    /// A few words around what was found, plain text.
    pub excerpt: String,
}
