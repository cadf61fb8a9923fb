//! `course.toml` to a [`Course`]: cheap, lenient, never failing.
//!
//! Looks at the lessons' folders only to see that they are there; [`crate::lint`] looks inside.

use crate::code_check;
use crate::folder::{Folder, Refusal, is_plain_path};
use crate::lesson_table;
use crate::model::{Chapter, Course, Language, Lesson, Mirror, Problem, ProgramLanguage, Words};
use crate::toml_text::{Table, TomlText, is_kebab_case};
use std::collections::BTreeMap;
use std::path::Path;
use toml::de::DeTable;

/// The format this version of the app reads and writes.
pub const FORMAT_VERSION: u32 = 1;
/// The manifest's name.
pub(crate) const MANIFEST: &str = "course.toml";
/// What the manifest may say of the course.
pub(crate) const COURSE_KEYS: [&str; 11] = [
    "format_version",
    "id",
    "version",
    "title",
    "summary",
    "languages",
    "authors",
    "license",
    "code_check",
    "mirror",
    "chapter",
];
/// What it may say of a chapter.
pub(crate) const CHAPTER_KEYS: [&str; 3] = ["id", "title", "lesson"];
/// Shown for a lesson whose author gave no time.
const DEFAULT_MINUTES: u32 = 10;

/// Reads the manifest of the course in `dir`. Lessons that cannot be used are left out; why is
/// among the problems. Never panics, never fails: a folder that is no course gives an empty one.
pub fn load(dir: &Path) -> (Course, Vec<Problem>) {
    let read = Folder::open(dir)
        .map_err(Refusal::Io)
        .and_then(|folder| Ok((folder.text(MANIFEST)?, folder)));
    match read {
        Ok((text, folder)) => of_text(dir, &text, &|path| folder.check_dir(path)),
        Err(refusal) => (empty(dir), vec![refusal.problem(MANIFEST)]),
    }
}

/// [`load`] of a manifest that need not lie on the disk: `check_dir` knows which folders are there.
pub(crate) fn of_text(
    dir: &Path,
    text: &str,
    check_dir: &dyn Fn(&str) -> Result<(), Refusal>,
) -> (Course, Vec<Problem>) {
    let mut course = empty(dir);
    let mut toml = TomlText::new(MANIFEST, text);
    let table = toml.parse();
    let is_newer = fill_head(&mut course, &mut toml, &table);
    if !is_newer {
        let mut reader = Reader {
            check_dir,
            toml: &mut toml,
            chapters: BTreeMap::new(),
            lessons: BTreeMap::new(),
            paths: BTreeMap::new(),
        };
        course.chapters = reader.chapters(&table);
        lesson_table::check_prerequisites(&mut toml, &table, &course);
    }
    let mut problems = toml.problems;
    problems.sort_by_key(|problem| problem.line);
    (course, problems)
}

/// What there is to say about a course whose manifest says nothing.
pub(crate) fn empty(dir: &Path) -> Course {
    let name = dir
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    Course {
        id: name.clone(),
        version: "0.0.0".into(),
        title: Words::same(name),
        summary: Words::default(),
        license: String::new(),
        languages: Language::ALL.into(),
        authors: Vec::new(),
        code_check: Vec::new(),
        mirrors: Vec::new(),
        chapters: Vec::new(),
        dir: dir.to_path_buf(),
    }
}

/// Everything above the chapters. True when the course is of a format we cannot know.
fn fill_head(course: &mut Course, toml: &mut TomlText<'_>, table: &DeTable<'_>) -> bool {
    let format = toml.number(table, "format_version");
    let at = table.get("format_version").map(toml::Spanned::span);
    let is_newer = format.is_some_and(|format| format > FORMAT_VERSION);
    match format {
        Some(FORMAT_VERSION) => {}
        Some(format) if is_newer => {
            let reason = said!(
                "需要更新的 HelloAgents：课程的格式是 {format}，这一版只读到 {FORMAT_VERSION}",
                "needs a newer HelloAgents: the course has format {format}, this one reads {FORMAT_VERSION}"
            );
            toml.problem(at, reason);
        }
        Some(format) => toml.problem(
            at,
            said!(
                "从来没有格式 {format}，请写 1",
                "format {format} never existed; write 1"
            ),
        ),
        None if at.is_none() => toml.problem(
            None,
            said!(
                "缺少 `format_version = 1`",
                "`format_version = 1` is missing"
            ),
        ),
        None => {}
    }
    if !is_newer {
        toml.expect_keys(table, &COURSE_KEYS);
    }
    if let Some(id) = toml.id(table, 0..0) {
        course.id = id;
    } else if !is_kebab_case(&course.id) {
        let reason = said!(
            "没有 id，文件夹的名字又不能当 id 用",
            "the folder's name cannot stand in for the missing id"
        );
        toml.problem(None, reason);
    }
    match toml.words(table, "title") {
        Some(title) => course.title = title,
        None if table.contains_key("title") => {}
        None => toml.problem(None, said!("缺少 `title`", "`title` is missing")),
    }
    course.summary = toml.words(table, "summary").unwrap_or_default();
    course.languages = languages(toml, table);
    course.authors = toml.strings(table, "authors").unwrap_or_default();
    match toml.string(table, "version") {
        Some(version) => course.version = version,
        None if table.contains_key("version") => {}
        None => toml.problem(
            None,
            said!(
                "缺少 `version`，例如 \"1.0.0\"",
                "`version` is missing, for example \"1.0.0\""
            ),
        ),
    }
    course.license = license(toml, table);
    course.mirrors = mirrors(toml, table);
    course.code_check = code_check::read(toml, table);
    is_newer
}

