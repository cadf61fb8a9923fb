//! Proof that the programs of a lesson do what they should: the starter fails, the solution passes,
//! every cell runs in every language, and what a learner is asked to predict is what is printed.

use crate::author::{cassette, denied_code, file_texts};
use crate::bridge::BridgePlan;
use crate::checks::{dry_check, dry_run};
use crate::code::LessonCode;
use crate::verdict::{last_line, normalised};
use crate::wire::{
    self, CellProof, CheckResult, CheckStatus, CourseProblem, FileText, LessonProof, RunOutcome,
};
use crate::{ApiResult, ErrorCode, lessons};
use ha_course::{Course, Language, Lesson, LessonFiles, QuestionKind, Words, said};
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
        cells: Vec::new(),
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
    let (starter, solution) = (
        format!("{}/starter", lesson.path),
        format!("{}/solution", lesson.path),
    );
    let check = |program: Vec<FileText>, language| {
        dry_check(runner, files, &lesson.agent, program, language)
    };
    let passes = |check: &CheckResult| check.status == CheckStatus::Pass;
    // That a program is missing is told by whoever read the course.
    if !files.starter.is_empty() {
        let checked = check(file_texts(&files.starter), wire::Language::En).await;
        if proof
            .fit(&starter, None, checked)?
            .is_some_and(|checks| checks.iter().all(passes))
        {
            proof.tell(
                &starter,
                None,
                said!(
                    "起始代码通过了所有检查，没有什么可做的",
                    "the starter passes every check, so there is nothing to do"
                ),
            );
        }
    }
    if files.solution.is_empty() {
        return Ok(());
    }
    let program = file_texts(&files.solution);
    let checked = check(program.clone(), wire::Language::En).await;
    let checked = proof.fit(&solution, None, checked)?.unwrap_or_default();
    // A check says itself what it misses, in one language: of a solution that fails it is asked again.
    let in_chinese = match checked.iter().all(passes) {
        true => return Ok(()),
        false => check(program, wire::Language::Zh).await?,
    };
    for check in checked.iter().filter(|check| !passes(check)) {
        let ends_well = check.outcome == RunOutcome::Exited { code: 0 };
        let difference = match (&check.expected, &check.got) {
            (Some(expected), Some(got)) if ends_well => {
                said!(
                    "应为 {expected:?}，实际是 {got:?}",
                    "expected {expected:?}, got {got:?}"
                )
            }
            _ => ending(&check.outcome, &check.output),
        };
        let again = in_chinese.iter().find(|again| again.id == check.id);
        let message = again.map_or("", |again| again.message.as_str());
        let why = Words {
            zh: one_line(&format!("{message} {}", difference.zh)),
            en: one_line(&format!("{} {}", check.message, difference.en)),
        };
        let id = &check.id;
        let reason = said!(
            "参考答案没有通过 {id:?}：{why}",
            "the solution does not pass {id:?}: {why}";
            why
        );
        proof.tell(&solution, None, reason);
    }
    Ok(())
}

impl LessonProof {
    fn tell(&mut self, file: &str, line: Option<u32>, reason: Words) {
        self.problems.push(CourseProblem {
            file: file.into(),
            line,
            reason: reason.into(),
        });
    }

    /// A program that no engine would start is its author's to mend and costs no other lesson its
    /// proof; an engine that fails is an error.
    fn fit<T>(&mut self, file: &str, line: Option<u32>, ran: ApiResult<T>) -> ApiResult<Option<T>> {
        match ran {
            Ok(ran) => Ok(Some(ran)),
            Err(error) => match error.code {
                ErrorCode::InvalidRequest
                | ErrorCode::SourceTooLarge
                | ErrorCode::SourceNotText
                | ErrorCode::LanguageUnavailable => {
                    let message = Words {
                        zh: error.message_in(wire::Language::Zh).into(),
                        en: error.message,
                    };
                    let reason =
                        said!("运行不了：{message}", "this cannot be run: {message}"; message);
                    self.tell(file, line, reason);
                    Ok(None)
                }
                _ => Err(error),
            },
        }
    }
}

/// How a program ended, in one line: the last that it printed, or what stopped it.
fn ending(outcome: &RunOutcome, output: &str) -> Words {
    let last = || one_line(last_line(output));
    match outcome {
        RunOutcome::Exited { code: 0 } => said!("程序正常结束", "it ends well"),
        RunOutcome::Exited { code } => match last() {
            last if last.is_empty() => said!(
                "程序以退出码 {code} 结束，什么都没有打印",
                "it ends with code {code} and prints nothing"
            ),
            last => Words::same(last),
        },
        RunOutcome::TimedOut => said!("运行超时", "it runs longer than it may"),
        RunOutcome::OutOfMemory => {
            said!("内存不够用", "it needs more memory than it may have")
        }
        RunOutcome::OutputLimit => said!("打印得太多", "it prints more than is kept"),
        RunOutcome::Cancelled => said!("被停下了", "it was stopped"),
        RunOutcome::Refused => said!("没有让它启动", "it was not let start"),
    }
}

/// A text of a program or an author in one line of a report, at most 300 characters.
fn one_line(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(300).collect()
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
            let began = Instant::now();
            let ran = dry_run(runner, &cell.program, cell.before, &data, &plan).await;
            let Some(ran) = proof.fit(&file, Some(cell.line), ran)? else {
                continue;
            };
            proof.cells.push(CellProof {
                file: file.clone(),
                line: cell.line,
                ms: began.elapsed().as_secs_f64() * 1e3,
            });
            let runs = ran.outcome == RunOutcome::Exited { code: 0 };
            let reason = match (runs, cell.raises) {
                (true, false) | (false, true) => continue,
                (true, true) => said!(
                    "这个代码块标了 `raises`，却正常结束",
                    "this cell is marked `raises` and ends well"
                ),
                (false, false) => {
                    let end = ending(&ran.outcome, &ran.output);
                    said!("这个代码块运行出错：{end}", "this cell does not run: {end}"; end)
                }
            };
            proof.tell(&file, Some(cell.line), reason);
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
        let plan = BridgePlan::new(None, wire::Language::En);
        let ran = dry_run(runner, code, Vec::new(), &[], &plan).await;
        let file = format!("{}/questions.toml", lesson.path);
        let Some(ran) = proof.fit(&file, None, ran)? else {
            continue;
        };
        let (printed, expected) = (normalised(&ran.output), normalised(expect));
        if printed != expected {
            let reason = said!(
                "题目 {:?} 的程序打印的是 {printed:?}，不是 {expected:?}",
                "the program of question {:?} prints {printed:?}, not {expected:?}",
                question.id
            );
            proof.tell(&file, None, reason);
        }
    }
    Ok(())
}
