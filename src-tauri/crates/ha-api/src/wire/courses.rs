//! Courses from hand to hand: bundles, imports, what an update changes, and what authors do.

use super::{CourseProblem, Language, LessonFile, RunOutcome, Words};
use crate::ApiError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// How far one may trust who signed a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum SignerTrust {
    /// Nobody signed it, and nobody signed what was installed before.
    Unsigned,
    /// Somebody signed it who is new here.
    First,
    /// Whoever signed what is installed.
    Same,
    /// Somebody else than before.
    Changed,
    /// Nobody, and what is installed was signed.
    Dropped,
    /// A course of this name came with the app, and this one comes from somebody else.
    NotTheApp,
}

/// What a course needs beside the sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CourseNeeds {
    /// A real system with processes.
    pub docker: bool,
    /// Answers of a language model.
    pub model: bool,
    /// Hosts on the network.
    pub network: Vec<String>,
    /// Python packages.
    pub packages: Vec<String>,
}

/// What a bundle says of itself, once every file of it proved to be what its author packed.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct BundleView {
    /// The file.
    pub path: String,
    /// What tells it from every other, its signer included: who agrees to what is shown here installs
    /// no other.
    pub fingerprint: String,
    /// The course's id.
    pub course: String,
    /// The author's version.
    pub version: String,
    /// Title.
    pub title: Words,
    /// Who wrote it, as it says.
    pub authors: Vec<String>,
    /// Licence and attribution; may be empty.
    pub license: String,
    /// Files in it.
    pub files: u32,
    /// Bytes of them.
    pub bytes: f64,
    /// Lessons in it.
    pub lessons: u32,
    /// Who signed it, as a public key; nobody for an unsigned bundle.
    pub signer: Option<String>,
    /// Who signed what is installed.
    pub known_signer: Option<String>,
    /// What follows from both.
    pub trust: SignerTrust,
    /// What its lessons need.
    pub needs: CourseNeeds,
    /// The version that is installed.
    pub installed: Option<String>,
    /// Whether that one is newer, as far as both are numbers with dots.
    pub is_older: bool,
    /// What it changes in the installed version.
    pub changes: Option<CourseChanges>,
}

/// What differs between two versions of a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CourseChanges {
    /// Lessons that are new.
    pub added: Vec<Words>,
    /// Lessons that are gone; work in them is kept and seen nowhere.
    pub removed: Vec<Words>,
    /// Lessons that are in both and differ.
    pub changed: Vec<LessonChange>,
    /// Lessons that are the same.
    pub same: u32,
}

/// What differs in one lesson.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LessonChange {
    /// Its title now.
    pub title: Words,
    /// The title was another.
    pub renamed: bool,
    /// It stands in another place.
    pub moved: bool,
    /// Text or hints.
    pub text: bool,
    /// Checks: who passed may no longer.
    pub checks: bool,
    /// The solution.
    pub solution: bool,
    /// Starter and data files.
    pub work: Vec<String>,
}

/// What an installation did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct BundleInstalled {
    /// The course's id.
    pub course: String,
    /// The version that was there before.
    pub replaced: Option<String>,
}

/// What came of taking a course away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CourseRemoved {
    /// False when the user had installed none of this id; then only kept work of it may have gone.
    pub removed: bool,
    /// Where the database is as it was before, when the learner's work was removed too.
    pub copy: Option<String>,
}

/// What a folder is that is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum ImportKind {
    /// Whatever it looks like.
    Auto,
    /// A docsify folder.
    Docsify,
    /// An mdBook.
    Mdbook,
    /// Notebooks.
    Ipynb,
}

/// Asks for an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ImportStart {
    /// A UUID of the caller's.
    pub job_id: String,
    /// The folder or notebook, an absolute path.
    pub from: String,
    /// What it is.
    pub kind: ImportKind,
    /// The course's folder, an absolute path; may hold an earlier import.
    pub into: String,
    /// Whether the blocks of Python are run.
    pub run: bool,
}

/// What an import is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum ImportStage {
    /// Texts are read, and copied with their images.
    Texts,
    /// Blocks of code are run.
    Blocks,
}

/// Of an import, as it goes.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum ImportEvent {
    /// How far it is.
    Progress {
        /// At what.
        stage: ImportStage,
        /// Texts or blocks done.
        done: u32,
        /// Of how many.
        total: u32,
    },
    /// It is done.
    Finished {
        /// What it did.
        report: Box<ImportSummary>,
    },
    /// It was stopped; importing again completes it.
    Stopped,
    /// It could not be done.
    Failed {
        /// Why.
        error: ApiError,
    },
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ImportSummary {
    /// The course's id.
    pub course: String,
    /// Chapters.
    pub chapters: usize,
    /// Lessons.
    pub lessons: usize,
    /// Lessons with a Chinese text.
    pub chinese: usize,
    /// Lessons with an English text.
    pub english: usize,
    /// Lessons that kept the id of an earlier import.
    pub known: usize,
    /// Titles of lessons that are no longer there.
    pub gone: Vec<String>,
    /// Sentences on files that both the author and the book changed, and where the book's are.
    pub changed: Vec<Words>,
    /// The first line of the licence; empty when none was found.
    pub license: String,
    /// Images copied.
    pub images: usize,
    /// `file:line: path` of images that are not there.
    pub missing_images: Vec<String>,
    /// Images on the web.
    pub remote_images: usize,
    /// `file:line: sentence` of links that lead nowhere.
    pub dead_links: Vec<Words>,
    /// `file:line: path` of files that a link leads to and that were not taken over.
    pub linked: Vec<String>,
    /// What was left out and why.
    pub left_out: Vec<Words>,
    /// The blocks of code.
    pub code: CodeSummary,
}