/// The line about licence and attribution, of the course or of a lesson.
pub(crate) fn license(toml: &mut TomlText<'_>, table: &DeTable<'_>) -> String {
    let license = toml.string(table, "license").unwrap_or_default();
    if !license.contains(['\n', '\r']) {
        return license;
    }
    let at = table.get("license").map(toml::Spanned::span);
    let reason = said!(
        "`license` 只能写一行，每一课都会显示它",
        "`license` must be one line; every lesson shows it"
    );
    toml.problem(at, reason);
    license.replace(['\r', '\n'], " ")
}

/// The languages of the lessons; both when nothing, or nothing that can be meant, is said.
fn languages(toml: &mut TomlText<'_>, table: &DeTable<'_>) -> Vec<Language> {
    let Some(said) = toml.placed_strings(table, "languages") else {
        return Language::ALL.into();
    };
    let is_said = |one: &Language| said.iter().any(|code| code.get_ref() == one.code());
    let languages: Vec<_> = Language::ALL.into_iter().filter(is_said).collect();
    for code in &said {
        if Language::ALL.iter().all(|one| one.code() != code.get_ref()) {
            let reason = said!(
                "课文没有 {:?} 这种语言：只能写 \"zh\" 或 \"en\"",
                "{:?} is no language of lessons: write \"zh\" or \"en\"",
                code.get_ref()
            );
            toml.problem(Some(code.span()), reason);
        }
    }
    if said.is_empty() {
        let at = table.get("languages").map(toml::Spanned::span);
        let reason = said!(
            "`languages` 至少写一种：[\"zh\"]、[\"en\"]，或者两种都写",
            "`languages` must name one: [\"zh\"], [\"en\"] or both"
        );
        toml.problem(at, reason);
    }
    match languages.is_empty() {
        true => Language::ALL.into(),
        false => languages,
    }
}

fn mirrors(toml: &mut TomlText<'_>, table: &DeTable<'_>) -> Vec<Mirror> {
    let mut mirrors = Vec::new();
    for table in toml.tables(table, "mirror") {
        let (at, table) = (table.span(), *table.get_ref());
        toml.expect_keys(table, &["from", "to"]);
        let from = toml.string(table, "from").unwrap_or_default();
        let to = toml.string(table, "to").unwrap_or_default();
        let is_address = from.starts_with("https://") && from.ends_with('/');
        if is_address && (to.is_empty() || is_plain_path(&to)) {
            mirrors.push(Mirror { from, to });
        } else {
            let reason = said!(
                "[[mirror]] 要写 from = \"https://…/\" 和 to = 课程里的一个文件夹",
                "[[mirror]] needs from = \"https://…/\" and to = a folder of the course"
            );
            toml.problem(Some(at), reason);
        }
    }
    mirrors
}

/// The chapters while they are read, with the lines on which names were first used.
struct Reader<'r, 'a> {
    check_dir: &'r dyn Fn(&str) -> Result<(), Refusal>,
    toml: &'r mut TomlText<'a>,
    chapters: BTreeMap<String, ()>,
    lessons: BTreeMap<String, ()>,
    paths: BTreeMap<String, String>,
}

impl Reader<'_, '_> {
    fn chapters(&mut self, table: &DeTable<'_>) -> Vec<Chapter> {
        let tables = self.toml.tables(table, "chapter");
        if tables.is_empty() {
            self.toml.problem(
                None,
                said!(
                    "课程里没有 [[chapter]]，没有东西可读",
                    "the course has no [[chapter]], so there is nothing to read"
                ),
            );
        }
        tables
            .into_iter()
            .filter_map(|table| self.chapter(&table))
            .collect()
    }

