//! One lesson: its text as the window shows it, the files it gives, its images.

use crate::checks::{self, Check};
use crate::folder::{Folder, Refusal};
use crate::markdown::{self, Cell, Heading, Page, Rendered};
use crate::model::{Course, CourseError, Language, Lesson};
use crate::questions::{self, Question};

/// A lesson's text, ready to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct LessonText {
    /// The language it is in, which differs from the one asked for when that one is missing.
    pub language: Language,
    /// Sanitised HTML.
    pub html: String,
    /// Headings in order.
    pub outline: Vec<Heading>,
    /// Whether the text or a hint holds maths.
    pub has_math: bool,
    /// Whether the text or a hint holds a diagram.
    pub has_diagrams: bool,
    /// Sanitised HTML of each hint with its heading, mildest first.
    pub hints: Vec<String>,
}

/// The file of a lesson that holds recorded exchanges with a model.
pub const CASSETTE: &str = "cassette.toml";
/// Ten thousand recorded exchanges fit.
const MAX_CASSETTE_BYTES: u64 = 16 * 1024 * 1024;

/// Where images of a page are asked for that is only read, never shown.
pub(crate) const UNSHOWN: &str = "course:";

/// The Markdown of a lesson.
pub(crate) struct Source {
    /// The one it is in.
    pub(crate) language: Language,
    /// Within the course.
    pub(crate) file: String,
    pub(crate) text: String,
}

/// One file of a lesson.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseFile {
    /// As the learner's program sees it: relative to `main.py`, with `/`.
    pub path: String,
    /// The bytes as they are on the disk.
    pub bytes: Vec<u8>,
}

/// Everything of a lesson besides its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LessonFiles {
    /// The file that runs: `main.py`, `main.js` or `main.go`.
    pub entry: &'static str,
    /// What the learner begins with; holds [`LessonFiles::entry`].
    pub starter: Vec<CourseFile>,
    /// Read-only files beside it; every path begins with `data/`.
    pub data: Vec<CourseFile>,
    /// The starter with the author's solution laid over it: complete, so it runs as it is. Empty
    /// when the lesson has no solution.
    pub solution: Vec<CourseFile>,
    /// In the author's order; empty when the lesson checks nothing.
    pub checks: Vec<Check>,
    /// The functions that checks call.
    pub checks_py: Option<String>,
    /// [`CASSETTE`] as the author wrote it: what a model and tools once answered. Who reads it is
    /// elsewhere.
    pub cassette: Option<String>,
}

impl Course {
    /// A lesson's text and hints in a language, or in the other one when it is missing. Images
    /// begin with `asset_base`, an address that ends with `/` and stands for the course's folder.
    ///
    /// # Errors
    /// [`CourseError::LessonNotFound`]; [`CourseError::Broken`] when the text is missing in both
    /// languages, larger than 1 MiB or not UTF-8. Hints that cannot be read are left out.
    pub fn open(
        &self,
        lesson: &str,
        language: Language,
        asset_base: &str,
    ) -> Result<LessonText, CourseError> {
        let lesson = self.listed(lesson)?;
        let folder = self.folder()?;
        let (language, file, text) =
            in_language(&folder, language, |language| lesson.text_file(language))?;
        let page = self.page(&file, language, asset_base);
        let Rendered {
            html,
            contents: body,
        } = markdown::render(&text, &page);
        let hints_file =
            |language: Language| format!("{}/hints.{}.md", lesson.path, language.code());
        let hints = match in_language(&folder, language, hints_file) {
            Ok((language, _, text)) => {
                let folder = &lesson.path;
                render_hints(
                    &text,
                    &Page {
                        language,
                        folder,
                        ..page
                    },
                )
            }
            Err(_) => Vec::new(),
        };
        Ok(LessonText {
            language,
            has_math: body.has_math || hints.iter().any(|hint| hint.contents.has_math),
            has_diagrams: body.has_diagrams || hints.iter().any(|hint| hint.contents.has_diagrams),
            html,
            outline: body.outline,
            hints: hints.into_iter().map(|hint| hint.html).collect(),
        })
    }

