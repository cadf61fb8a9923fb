//! Course folders to lessons: the manifest, Markdown to safe HTML, the checks, the lint.
//!
//! Everything here reads plain files and is pure besides: no clock, no network, no programs run.
//! What a broken file spoils is kept as small as it can be: [`load`] and [`lint`] never fail, they
//! say what is wrong as [`Problem`]s and return the rest of the course. That starters fail and
//! solutions pass is proven elsewhere, where there is a sandbox.
//!
//! Whatever is told of a course is told in Chinese and in English, side by side where it is made:
//! see [`said!`].
//!
//! The format is described in `courses/README.md`.

#[macro_use]
mod said;

mod bundle;
mod checks;
mod code_check;
mod diff;
mod drawing;
mod drift;
mod errors;
mod folder;
mod import;
mod lesson;
mod lesson_table;
mod lint;
mod manifest;
mod manifest_text;
mod markdown;
mod model;
mod passages;
mod picture_size;
mod questions;
mod scaffold;
mod schema;
mod section;
mod stamp;
mod toml_text;

pub use bundle::{
    AuthorKey, BUNDLE_FORMAT, Bundle, BundleError, BundleFile, BundleList, BundleNeeds, Installed,
    MAX_BUNDLE, MAX_ENTRIES, Shelf, Signer, Trust, pack, sign,
};
pub use checks::{Check, CheckKind, Expect, Ignore};
pub use diff::{CourseDiff, LessonDiff, diff};
pub use errors::{ErrorBook, Explanation, Raised};
pub use folder::{MAX_FILE_BYTES, MAX_IMAGE_BYTES};
pub use import::{CodeBlock, CodeNeed, ImportError, ImportFrom, ImportReport, import};
pub use lesson::{CASSETTE, CourseFile, LessonFiles, LessonText};
pub use lint::lint;
pub use manifest::{FORMAT_VERSION, load};
pub use markdown::{Cell, Heading, RenderedReply, ReplyPage, render_reply};
pub use model::{
    Agent, Chapter, CodeAction, CodeRule, Course, CourseError, Language, Lesson, Mirror, Needs,
    Problem, ProgramLanguage, SolutionRule, Texts, Words,
};
pub use passages::PlainPassage;
pub use questions::{Choice, Question, QuestionKind};
pub use scaffold::{ScaffoldError, scaffold};
pub use schema::SCHEMAS;
pub use section::LessonSection;
pub use stamp::{folder_stamp, picture_stamp};
