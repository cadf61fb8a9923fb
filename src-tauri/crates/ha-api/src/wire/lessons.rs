//! Courses, lessons and the learner's files in them.

use super::{CourseNeeds, Language, Words};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Names one lesson.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LessonRef {
    /// Course id.
    pub course: String,
    /// Lesson id, unique in the course.
    pub lesson: String,
}

/// How far the learner is in one lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum LessonState {
    /// Never opened.
    New,
    /// Opened or tried, not passed.
    Started,
    /// All checks passed once.
    Passed,
}

/// The tree of one course.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CourseTree {
    /// Stable id.
    pub id: String,
    /// Title.
    pub title: Words,
    /// In reading order.
    pub chapters: Vec<ChapterNode>,
    /// What is wrong with its files; the rest of the course still works.
    pub problems: Vec<CourseProblem>,
}

/// One chapter of the tree.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ChapterNode {
    /// Stable id.
    pub id: String,
    /// Title.
    pub title: Words,
    /// In reading order.
    pub lessons: Vec<LessonNode>,
}

/// One lesson of the tree.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LessonNode {
    /// Stable id.
    pub id: String,
    /// Title.
    pub title: Words,
    /// Estimated minutes.
    pub minutes: u32,
    /// How far the learner is.
    pub state: LessonState,
}

/// Something wrong in a course's files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CourseProblem {
    /// Path inside the course folder.
    pub file: String,
    /// 1-based, when known.
    pub line: Option<u32>,
    /// What, and what to do.
    pub reason: Words,
}

/// A lesson as its author wrote it: what can be read before the lesson is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LessonText {
    /// Which lesson.
    pub lesson: LessonRef,
    /// Its title.
    pub title: Words,
    /// Its chapter's title.
    pub chapter_title: Words,
    /// Number as readers say it, for example `1.2`.
    pub number: String,
    /// Language of [`LessonText::html`]; differs from what was asked when the lesson has no other.
    pub language: Language,
    /// Sanitised HTML. Maths is `<span class="math" data-display="true|false">TeX</span>`,
    /// diagrams are `<pre class="mermaid">source</pre>`.
    pub html: String,
    /// Headings in order.
    pub outline: Vec<Heading>,
    /// Whether the page must load the maths renderer.
    pub has_math: bool,
    /// Whether the page must load the diagram renderer.
    pub has_diagrams: bool,
    /// Whether its programs run with the engine of containers only.
    pub needs_docker: bool,
    /// Estimated minutes.
    pub minutes: u32,
    /// What its programs need beside the sandbox, as the author says.
    pub needs: CourseNeeds,
    /// Lessons one should know before, in the author's order. Nothing is locked by them.
    pub prerequisites: Vec<Prerequisite>,
    /// Sanitised HTML, mildest first.
    pub hints: Vec<String>,
    /// Reading order.
    pub previous: Option<LessonRef>,
    /// Reading order.
    pub next: Option<LessonRef>,
    /// Licence and attribution of the text, one line; may be empty.
    pub license: String,
}

/// A lesson that another one builds on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Prerequisite {
    /// Which lesson.
    pub lesson: LessonRef,
    /// Number as readers say it, for example `1.2`.
    pub number: String,
    /// Its title.
    pub title: Words,
}

/// A lesson, opened: its text, and the learner's work in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LessonView {
    /// The author's part.
    #[serde(flatten)]
    pub text: LessonText,
    /// Starter files with the learner's drafts applied, the learner's own files, then read-only data.
    pub files: Vec<LessonFile>,
    /// The file that runs.
    pub entry: String,
    /// What *Check* will look at, in order.
    pub checks: Vec<CheckInfo>,
    /// How far the learner is.
    pub state: LessonState,
    /// Whether *Reset to the last version that passed* has something to go to.
    pub has_passed_version: bool,
}

/// What the learner lets the programs of a lesson do, at the moment of the question: the word holds for
/// the whole course, and an update or the command line may take it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LessonRights {
    /// The hosts that the lesson's agents want to ask; nothing when there are none.
    pub web: Option<WebAccess>,
    /// Whether a course that nobody signed may ask the learner's service; nothing when somebody did.
    pub service_allowed: Option<bool>,
}

/// What a lesson asks for outside of this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct WebAccess {
    /// The hosts, as the course names them.
    pub hosts: Vec<String>,
    /// Whether its agents may.
    pub state: WebState,
}

/// Whether the agents of a lesson may ask its hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum WebState {
    /// They may.
    Allowed,
    /// The learner has not said so yet, or took it back.
    Asked,
    /// Never: nobody signed the course.
    Unsigned,
}

/// One heading of a lesson's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Heading {
    /// The anchor, an element id in the HTML.
    pub id: String,
    /// 1–6.
    pub level: u8,
    /// Plain text.
    pub text: String,
}

/// One file of a lesson as the editor shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LessonFile {
    /// Relative path with `/`.
    pub path: String,
    /// What the learner sees: the draft, else the starter.
    pub text: String,
    /// Where it comes from.
    pub origin: FileOrigin,
    /// Whether the text differs from the starter.
    pub changed: bool,
}

/// Where a lesson's file comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum FileOrigin {
    /// Given by the lesson, edited by the learner.
    Starter,
    /// Added by the learner.
    Own,
    /// Given by the lesson, read-only.
    Data,
}

/// A check as the lesson announces it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CheckInfo {
    /// Stable id, unique in the lesson.
    pub id: String,
    /// What it looks at.
    pub title: Words,
}

/// One of the learner's files, as it crosses in both directions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FileText {
    /// Relative path with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// The author's solution of a lesson, or when it may be seen. Its text crosses only when it may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(
    tag = "state",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum LessonSolution {
    /// The lesson has none.
    Missing,
    /// The author does not show it in the app.
    Never,
    /// Once all checks pass.
    AfterPass,
    /// Once that many checks failed, or all pass.
    AfterFailed {
        /// How many.
        needed: u32,
        /// How many more.
        left: u32,
    },
    /// Now.
    Open {
        /// Whether the learner's own code passed once.
        passed: bool,
        /// The starter with the solution laid over it.
        files: Vec<FileText>,
    },
}

/// What to reset a lesson to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum ResetTo {
    /// The author's starter.
    Starter,
    /// The last version that passed all checks.
    LastPassed,
}

/// The learner's files after a reset, a restore or a deletion, and the way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct FilesChanged {
    /// All files of the lesson as they are now.
    pub files: Vec<LessonFile>,
    /// History entry that holds what was thrown away; restoring it undoes the change.
    pub undo: String,
}
