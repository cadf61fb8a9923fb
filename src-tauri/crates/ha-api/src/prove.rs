//! Proof that the programs of a lesson do what they should: the starter fails, the solution passes,
//! every cell runs in every language, and what a learner is asked to predict is what is printed.

use crate::author::{cassette, denied_code, file_texts};
use crate::bridge::BridgePlan;
use crate::checks::{dry_check, dry_run};
use crate::code::LessonCode;
use crate::verdict::normalised;
use crate::wire::{CheckStatus, CourseProblem, LessonProof, RunOutcome};
use crate::{ApiResult, lessons};
use ha_course::{Course, Language, Lesson, LessonFiles, QuestionKind};
use ha_sandbox::Runner;
use std::time::Instant;

/// Puts one lesson through. Runs one program after the other: dropping the future stops.
///
/// # Errors
/// Those of the engine. A file that cannot be read is told by whoever read the course.
pub(crate) async fn lesson(
    runner: &dyn Runner,
    course: &Course,
    lesson: &Lesson,
) -> ApiResult<LessonProof> {
    let mut proof = LessonProof {
        lesson: lesson.id.clone(),
        checks: 0,
        cells: 0,
        cells_ms: 0.0,
        problems: Vec::new(),
    };
    cells(runner, course, lesson, &mut proof).await?;
    predictions(runner, course, lesson, &mut proof).await?;
    if let Ok(files) = course.files(&lesson.id) {
        let code = LessonCode::new(course, &lesson.id);
        proof
            .problems
            .extend(denied_code(&code, &lesson.path, &files));
        proof.problems.extend(cassette(lesson, &files));
        if !files.checks.is_empty() {
            exercise(runner, lesson, &files, &mut proof).await?;
        }
    }
    Ok(proof)
}

/// The starter must fail, the solution must pass.
async fn exercise(
    runner: &dyn Runner,
    lesson: &Lesson,
    files: &LessonFiles,
    proof: &mut LessonProof,
) -> ApiResult<()> {
    proof.checks = files.checks.len();
    let starter = dry_check(runner, files, &lesson.agent, file_texts(&files.starter)).await?;
    if starter
        .iter()
        .all(|check| check.status == CheckStatus::Pass)
    {
        proof.problems.push(CourseProblem {
            file: format!("{}/starter", lesson.path),
            line: None,
            reason: "the starter passes every check, so there is nothing to do".into(),
        });
    }
    let solution = dry_check(runner, files, &lesson.agent, file_texts(&files.solution)).await?;
    for check in &solution {
        if check.status == CheckStatus::Pass {
            continue;
        }
        let difference = match (&check.expected, &check.got) {
            (Some(expected), Some(got)) => format!(" expected {expected:?}, got {got:?}"),
            _ => format!(" {:?} {}", check.outcome, check.output),
        };
        proof.problems.push(CourseProblem {
            file: format!("{}/solution", lesson.path),
            line: None,
            reason: format!(
                "the solution does not pass {:?}: {}{difference}",
                check.id, check.message
            ),
        });
    }
    Ok(())
}

/// Runs every cell of a lesson.
async fn cells(
    runner: &dyn Runner,
    course: &Course,
    lesson: &Lesson,
    proof: &mut LessonProof,
) -> ApiResult<()> {
    let files = course.files(&lesson.id).ok();
    let (data, cassette) = files.map_or((Vec::new(), None), |files| (files.data, files.cassette));
    let data = lessons::data_files(&data);
    for language in [Language::Zh, Language::En] {
        let file = lesson.text_file(language);
        // A language that is missing would give the other's cells a second time.
        if !course.dir.join(&file).is_file() {
            continue;
        }
        let spoken = lessons::wire_language(language);
        let plan = BridgePlan::offline(&lesson.agent, cassette.as_deref(), &data, spoken);
        for cell in course.cells(&lesson.id, language).unwrap_or_default() {
            proof.cells += 1;
            let began = Instant::now();
            let ran = dry_run(runner, &cell.program, cell.before, &data, &plan).await?;
            proof.cells_ms += began.elapsed().as_secs_f64() * 1e3;
            let runs = ran.outcome == RunOutcome::Exited { code: 0 };
            let reason = match (runs, cell.raises) {
                (true, false) | (false, true) => continue,
                (true, true) => "this cell is marked `raises` and ends well".to_string(),
                (false, false) => {
                    let last = ran.last_line();
                    format!("this cell does not run: {last} ({:?})", ran.outcome)
                }
            };
            proof.problems.push(CourseProblem {
                file: file.clone(),
                line: Some(cell.line),
                reason,
            });
        }
    }
    Ok(())
}

/// Runs what learners are asked to predict.
async fn predictions(
    runner: &dyn Runner,
    course: &Course,
    lesson: &Lesson,
    proof: &mut LessonProof,
) -> ApiResult<()> {
    for question in course.questions(&lesson.id).unwrap_or_default() {
        let QuestionKind::Predict { code, expect } = &question.kind else {
            continue;
        };
        let plan = BridgePlan::new(None, crate::wire::Language::En);
        let ran = dry_run(runner, code, Vec::new(), &[], &plan).await?;
        if normalised(&ran.output) != normalised(expect) {
            proof.problems.push(CourseProblem {
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