    /// The files of a lesson.
    ///
    /// # Errors
    /// [`CourseError::LessonNotFound`]; [`CourseError::Broken`] when the starter's `main.py` (or that of another language) is missing,
    /// a file cannot be given to a learner, or the checks have a mistake: a part of the checks
    /// could pass a lesson that is not done.
    pub fn files(&self, lesson: &str) -> Result<LessonFiles, CourseError> {
        let lesson = self.listed(lesson)?;
        let folder = self.folder()?;
        let entry = lesson.language.entry();
        let mut starter = read_all(&folder, &lesson.path, "starter", "")?;
        let is_read_only = |name: &str| {
            let place = folder.locate(&format!("{}/{name}", lesson.path));
            matches!(place, Err(Refusal::Missing))
        };
        if ["starter", "solution", "checks.toml"]
            .into_iter()
            .all(is_read_only)
        {
            // A lesson to be read: the editor is there to try things out.
            starter.push(CourseFile {
                path: entry.into(),
                bytes: Vec::new(),
            });
        }
        if starter.iter().all(|file| file.path != entry) {
            let file = format!("{}/starter/{entry}", lesson.path);
            return Err(Refusal::Missing.error(&file));
        }
        let data = read_all(&folder, &lesson.path, "data", "data/")?;
        let written = read_all(&folder, &lesson.path, "solution", "")?;
        let (checks, checks_py) = read_checks(&folder, lesson)?;
        let cassette = format!("{}/{CASSETTE}", lesson.path);
        let cassette = match folder.text_up_to(&cassette, MAX_CASSETTE_BYTES) {
            Ok(text) => Some(text),
            Err(Refusal::Missing) => None,
            Err(refusal) => return Err(refusal.error(&cassette)),
        };
        Ok(LessonFiles {
            entry,
            cassette,
            solution: laid_over(&starter, written),
            starter,
            data,
            checks,
            checks_py,
        })
    }

    /// The cells of a lesson's text in a language, or in the other one when it is missing, each as
    /// the program that runs when it does.
    ///
    /// # Errors
    /// As [`Course::open`].
    pub fn cells(&self, lesson: &str, language: Language) -> Result<Vec<Cell>, CourseError> {
        let Source {
            file,
            text,
            language,
        } = self.source(lesson, language)?;
        Ok(markdown::contents(&text, &self.page(&file, language, UNSHOWN)).cells)
    }

    /// A lesson's text as its author wrote it, in a language or in the other one.
    ///
    /// # Errors
    /// As [`Course::open`].
    pub(crate) fn source(&self, lesson: &str, language: Language) -> Result<Source, CourseError> {
        let lesson = self.listed(lesson)?;
        let text_file = |language| lesson.text_file(language);
        let (language, file, text) = in_language(&self.folder()?, language, text_file)?;
        Ok(Source {
            language,
            file,
            text,
        })
    }

    /// The page that the text of a lesson in `file` is.
    pub(crate) fn page<'a>(
        &'a self,
        file: &'a str,
        language: Language,
        asset_base: &'a str,
    ) -> Page<'a> {
        Page {
            course: self,
            folder: parent(file),
            asset_base,
            language,
            id_prefix: "h-",
        }
    }

    /// The questions of a lesson, in the author's order; empty when it has none.
    ///
    /// # Errors
    /// [`CourseError::LessonNotFound`]; [`CourseError::Broken`] when one of them has a mistake.
    pub fn questions(&self, lesson: &str) -> Result<Vec<Question>, CourseError> {
        let lesson = self.listed(lesson)?;
        let file = format!("{}/questions.toml", lesson.path);
        let text = match self.folder()?.text(&file) {
            Ok(text) => text,
            Err(Refusal::Missing) => return Ok(Vec::new()),
            Err(refusal) => return Err(refusal.error(&file)),
        };
        match questions::parse(&file, &text) {
            (questions, problems) if problems.is_empty() => Ok(questions),
            (_, mut problems) => Err(problems.swap_remove(0).into()),
        }
    }

    /// An image of the course and its media type: PNG, JPEG, GIF, WebP or SVG, at most 8 MiB and 50
    /// million pixels, those of pictures inside a drawing together.
    /// `path` is relative to the course's folder and not percent-encoded.
    ///
    /// # Errors
    /// [`CourseError::Broken`] for everything that is no such image inside the course.
    pub fn asset(&self, path: &str) -> Result<(Vec<u8>, &'static str), CourseError> {
        let Some(mime) = image_type(path) else {
            let reason = said!(
                "只显示 PNG、JPEG、GIF、WebP 和 SVG",
                "only PNG, JPEG, GIF, WebP and SVG are shown"
            );
            return Err(Refusal::Unfit(None, reason).error(path));
        };
        let bytes = self.folder()?.picture(path);
        Ok((bytes.map_err(|refusal| refusal.error(path))?, mime))
    }

    pub(crate) fn listed(&self, id: &str) -> Result<&Lesson, CourseError> {
        match self.lesson(id) {
            Some((_, lesson, ..)) => Ok(lesson),
            None => Err(CourseError::LessonNotFound(id.into())),
        }
    }

    pub(crate) fn folder(&self) -> Result<Folder, CourseError> {
        Folder::open(&self.dir).map_err(|error| CourseError::Io {
            file: String::new(),
            error,
        })
    }
}

