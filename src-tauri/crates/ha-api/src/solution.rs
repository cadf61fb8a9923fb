//! The author's solution of a lesson: handed out when the author's rule lets a learner see it, and
//! never before.

use crate::wire::{FileText, LessonRef, LessonSolution};
use crate::{ApiResult, App, lessons};
use ha_course::{LessonFiles, SolutionRule};
use ha_store::{ProgressRow, ProgressState};

impl App {
    /// The solution of a lesson, or when it may be seen. Records nothing.
    ///
    /// # Errors
    /// `course_not_found`, `lesson_not_found`, `lesson_broken`, those of the store.
    pub async fn lesson_solution(&self, lesson: &LessonRef) -> ApiResult<LessonSolution> {
        let (course, _) = self.course(&lesson.course)?;
        let files = course
            .files(&lesson.lesson)
            .map_err(|error| lessons::course_error(&error))?;
        if files.solution.is_empty() {
            return Ok(LessonSolution::Missing);
        }
        let listed = course.lesson(&lesson.lesson);
        let rule = listed.map_or_else(SolutionRule::default, |(_, lesson, ..)| {
            lesson.solution_after
        });
        let tried = Tried::of(self.progress(lesson).await?.as_ref());
        // Where nothing is checked, nothing passes or fails: there is nothing to wait for.
        let rule = match (rule, files.checks.is_empty()) {
            (SolutionRule::Passed | SolutionRule::Failed(_), true) => SolutionRule::Always,
            (rule, _) => rule,
        };
        Ok(tried
            .withheld(rule)
            .unwrap_or_else(|| LessonSolution::Open {
                passed: tried.passed,
                files: texts(&files),
            }))
    }
}

/// What the store knows of somebody's tries.
#[derive(Debug, Clone, Copy)]
struct Tried {
    /// Checks that ran to their end and did not pass; more than that once one did.
    failed: u32,
    passed: bool,
}

impl Tried {
    /// A lesson that never passed has as many failed checks as recorded ones.
    fn of(progress: Option<&ProgressRow>) -> Tried {
        Tried {
            failed: progress.map_or(0, |row| row.attempts),
            passed: progress.is_some_and(|row| row.state == ProgressState::Passed),
        }
    }

    /// Why the solution stays where it is; nothing when it may be seen.
    fn withheld(self, rule: SolutionRule) -> Option<LessonSolution> {
        match rule {
            SolutionRule::Never => Some(LessonSolution::Never),
            SolutionRule::Always => None,
            _ if self.passed => None,
            SolutionRule::Passed => Some(LessonSolution::AfterPass),
            SolutionRule::Failed(needed) if self.failed >= needed => None,
            SolutionRule::Failed(needed) => Some(LessonSolution::AfterFailed {
                needed,
                left: needed - self.failed,
            }),
        }
    }
}

fn texts(files: &LessonFiles) -> Vec<FileText> {
    let wire = |file: &ha_course::CourseFile| FileText {
        path: file.path.clone(),
        text: lessons::text(&file.bytes),
    };
    files.solution.iter().map(wire).collect()
}
