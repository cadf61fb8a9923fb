//! What a course is made of, and what can be wrong with it. Holds no reading of files.

use std::path::PathBuf;

/// One text in both languages. A text that exists in one language stands in for the other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// The same text in both languages: names, and titles that were given once.
    pub fn same(text: impl Into<String>) -> Self {
        let zh = text.into();
        Words { en: zh.clone(), zh }
    }
}

/// Languages a lesson can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// Simplified Chinese, `lesson.zh.md`.
    Zh,
    /// English, `lesson.en.md`.
    En,
}

impl Language {
    /// Both, in the order in which problems are reported.
    pub(crate) const ALL: [Language; 2] = [Language::Zh, Language::En];

    /// The part of a file name that names the language.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Language::Zh => "zh",
            Language::En => "en",
        }
    }

    /// The one that stands in when this one is missing.
    pub(crate) fn other(self) -> Self {
        match self {
            Language::Zh => Language::En,
            Language::En => Language::Zh,
        }
    }
}

/// A course as its manifest tells it. Lessons are read when they are opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// Stable; the learner's work is filed under it.
    pub id: String,
    /// The author's version, for people.
    pub version: String,
    /// Title.
    pub title: Words,
    /// A few sentences for the shelf.
    pub summary: Words,
    /// Licence and attribution, one line; empty when the author gave none.
    pub license: String,
    /// What its lessons are written in: both languages, if the author did not say otherwise.
    pub languages: Vec<Language>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// What the author says about the code of every lesson; a lesson's own word comes first.
    pub code_check: Vec<CodeRule>,
    /// Addresses on the web whose files the course has itself.
    pub mirrors: Vec<Mirror>,
    /// In reading order; every one has at least one lesson.
    pub chapters: Vec<Chapter>,
    /// The folder that holds `course.toml`.
    pub dir: PathBuf,
}

/// One chapter.
#[derive(Debug, Clone, PartialEq)]
pub struct Chapter {
    /// Stable, unique in the course.
    pub id: String,
    /// Title.
    pub title: Words,
    /// In reading order.
    pub lessons: Vec<Lesson>,
}

/// One lesson as the manifest lists it.
#[derive(Debug, Clone, PartialEq)]
pub struct Lesson {
    /// Stable, unique in the course; the learner's work is filed under it.
    pub id: String,
    /// Title.
    pub title: Words,
    /// How long it takes, in minutes, as the author guesses.
    pub minutes: u32,
    /// Its folder, relative to the course's, with `/`. Need not exist when the text lies elsewhere.
    pub path: String,
    /// Where its text lies when not in its folder, so that a book can stay as it is.
    pub text: Option<Texts>,
    /// Licence and attribution of this lesson; empty when the course's holds.
    pub license: String,
    /// Ids of the lessons one should know before.
    pub prerequisites: Vec<String>,
    /// What its program is written in.
    pub language: ProgramLanguage,
    /// What its programs need beside the sandbox. A program that is not Python's needs Docker.
    pub needs: Needs,
    /// What its agents may do.
    pub agent: Agent,
    /// When a learner may see the solution.
    pub solution_after: SolutionRule,
    /// What the author says about its code, over what the course says.
    pub code_check: Vec<CodeRule>,
}

/// What the program of a lesson is written in. Its checks in Python and the cells of its text are not
/// meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProgramLanguage {
    /// `main.py`.
    #[default]
    Python,
    /// `main.js`.
    JavaScript,
    /// `main.go`.
    Go,
}

impl ProgramLanguage {
    /// All of them.
    pub(crate) const ALL: [ProgramLanguage; 3] = [
        ProgramLanguage::Python,
        ProgramLanguage::JavaScript,
        ProgramLanguage::Go,
    ];

    /// As `course.toml` names it.
    pub fn name(self) -> &'static str {
        match self {
            ProgramLanguage::Python => "python",
            ProgramLanguage::JavaScript => "javascript",
            ProgramLanguage::Go => "go",
        }
    }

    /// The file that runs.
    pub fn entry(self) -> &'static str {
        match self {
            ProgramLanguage::Python => "main.py",
            ProgramLanguage::JavaScript => "main.js",
            ProgramLanguage::Go => "main.go",
        }
    }
}

/// The files of a lesson's text, relative to the course's folder, with `/`; at least one is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// Chinese.
    pub zh: Option<String>,
    /// English.
    pub en: Option<String>,
}

/// What a lesson's programs need beside the sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needs {
    /// A real system with processes: the full engine.
    pub docker: bool,
    /// Answers of a language model.
    pub model: bool,
    /// Hosts on the network, for example `api.example.com`.
    pub network: Vec<String>,
    /// Python packages as `pip` names them.
    pub packages: Vec<String>,
}

