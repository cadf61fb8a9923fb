//! What instructors need: the proof that a course works.

use crate::wire::{CheckStatus, CourseProblem, FileText};
use crate::{ApiResult, checks::dry_check, lessons};
use ha_course::CourseFile;
use ha_sandbox::Runner;
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
    /// What is wrong; empty for a course that may be handed out.
    pub problems: Vec<CourseProblem>,
}

/// Reads every file of the course in `folder`, then proves in the sandbox that every starter
/// fails and every solution passes.
///
/// # Errors
/// Those of the engine. What is wrong with the course is the answer, not an error.
pub async fn course_lint(runner: &dyn Runner, folder: &Path) -> ApiResult<CourseLint> {
    let (course, problems) = ha_course::lint(folder);
    let mut lint = CourseLint {
        course: course.id.clone(),
        lessons: 0,
        checks: 0,
        problems: problems.into_iter().map(lessons::wire_problem).collect(),
    };
    for lesson in course.chapters.iter().flat_map(|chapter| &chapter.lessons) {
        lint.lessons += 1;
        // A lesson that cannot be read is among the problems already.
        let Ok(files) = course.files(&lesson.id) else {
            continue;
        };
        if files.checks.is_empty() {
            continue;
        }
        lint.checks += files.checks.len();
        let starter = dry_check(runner, &files, file_texts(&files.starter)).await?;
        if starter
            .iter()
            .all(|check| check.status == CheckStatus::Pass)
        {
            lint.problems.push(CourseProblem {
                file: format!("{}/starter", lesson.path),
                line: None,
                reason: "the starter passes every check, so there is nothing to do".into(),
            });
        }
        let solution = dry_check(runner, &files, file_texts(&files.solution)).await?;
        for check in &solution {
            if check.status == CheckStatus::Pass {
                continue;
            }
            let difference = match (&check.expected, &check.got) {
                (Some(expected), Some(got)) => format!(" expected {expected:?}, got {got:?}"),
                _ => format!(" {:?} {}", check.outcome, check.output),
            };
            lint.problems.push(CourseProblem {
                file: format!("{}/solution", lesson.path),
                line: None,
                reason: format!(
                    "the solution does not pass {:?}: {}{difference}",
                    check.id, check.message
                ),
            });
        }
    }
    Ok(lint)
}

fn file_texts(files: &[CourseFile]) -> Vec<FileText> {
    let wire = |file: &CourseFile| FileText {
        path: file.path.clone(),
        text: lessons::text(&file.bytes),
    };
    files.iter().map(wire).collect()
}
