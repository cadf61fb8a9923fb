//! What instructors need: the proof that a course works.

use crate::bridge::{CassetteFile, TOOLS};
use crate::code::LessonCode;
use crate::prove;
use crate::wire::{CellProof, CodeAction, CourseProblem, FileText};
use crate::{ApiResult, lessons};
use ha_course::{CASSETTE, CodeRule, Course, CourseFile, Lesson, LessonFiles, said};
use ha_sandbox::Runner;
use ha_sandbox::policy::RuleId;
use std::path::Path;

/// What a course lint looked at and found.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CourseLint {
    /// The course's id.
    pub course: String,
    /// Lessons looked at.
    pub lessons: usize,
    /// Checks run, each over the starter and over the solution.
    pub checks: usize,
    /// Cells of the texts that were run, each language's.
    pub cells: Vec<CellProof>,
    /// What is wrong; empty for a course that may be handed out.
    pub problems: Vec<CourseProblem>,
}

/// Reads every file of the course in `folder`, then proves in the sandbox that every starter
/// fails, every solution passes and every cell runs.
///
/// # Errors
/// Those of the engine. What is wrong with the course is the answer, not an error.
pub async fn course_lint(runner: &dyn Runner, folder: &Path) -> ApiResult<CourseLint> {
    let (course, problems) = read_course(folder);
    let mut lint = CourseLint {
        course: course.id.clone(),
        lessons: 0,
        checks: 0,
        cells: Vec::new(),
        problems,
    };
    for lesson in course.chapters.iter().flat_map(|chapter| &chapter.lessons) {
        let proof = prove::lesson(runner, &course, lesson).await?;
        lint.lessons += 1;
        lint.checks += proof.checks;
        lint.cells.extend(proof.cells);
        lint.problems.extend(proof.problems);
    }
    Ok(lint)
}

/// A course and everything that reading alone finds wrong.
pub(crate) fn read_course(folder: &Path) -> (Course, Vec<CourseProblem>) {
    let (course, problems) = ha_course::lint(folder);
    let mut problems: Vec<_> = problems.into_iter().map(lessons::wire_problem).collect();
    problems.extend(unknown_rules(&course));
    problems.extend(unknown_tools(&course));
    (course, problems)
}

/// Tools that a lesson offers and nobody has: most often misspelt.
fn unknown_tools(course: &Course) -> Vec<CourseProblem> {
    let lessons = course.chapters.iter().flat_map(|chapter| &chapter.lessons);
    let offered =
        lessons.flat_map(|lesson| lesson.agent.tools.iter().map(move |tool| (lesson, tool)));
    let unknown = offered.filter(|(_, tool)| !TOOLS.contains(&tool.as_str()));
    let problem = |(lesson, tool): (&Lesson, &String)| CourseProblem {
        file: "course.toml".into(),
        line: None,
        reason: said!(
            "课 {:?} 提供的工具 {tool:?} 不存在；可以用的工具是 {}",
            "lesson {:?} offers the tool {tool:?}; the tools are {}",
            lesson.id,
            TOOLS.join(", ")
        )
        .into(),
    };
    unknown.map(problem).collect()
}

/// What is wrong with the recorded replies.
pub(crate) fn cassette(lesson: &Lesson, files: &LessonFiles) -> Vec<CourseProblem> {
    let file = format!("{}/{CASSETTE}", lesson.path);
    let Some(text) = &files.cassette else {
        return Vec::new();
    };
    CassetteFile::read(&file, text).problems
}

/// Rules of the code check that an author named and nobody knows: most often misspelt.
fn unknown_rules(course: &Course) -> Vec<CourseProblem> {
    let lessons = course
        .chapters
        .iter()
        .flat_map(|chapter| &chapter.lessons)
        .flat_map(|lesson| &lesson.code_check);
    let unknown = course
        .code_check
        .iter()
        .chain(lessons)
        .filter(|said| RuleId::named(&said.rule).is_none());
    let known = RuleId::ALL.map(RuleId::name).join(", ");
    let problem = |said: &CodeRule| CourseProblem {
        file: "course.toml".into(),
        line: Some(said.line),
        reason: said!(
            "代码检查没有 {:?} 这条规则；规则有 {known}",
            "the code check has no rule {:?}; the rules are {known}",
            said.rule
        )
        .into(),
    };
    unknown.map(problem).collect()
}

/// Code that the author gives and the author's own rules would not let start.
pub(crate) fn denied_code(
    code: &LessonCode,
    lesson: &str,
    files: &LessonFiles,
) -> Vec<CourseProblem> {
    // What the solution takes over from the starter is told once.
    let own = files.solution.iter();
    let own: Vec<CourseFile> = own
        .filter(|file| !files.starter.contains(file))
        .cloned()
        .collect();
    let parts = [("starter", &files.starter), ("solution", &own)];
    let denied = parts.into_iter().flat_map(|(name, files)| {
        let found = code.check(&file_texts(files)).into_iter();
        found
            .filter(|found| found.action == CodeAction::Deny)
            .map(move |found| CourseProblem {
                file: format!("{lesson}/{name}/{}", found.path),
                line: Some(found.line),
                reason: said!(
                    "这里用了 {}，而这一课不允许用，所以程序不会启动",
                    "this uses {}, which the lesson denies, so it would not start",
                    found.name
                )
                .into(),
            })
    });
    denied.collect()
}

pub(crate) fn file_texts(files: &[CourseFile]) -> Vec<FileText> {
    let wire = |file: &CourseFile| FileText {
        path: file.path.clone(),
        text: lessons::text(&file.bytes),
    };
    files.iter().map(wire).collect()
}
