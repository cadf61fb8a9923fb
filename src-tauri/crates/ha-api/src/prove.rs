//! Proof that the programs inside a lesson's text do what the text says: every cell runs, in every
//! language, and what a learner is asked to predict is what the program prints.

use crate::author::CourseLint;
use crate::checks::dry_run;
use crate::verdict::normalised;
use crate::wire::{CourseProblem, RunOutcome};
use crate::{ApiResult, lessons};
use ha_course::{Course, Language, Lesson, QuestionKind};
use ha_sandbox::Runner;

/// Runs every cell of a lesson.
///
/// # Errors
/// Those of the engine. A text that cannot be read is among the problems already.
pub(crate) async fn cells(
    runner: &dyn Runner,
    course: &Course,
    lesson: &Lesson,
    lint: &mut CourseLint,
) -> ApiResult<()> {
    let data = course.files(&lesson.id).map(|files| files.data);
    let data = lessons::data_files(&data.unwrap_or_default());
    for language in [Language::Zh, Language::En] {
        let file = lesson.text_file(language);
        // A language that is missing would give the other's cells a second time.
        if !course.dir.join(&file).is_file() {
            continue;
        }
        for cell in course.cells(&lesson.id, language).unwrap_or_default() {
            lint.cells += 1;
            let ran = dry_run(runner, &cell.program, &data).await?;
            let runs = ran.outcome == RunOutcome::Exited { code: 0 };
            let reason = match (runs, cell.raises) {
                (true, false) | (false, true) => continue,
                (true, true) => "this cell is marked `raises` and ends well".to_string(),
                (false, false) => {
                    let last = ran
                        .output
                        .trim_end()
                        .lines()
                        .next_back()
                        .unwrap_or_default();
                    format!("this cell does not run: {last} ({:?})", ran.outcome)
                }
            };
            lint.problems.push(CourseProblem {
                file: file.clone(),
                line: Some(cell.line),
                reason,
            });
        }
    }
    Ok(())
}

/// Runs what learners are asked to predict.
///
/// # Errors
/// Those of the engine.
pub(crate) async fn predictions(
    runner: &dyn Runner,
    course: &Course,
    lesson: &Lesson,
    lint: &mut CourseLint,
) -> ApiResult<()> {
    for question in course.questions(&lesson.id).unwrap_or_default() {
        let QuestionKind::Predict { code, expect } = &question.kind else {
            continue;
        };
        let ran = dry_run(runner, code, &[]).await?;
        if normalised(&ran.output) != normalised(expect) {
            lint.problems.push(CourseProblem {
                file: format!("{}/questions.toml", lesson.path),
                line: None,
                reason: format!(
                    "the program of question {:?} prints {:?}, not {:?}",
                    question.id,
                    normalised(&ran.output),
                    normalised(expect)
                ),
            });
        }
    }
    Ok(())
}