/// A text in the language asked for, else in the other: the language, its file, the text.
fn in_language(
    folder: &Folder,
    language: Language,
    file: impl Fn(Language) -> String,
) -> Result<(Language, String, String), CourseError> {
    let asked = file(language);
    match folder.text(&asked) {
        Ok(text) => Ok((language, asked, text)),
        Err(Refusal::Missing) => {
            let other = file(language.other());
            let text = folder.text(&other).map_err(|refusal| match refusal {
                Refusal::Missing => Refusal::Missing.error(&asked),
                refusal => refusal.error(&other),
            })?;
            Ok((language.other(), other, text))
        }
        Err(refusal) => Err(refusal.error(&asked)),
    }
}

/// The folder of a file; empty for the course's own.
pub(crate) fn parent(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Each hint as a page of its own, with ids that clash neither with the text's nor each other's.
pub(crate) fn render_hints(text: &str, page: &Page<'_>) -> Vec<Rendered> {
    let render = |(index, hint): (usize, markdown::Section<'_>)| {
        let id_prefix = format!("h-hint{}-", index + 1);
        let page = Page {
            id_prefix: &id_prefix,
            ..*page
        };
        let mut rendered = markdown::render(hint.text, &page);
        rendered.contents.findings.shift(hint.line);
        rendered
    };
    markdown::sections(text)
        .into_iter()
        .enumerate()
        .map(render)
        .collect()
}

fn read_all(
    folder: &Folder,
    lesson: &str,
    name: &str,
    prefix: &str,
) -> Result<Vec<CourseFile>, CourseError> {
    let base = format!("{lesson}/{name}");
    let walk = folder.walk(&base);
    if let Some((path, refusal)) = walk.refused.into_iter().next() {
        return Err(refusal.error(&path));
    }
    let read = |path: String| {
        let inside = format!("{base}/{path}");
        let bytes = folder
            .bytes(&inside)
            .map_err(|refusal| refusal.error(&inside))?;
        Ok(CourseFile {
            path: format!("{prefix}{path}"),
            bytes,
        })
    };
    walk.files.into_iter().map(read).collect()
}

fn laid_over(starter: &[CourseFile], written: Vec<CourseFile>) -> Vec<CourseFile> {
    if written.is_empty() {
        return Vec::new();
    }
    let kept = |file: &&CourseFile| written.iter().all(|other| other.path != file.path);
    let mut files: Vec<_> = starter.iter().filter(kept).cloned().collect();
    files.extend(written);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn read_checks(
    folder: &Folder,
    lesson: &Lesson,
) -> Result<(Vec<Check>, Option<String>), CourseError> {
    let optional = |file: &str| match folder.text(file) {
        Ok(text) => Ok(Some(text)),
        Err(Refusal::Missing) => Ok(None),
        Err(refusal) => Err(refusal.error(file)),
    };
    let file = format!("{}/checks.toml", lesson.path);
    let checks = match optional(&file)? {
        None => Vec::new(),
        Some(text) => match checks::parse(&file, &text) {
            (checks, problems) if problems.is_empty() => checks,
            (_, mut problems) => return Err(problems.swap_remove(0).into()),
        },
    };
    Ok((checks, optional(&format!("{}/checks.py", lesson.path))?))
}

/// The media type of drawings.
pub(crate) const SVG: &str = "image/svg+xml";

/// The media type of a file name that may be shown as an image.
pub(crate) fn image_type(path: &str) -> Option<&'static str> {
    let (_, ending) = path.rsplit_once('.')?;
    match ending.to_ascii_lowercase().as_str() {
        "png" => Some("image/png"),
        "jpg" | "jpeg" => Some("image/jpeg"),
        "gif" => Some("image/gif"),
        "webp" => Some("image/webp"),
        "svg" => Some(SVG),
        _ => None,
    }
}