/// What the agents of a lesson may do. What is not said has the platform's own limits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agent {
    /// Calls of a model in one run.
    pub calls: Option<u32>,
    /// Tokens of all calls of one run, both ways.
    pub tokens: Option<u32>,
    /// Tools of the host, for example `search`. Which there are is known where programs are run.
    pub tools: Vec<String>,
    /// Hosts that `http_get` may ask, for example `api.example.com`.
    pub hosts: Vec<String>,
}

/// When a learner may see the solution of a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SolutionRule {
    /// Once all checks pass.
    #[default]
    Passed,
    /// Once that many checks failed, or all pass.
    Failed(u32),
    /// At once.
    Always,
    /// Not in the app.
    Never,
}

/// Files that a text finds on the web and the course has itself: nothing is fetched while somebody
/// reads, and the text stays as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirror {
    /// What the addresses begin with; ends with `/`.
    pub from: String,
    /// The folder that stands for it; empty for the course's own.
    pub to: String,
}

/// What an author says about one rule of the code check. Which rules there are is known where
/// programs are run, so any name may stand here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRule {
    /// The rule's name, for example `eval`.
    pub rule: String,
    /// What it shall do; nothing when only the words are the author's.
    pub action: Option<CodeAction>,
    /// Said instead of the platform's own reason.
    pub message: Option<Words>,
    /// Line of `course.toml` on which it stands, 1-based.
    pub line: u32,
}

/// What a rule of the code check does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeAction {
    /// The program does not start.
    Deny,
    /// Nothing is said.
    Allow,
}

impl Lesson {
    /// The file of the text in a language, whether or not it is there.
    pub fn text_file(&self, language: Language) -> String {
        let written = self.text.as_ref().and_then(|text| match language {
            Language::Zh => text.zh.clone(),
            Language::En => text.en.clone(),
        });
        written.unwrap_or_else(|| format!("{}/lesson.{}.md", self.path, language.code()))
    }

    /// Whether the text is the lesson's in any language.
    pub(crate) fn is_text(&self, file: &str) -> bool {
        Language::ALL
            .iter()
            .any(|language| self.text_file(*language) == file)
    }
}

impl Course {
    /// A lesson with its chapter and the 0-based places of both.
    pub fn lesson(&self, id: &str) -> Option<(&Chapter, &Lesson, usize, usize)> {
        let found = |(c, chapter): (usize, &'_ Chapter)| {
            let l = chapter.lessons.iter().position(|lesson| lesson.id == id)?;
            Some((c, l))
        };
        let (c, l) = self.chapters.iter().enumerate().find_map(found)?;
        let chapter = &self.chapters[c];
        Some((chapter, &chapter.lessons[l], c, l))
    }

    /// What holds for the code of a lesson: the course's rules, then the lesson's; of several about
    /// the same rule, the last one that says something decides.
    pub fn code_rules(&self, lesson: &str) -> impl Iterator<Item = &CodeRule> {
        let own = self.lesson(lesson).map(|(_, lesson, ..)| lesson);
        let own = own.into_iter().flat_map(|lesson| &lesson.code_check);
        self.code_check.iter().chain(own)
    }

    /// All lessons in reading order.
    pub(crate) fn lessons(&self) -> impl Iterator<Item = &Lesson> {
        self.chapters.iter().flat_map(|chapter| &chapter.lessons)
    }
}

/// Something wrong in a course's files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Path inside the course folder, with `/`.
    pub file: String,
    /// 1-based, when known.
    pub line: Option<u32>,
    /// For the author: what is wrong and what to do.
    pub reason: Words,
}

/// Why a lesson or an image cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum CourseError {
    /// The course lists no lesson with this id: ask for another one.
    #[error("the course has no lesson {0:?}")]
    LessonNotFound(String),
    /// A file does not fit the format: its author has to mend it.
    #[error("{file}: {}", .reason.en)]
    Broken {
        /// Path inside the course folder, with `/`.
        file: String,
        /// 1-based, when known.
        line: Option<u32>,
        /// What is wrong and what to do.
        reason: Words,
    },
    /// The disk failed; trying again may help.
    #[error("{file}: {error}")]
    Io {
        /// Path inside the course folder, with `/`.
        file: String,
        /// What the system said.
        #[source]
        error: std::io::Error,
    },
}

impl CourseError {
    /// The same sentence in both languages.
    pub fn words(&self) -> Words {
        match self {
            CourseError::LessonNotFound(id) => {
                said!(
                    "课程里没有 {id:?} 这一课",
                    "the course has no lesson {id:?}"
                )
            }
            CourseError::Broken { file, reason, .. } => {
                said!("{file}: {reason}", "{file}: {reason}"; reason)
            }
            CourseError::Io { file, error } => {
                said!("{file}: 读不出来：{error}", "{file}: {error}")
            }
        }
    }
}

impl From<Problem> for CourseError {
    fn from(problem: Problem) -> Self {
        CourseError::Broken {
            file: problem.file,
            line: problem.line,
            reason: problem.reason,
        }
    }
}