    fn chapter(&mut self, table: &Table<'_>) -> Option<Chapter> {
        let (at, table) = (table.span(), *table.get_ref());
        self.toml.expect_keys(table, &CHAPTER_KEYS);
        let id = self.toml.id(table, at.clone())?;
        if self.chapters.insert(id.clone(), ()).is_some() {
            let reason = said!(
                "章 {id:?} 列了两次，第二个不算",
                "chapter {id:?} is listed twice; the second is left out"
            );
            self.toml.problem(Some(at), reason);
            return None;
        }
        let title = self.title(table, at.clone(), &id);
        let tables = self.toml.tables(table, "lesson");
        let lessons: Vec<Lesson> = tables
            .into_iter()
            .filter_map(|table| self.lesson(&table))
            .collect();
        if lessons.is_empty() {
            let reason = said!(
                "章 {id:?} 里没有能用的课，不显示这一章",
                "chapter {id:?} has no usable lesson and is left out"
            );
            self.toml.problem(Some(at), reason);
            return None;
        }
        Some(Chapter { id, title, lessons })
    }

    fn lesson(&mut self, table: &Table<'_>) -> Option<Lesson> {
        let (at, table) = (table.span(), *table.get_ref());
        self.toml.expect_keys(table, &lesson_table::KEYS);
        let id = self.toml.id(table, at.clone())?;
        if self.lessons.insert(id.clone(), ()).is_some() {
            let reason = said!(
                "课 {id:?} 列了两次，第二个不算",
                "lesson {id:?} is listed twice; the second is left out"
            );
            self.toml.problem(Some(at), reason);
            return None;
        }
        let text = lesson_table::texts(self.toml, table);
        let path = match &text {
            Some(_) if !table.contains_key("path") => format!("lessons/{id}"),
            _ => self.path(table, at.clone(), &id)?,
        };
        let title = self.title(table, at.clone(), &id);
        let minutes = self.toml.number(table, "minutes").unwrap_or_else(|| {
            if !table.contains_key("minutes") {
                let reason = said!(
                    "课 {id:?} 没有写 `minutes`，显示为 10 分钟",
                    "lesson {id:?} has no `minutes`; 10 are shown"
                );
                self.toml.problem(Some(at), reason);
            }
            DEFAULT_MINUTES
        });
        let language = lesson_table::language(self.toml, table);
        let mut needs = lesson_table::needs(self.toml, table);
        // Only the engine of containers has other languages.
        needs.docker |= language != ProgramLanguage::Python;
        Some(Lesson {
            id,
            title,
            minutes,
            path,
            text,
            license: license(self.toml, table),
            prerequisites: self
                .toml
                .strings(table, "prerequisites")
                .unwrap_or_default(),
            language,
            needs,
            agent: lesson_table::agent(self.toml, table),
            solution_after: lesson_table::solution_rule(self.toml, table),
            code_check: code_check::read(self.toml, table),
        })
    }

    /// The folder of a lesson, which must be a folder inside the course that no other lesson has.
    fn path(
        &mut self,
        table: &DeTable<'_>,
        at: std::ops::Range<usize>,
        id: &str,
    ) -> Option<String> {
        let at = table.get("path").map_or(at, toml::Spanned::span);
        let Some(path) = self.toml.string(table, "path") else {
            if !table.contains_key("path") {
                let reason = said!(
                    "课 {id:?} 没有写 `path`，不显示这一课",
                    "lesson {id:?} has no `path`, so it is left out"
                );
                self.toml.problem(Some(at), reason);
            }
            return None;
        };
        if !is_plain_path(&path) {
            let reason = said!(
                "课 {id:?} 的路径 {path:?} 必须是课程里的一个文件夹，用 / 分隔",
                "path {path:?} of lesson {id:?} must be a folder inside the course, written with /"
            );
            self.toml.problem(Some(at), reason);
            return None;
        }
        // Two names that differ only in case are one folder on Windows and macOS.
        if let Some(other) = self.paths.insert(path.to_lowercase(), id.to_string()) {
            let reason = said!(
                "课 {other:?} 和 {id:?} 用了同一个文件夹 {path:?}",
                "lessons {other:?} and {id:?} share the folder {path:?}"
            );
            self.toml.problem(Some(at), reason);
            return None;
        }
        if let Err(refusal) = (self.check_dir)(&path) {
            let why = match refusal {
                Refusal::Missing => said!("不存在", "it does not exist"),
                other => other.problem("").reason,
            };
            let reason = said!(
                "课 {id:?} 的文件夹 {path:?}：{why}",
                "folder {path:?} of lesson {id:?}: {why}";
                why
            );
            self.toml.problem(Some(at), reason);
            return None;
        }
        Some(path)
    }

    fn title(&mut self, table: &DeTable<'_>, at: std::ops::Range<usize>, id: &str) -> Words {
        self.toml.words(table, "title").unwrap_or_else(|| {
            if !table.contains_key("title") {
                let reason = said!(
                    "{id:?} 没有写 `title`，显示它的 id",
                    "{id:?} has no `title`; the id is shown"
                );
                self.toml.problem(Some(at), reason);
            }
            Words::same(id)
        })
    }
}
