//! Reads a whole course the way an author would want it read: everything, twice, in detail.
//!
//! Says what is wrong and stops at nothing. Runs no program.

use crate::bundle::{is_secret_key, secret_inside};
use crate::checks::{Check, CheckKind};
use crate::drift::drift;
use crate::folder::{Folder, Refusal};
use crate::lesson::{parent, render_hints};
use crate::manifest::{MANIFEST, load};
use crate::markdown::{self, Findings, Page, Rendered};
use crate::model::{Course, Language, Lesson, Problem, ProgramLanguage, Words};
use crate::{checks, errors, lesson, questions};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What a lesson's folder may hold; everything else is most often a misspelt name.
const KNOWN: [&str; 14] = [
    lesson::CASSETTE,
    "checks.py",
    "checks.toml",
    "data",
    errors::FILE,
    "hints.en.md",
    "hints.zh.md",
    "images",
    "lesson.en.md",
    "lesson.zh.md",
    "questions.toml",
    "README.md",
    "solution",
    "starter",
];

/// How deep the whole folder is looked through; a bundle's folders nest no deeper.
const MAX_DEPTH: usize = 16;

/// What lies beside `main.py` while checks run.
const TAKEN: [&str; 6] = [
    "_behaviour.py",
    "_declared.py",
    "_harness.py",
    "_sandbox.py",
    "checks.py",
    "hacheck.py",
];

/// Reads the course in `dir` with every file of every lesson. Never panics, never fails: an empty
/// list means that the course may be handed out, as far as reading can tell.
pub fn lint(dir: &Path) -> (Course, Vec<Problem>) {
    let (course, mut problems) = load(dir);
    if let Ok(folder) = course.folder() {
        let mut linter = Linter {
            course: &course,
            folder: &folder,
            problems: Vec::new(),
            anchors: BTreeMap::new(),
            wanted: Vec::new(),
        };
        for lesson in course.lessons() {
            linter.lesson(lesson);
        }
        linter.problems.extend(course.lint_errors(errors::FILE));
        linter.missing_anchors();
        linter.unlisted();
        linter.secret_keys("", 0);
        problems.extend(linter.problems);
    }
    (course, problems)
}

/// A link to a heading: where it stands, and the lesson and anchor it leads to.
struct Wanted {
    file: String,
    line: u32,
    lesson: String,
    language: Language,
    anchor: String,
}

struct Linter<'a> {
    course: &'a Course,
    folder: &'a Folder,
    problems: Vec<Problem>,
    /// The headings of every text.
    anchors: BTreeMap<(String, &'static str), BTreeSet<String>>,
    wanted: Vec<Wanted>,
}