/// What the blocks of code of a book need, counted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CodeSummary {
    /// Blocks that are no Python.
    pub other: usize,
    /// Run in the sandbox as they are.
    pub runs: usize,
    /// Use names of blocks before them.
    pub needs_earlier: usize,
    /// Need a key.
    pub needs_key: usize,
    /// Need the network.
    pub needs_network: usize,
    /// Need packages; which, and how many blocks each.
    pub needs_packages: BTreeMap<String, usize>,
    /// Blocks that need packages.
    pub with_packages: usize,
    /// End with another error: `file:line: error`.
    pub fails: Vec<Words>,
    /// Need nothing that reading could see, and were not run.
    pub not_run: usize,
}

/// A course in an author's folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AuthorCourse {
    /// The folder.
    pub dir: String,
    /// The course's id.
    pub id: String,
    /// Title.
    pub title: Words,
    /// Version.
    pub version: String,
    /// In reading order.
    pub lessons: Vec<AuthorLesson>,
    /// What reading alone finds wrong.
    pub problems: Vec<CourseProblem>,
}

/// A lesson in an author's folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AuthorLesson {
    /// Stable id.
    pub id: String,
    /// Title.
    pub title: Words,
    /// Number as readers say it, for example `1.2`.
    pub number: String,
    /// Languages that have a text.
    pub languages: Vec<Language>,
}

/// Of the proof of a course, as it goes.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum ProofEvent {
    /// Files were read.
    Read {
        /// What is wrong with them.
        problems: Vec<CourseProblem>,
    },
    /// A lesson was put through.
    Lesson {
        /// What came of it.
        proof: LessonProof,
    },
    /// All are through.
    Finished,
    /// It was stopped.
    Stopped,
    /// Our machine failed.
    Failed {
        /// Why.
        error: ApiError,
    },
}

/// Of a recording of a lesson's solution, as it goes.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum RecordEvent {
    /// What the program prints, on either output.
    Output {
        /// Text, split anywhere between characters.
        text: String,
    },
    /// The program came to its end.
    Finished {
        /// How.
        outcome: RunOutcome,
        /// The cassette, where something new was written into it.
        path: Option<String>,
    },
    /// Our machine failed.
    Failed {
        /// Why.
        error: ApiError,
    },
}

/// What came of putting a lesson through.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct LessonProof {
    /// Its id.
    pub lesson: String,
    /// Checks run, each over the starter and over the solution.
    pub checks: usize,
    /// Cells run, each language's, in the order of the text.
    pub cells: Vec<CellProof>,
    /// What is wrong; nothing when every starter fails, every solution passes and every cell runs.
    pub problems: Vec<CourseProblem>,
}

/// One cell that was run.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CellProof {
    /// The text it stands in, inside the course.
    pub file: String,
    /// Its line there, from 1.
    pub line: u32,
    /// Milliseconds from the request to the end.
    pub ms: f64,
}

/// A bundle that was packed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct BundlePacked {
    /// The file.
    pub path: String,
    /// Files in it.
    pub files: u32,
    /// Who signed it; nobody when there is no key.
    pub signer: Option<String>,
}

/// Where an author's key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum AuthorKeyHome {
    /// The system's keyring.
    Keyring,
    /// A file that only its owner can read: there is no keyring.
    File,
    /// There is no key.
    None,
}

/// The author's key on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct AuthorKeyState {
    /// Its public half, by which learners know the author.
    pub signer: Option<String>,
    /// Where it is kept.
    pub home: AuthorKeyHome,
    /// The file, when it is one.
    pub path: Option<String>,
}

/// A file of the learner's whose starter an update replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct StarterUpdate {
    /// The file.
    pub path: String,
    /// The starter that the learner began from.
    pub before: String,
    /// The author's now.
    pub now: String,
    /// What the learner has.
    pub mine: String,
    /// Both changes together; nothing when they touch the same lines.
    pub merged: Option<String>,
}

/// What the learner decided about such a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum StarterChoice {
    /// Keep what I have.
    Mine,
    /// Take the author's; mine goes to the history.
    Author,
    /// Take both together; mine goes to the history.
    Merged,
}

/// What a decision left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct StarterSettled {
    /// All files of the lesson as they are now.
    pub files: Vec<LessonFile>,
    /// What is still to be decided.
    pub updates: Vec<StarterUpdate>,
}

/// Something that somebody opened with the app: by a double click, by dropping it on the window, or
/// from the command line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum OpenedPath {
    /// A course, or a learner's code, in one file.
    File {
        /// The file.
        path: String,
    },
    /// A folder, which should hold a course that is being written.
    Folder {
        /// The folder.
        dir: String,
        /// The lesson to show; the first when not said.
        lesson: Option<String>,
        /// The language to show it in; the window's when not said.
        language: Option<Language>,
    },
}