impl Linter<'_> {
    fn tell(&mut self, file: impl Into<String>, line: Option<u32>, reason: Words) {
        self.problems.push(Problem {
            file: file.into(),
            line,
            reason,
        });
    }

    fn lesson(&mut self, lesson: &Lesson) {
        self.texts(lesson);
        self.hints(lesson);
        self.program_files(lesson);
        self.checks(lesson);
        self.questions(lesson);
        let errors = format!("{}/{}", lesson.path, errors::FILE);
        self.problems.extend(self.course.lint_errors(&errors));
        self.known_names(lesson);
    }

    /// A file that need not be there.
    fn optional(&mut self, file: &str) -> Option<String> {
        match self.folder.text(file) {
            Ok(text) => Some(text),
            Err(Refusal::Missing) => None,
            Err(refusal) => {
                self.problems.push(refusal.problem(file));
                None
            }
        }
    }

    fn texts(&mut self, lesson: &Lesson) {
        let mut shapes = Vec::new();
        for language in Language::ALL {
            let file = lesson.text_file(language);
            let there = self.folder.locate(&file).is_ok();
            let Some(text) = self.optional(&file) else {
                let is_said = self.course.languages.contains(&language);
                if is_said && !there && self.problems.last().is_none_or(|last| last.file != file) {
                    self.tell(
                        &file,
                        None,
                        said!(
                            "缺少这种语言的课文，会改为显示另一种",
                            "this language is missing; the other is shown instead"
                        ),
                    );
                }
                continue;
            };
            if text.trim().is_empty() {
                self.tell(&file, None, said!("这一课是空的", "the lesson is empty"));
            }
            let page = self.page(parent(&file), language, "h-");
            let contents = markdown::contents(&text, &page);
            let anchors = contents.outline.iter();
            let anchors = anchors.filter_map(|heading| heading.id.strip_prefix("h-"));
            self.anchors.insert(
                (lesson.id.clone(), language.code()),
                anchors.map(str::to_string).collect(),
            );
            shapes.push(contents.shape);
            self.findings(&file, lesson, language, contents.findings);
        }
        match &shapes[..] {
            [] => self.tell(
                &lesson.path,
                None,
                said!(
                    "lesson.zh.md 和 lesson.en.md 都没有",
                    "there is no lesson.zh.md and no lesson.en.md"
                ),
            ),
            [zh, en] => {
                for reason in drift(zh, en) {
                    self.tell(lesson.text_file(Language::En), None, reason);
                }
            }
            _ => {}
        }
    }

    fn hints(&mut self, lesson: &Lesson) {
        let mut counts = Vec::new();
        for language in Language::ALL {
            let file = format!("{}/hints.{}.md", lesson.path, language.code());
            let Some(text) = self.optional(&file) else {
                continue;
            };
            let page = self.page(&lesson.path, language, "h-");
            let hints = render_hints(&text, &page);
            let first = text.lines().position(|line| !line.trim().is_empty());
            let first = first.and_then(|at| Some((at, text.lines().nth(at)?)));
            match first {
                None => {
                    let reason = said!("这个文件里没有提示", "there is no hint in this file");
                    self.tell(&file, None, reason);
                }
                Some((at, line)) if !line.starts_with("## ") => {
                    let reason = said!(
                        "提示要以标题 `## …` 开头，每个标题开始一条",
                        "hints must begin with a heading `## …`; each heading begins one"
                    );
                    self.tell(&file, Some(at as u32 + 1), reason);
                }
                Some(_) => {}
            }
            counts.push((hints.len(), language));
            for Rendered { contents, .. } in hints {
                self.findings(&file, lesson, language, contents.findings);
            }
        }
        let file = |language: Language| format!("{}/hints.{}.md", lesson.path, language.code());
        let starter = self.folder.locate(&format!("{}/starter", lesson.path));
        let has_exercise = starter.is_ok();
        match counts[..] {
            [] if has_exercise => {
                let reason = said!("这一课没有提示", "the lesson has no hints");
                self.tell(file(Language::Zh), None, reason);
            }
            [(_, only)] if self.course.languages.contains(&only.other()) => {
                let reason = said!("这种语言没有提示", "this language has no hints");
                self.tell(file(only.other()), None, reason);
            }
            [(zh, _), (en, _)] if zh != en => {
                let reason = said!(
                    "英文有 {en} 条提示，中文有 {zh} 条：是不是漏了？",
                    "{en} hints here, {zh} in Chinese: has one been forgotten?"
                );
                self.tell(file(Language::En), None, reason);
            }
            _ => {}
        }
    }

    fn page<'p>(&'p self, folder: &'p str, language: Language, id_prefix: &'p str) -> Page<'p> {
        Page {
            course: self.course,
            folder,
            asset_base: "course:",
            language,
            id_prefix,
        }
    }

    fn findings(&mut self, file: &str, lesson: &Lesson, language: Language, found: Findings) {
        for found in found.problems {
            self.tell(file, Some(found.line), found.reason);
        }
        for (line, image) in found.images {
            if let Err(refusal) = self.folder.picture(&image) {
                let why = refusal.problem(&image).reason;
                let reason = said!("图片 {image}：{why}", "the image {image}: {why}"; why);
                self.tell(file, Some(line), reason);
            }
        }
        for (line, target, anchor) in found.anchors {
            self.wanted.push(Wanted {
                file: file.into(),
                line,
                lesson: target.unwrap_or_else(|| lesson.id.clone()),
                language,
                anchor,
            });
        }
    }

    fn missing_anchors(&mut self) {
        for wanted in std::mem::take(&mut self.wanted) {
            let key = |language: Language| (wanted.lesson.clone(), language.code());
            let anchors = self.anchors.get(&key(wanted.language));
            let anchors = anchors.or_else(|| self.anchors.get(&key(wanted.language.other())));
            if !anchors.is_some_and(|anchors| anchors.contains(&wanted.anchor)) {
                let reason = said!(
                    "那里没有锚点是 #{} 的标题",
                    "no heading there has the anchor #{}",
                    wanted.anchor
                );
                self.tell(wanted.file, Some(wanted.line), reason);
            }
        }
    }

    fn program_files(&mut self, lesson: &Lesson) {
        let mut has_checks = self
            .folder
            .locate(&format!("{}/checks.toml", lesson.path))
            .is_ok();
        let mut count = 0;
        let there = |name: &str| {
            self.folder
                .locate(&format!("{}/{name}", lesson.path))
                .is_ok()
        };
        let is_reading = !there("starter") && !there("solution") && !has_checks;
        for name in ["starter", "data", "solution"] {
            let base = format!("{}/{name}", lesson.path);
            let walk = self.folder.walk(&base);
            for (path, refusal) in walk.refused {
                self.problems.push(refusal.problem(&path));
            }
            if name != "solution" {
                count += walk.files.len();
            }
            for path in &walk.files {
                let inside = format!("{base}/{path}");
                // Only data may be no text: the learner edits the rest.
                let read = match name {
                    "data" => self.folder.bytes(&inside).map(drop),
                    _ => self.folder.text(&inside).map(drop),
                };
                if let Err(refusal) = read {
                    self.problems.push(refusal.problem(&inside));
                }
                if name == "starter" && path.starts_with("data/") {
                    let reason = said!(
                        "data/ 是放这一课只读文件的地方，请换个名字",
                        "data/ is where the lesson's read-only files appear; choose another name"
                    );
                    self.tell(&inside, None, reason);
                }
                if name != "data" && TAKEN.contains(&path.as_str()) {
                    let reason = said!(
                        "检查自己要用这个文件名，请换一个",
                        "the checks bring a file of this name; choose another"
                    );
                    self.tell(&inside, None, reason);
                }
            }
            let entry = lesson.language.entry();
            let has_main = walk.files.iter().any(|path| path == entry);
            match name {
                "starter" if !has_main && !is_reading => {
                    self.tell(
                        format!("{base}/{entry}"),
                        None,
                        said!("起始代码里要有 {entry}", "the starter needs a {entry}"),
                    );
                    has_checks = false;
                }
                "solution" if walk.files.is_empty() && has_checks => {
                    let reason = said!(
                        "有检查，却没有参考答案，没法证明检查能够通过",
                        "there are checks but no solution, so nothing proves that they can pass"
                    );
                    self.tell(&base, None, reason);
                }
                _ => {}
            }
        }
        if count > 64 {
            let reason = said!(
                "起始代码和数据一共 {count} 个文件，沙箱最多装 64 个",
                "{count} files in starter and data; the sandbox takes 64"
            );
            self.tell(&lesson.path, None, reason);
        }
    }

    /// A word that no program can have would never be missed, or always.
    fn words_of_code(&mut self, file: &str, check: &Check) {
        let CheckKind::Code { uses, avoids } = &check.kind else {
            return;
        };
        for word in uses.iter().chain(avoids) {
            if !checks::can_be_used(word) {
                let reason = said!(
                    "检查 {:?} 找的是 {word:?}，没有哪个程序里会有它：可以写语法里的词、名字、`print()`、`.append()` 或 `import re`",
                    "check {:?} looks for {word:?}, which no program can have: write a word of the syntax, a name, `print()`, `.append()` or `import re`",
                    check.id
                );
                self.tell(file, None, reason);
            }
        }
    }

    fn checks(&mut self, lesson: &Lesson) {
        let python_file = format!("{}/checks.py", lesson.path);
        let python = self.optional(&python_file);
        let file = format!("{}/checks.toml", lesson.path);
        let Some(text) = self.optional(&file) else {
            if python.is_some() {
                let reason = said!(
                    "没有 checks.toml 列出这些检查",
                    "no checks.toml lists these checks"
                );
                self.tell(&python_file, None, reason);
            }
            return;
        };
        let (checks, problems) = checks::parse(&file, &text);
        self.problems.extend(problems);
        let defined = python.as_deref().map(defined_functions).unwrap_or_default();
        let solution = format!("{}/solution", lesson.path);
        let has_solution = self.folder.locate(&solution).is_ok();
        let mut called = BTreeSet::new();
        for check in &checks {
            self.words_of_code(&file, check);
            if lesson.language != ProgramLanguage::Python && !check.kind.is_for_every_language() {
                let reason = said!(
                    "检查 {:?} 看的是 Python，而这一课的程序用 {} 写：只能用 \"output\" 这一种检查",
                    "check {:?} looks at Python, and the lesson is written in {}: only checks of type \"output\" can",
                    check.id,
                    lesson.language.name()
                );
                self.tell(&file, None, reason);
                continue;
            }
            let CheckKind::Python { function } = &check.kind else {
                if matches!(check.kind, CheckKind::Compare { .. }) && !has_solution {
                    let reason = said!(
                        "检查 {:?} 要和参考答案对比，可是没有参考答案",
                        "check {:?} compares with a solution that is not there",
                        check.id
                    );
                    self.tell(&file, None, reason);
                }
                continue;
            };
            called.insert(function.as_str());
            if !defined.contains_key(function.as_str()) {
                let line = text
                    .lines()
                    .position(|line| line.contains(function.as_str()));
                let reason = said!(
                    "checks.py 里没有函数 {function}",
                    "checks.py has no function {function}"
                );
                self.tell(&file, line.map(|line| line as u32 + 1), reason);
            }
        }
        for (function, line) in defined {
            if function.starts_with("test_") && !called.contains(function) {
                let reason = said!(
                    "没有哪个 [[check]] 用到 {function}，它永远不会运行",
                    "{function} is in no [[check]], so it never runs"
                );
                self.tell(&python_file, Some(line), reason);
            }
        }
    }

    fn questions(&mut self, lesson: &Lesson) {
        let file = format!("{}/questions.toml", lesson.path);
        if let Some(text) = self.optional(&file) {
            self.problems.extend(questions::parse(&file, &text).1);
        }
    }

    fn known_names(&mut self, lesson: &Lesson) {
        for (name, is_dir) in self.folder.names(&lesson.path).unwrap_or_default() {
            let inside = format!("{}/{name}", lesson.path);
            let holds_lesson = is_dir
                && self.course.lessons().any(|other| {
                    other.path == inside || other.path.starts_with(&format!("{inside}/"))
                });
            if !KNOWN.contains(&name.as_str())
                && !holds_lesson
                && lesson::image_type(&name).is_none()
            {
                let reason = said!(
                    "{name:?} 不是一课里该有的：是不是名字写错了？",
                    "{name:?} is not a part of a lesson: is it misspelt?"
                );
                self.tell(inside, None, reason);
            }
        }
    }

    /// Folders that hold a lesson which no chapter lists: most often a lesson somebody forgot.
    fn unlisted(&mut self) {
        let mut folders = vec![(String::new(), 0)];
        while let Some((path, depth)) = folders.pop() {
            for (name, is_dir) in self.folder.names(&path).unwrap_or_default() {
                let inside = match path.as_str() {
                    "" => name.clone(),
                    path => format!("{path}/{name}"),
                };
                let is_lesson = Language::ALL
                    .iter()
                    .any(|language| name == format!("lesson.{}.md", language.code()));
                let is_listed = self
                    .course
                    .lessons()
                    .any(|lesson| lesson.path == path || lesson.is_text(&inside));
                if is_lesson && !is_listed {
                    let reason = said!(
                        "{MANIFEST} 里没有哪一课用这个文件夹",
                        "{MANIFEST} lists no lesson with this folder"
                    );
                    let told = self.problems.iter().any(|problem| problem.file == path);
                    if !told {
                        self.tell(&path, None, reason);
                    }
                }
                if is_dir && depth < 4 {
                    folders.push((inside.clone(), depth + 1));
                }
            }
        }
    }

    /// An author's key that lies in the folder that will be handed out.
    fn secret_keys(&mut self, path: &str, depth: usize) {
        for (name, is_dir) in self.folder.names(path).unwrap_or_default() {
            let inside = match path {
                "" => name,
                path => format!("{path}/{name}"),
            };
            if is_dir && depth < MAX_DEPTH {
                self.secret_keys(&inside, depth + 1);
            } else if !is_dir
                && self
                    .folder
                    .beginning(&inside)
                    .is_ok_and(|bytes| is_secret_key(&bytes))
            {
                self.tell(inside, None, secret_inside());
            }
        }
    }
}

/// Functions at the left edge of a Python file, with their lines.
fn defined_functions(python: &str) -> BTreeMap<&str, u32> {
    fn defined((index, line): (usize, &str)) -> Option<(&str, u32)> {
        let rest = line
            .strip_prefix("async ")
            .unwrap_or(line)
            .strip_prefix("def ")?;
        let name = rest.split(['(', ' ', '[']).next()?;
        Some((name, index as u32 + 1))
    }
    python.lines().enumerate().filter_map(defined).collect()
}
