//! *Check*: every check of a lesson over the learner's files, each in a fresh sandbox, so that no
//! check can disturb the next.

use crate::bridge::{Bridge, BridgePlan};
use crate::declared;
use crate::history::Finished;
use crate::live::{LiveRun, LiveRuns, Registered};
use crate::sandboxed::{
    ENTRY, limits, next_event, program_files, request_error, run_error, start, stopped_report,
    wire_note, wire_outcome,
};
use crate::stream::{Sink, StreamEvent, forward};
use crate::verdict::{Ran, Verdict};
use crate::wire::{
    CheckEvent, CheckReport, CheckResult, CheckStart, CheckStatus, CodeFinding, FileText, Language,
    LessonState,
};
use crate::{ApiResult, App, lessons};
use ha_course::{Agent, Check, CheckKind};
use ha_sandbox::{Inspect, RunEvent, RunRequest, Runner, SourceFile, Stdin, python_excerpt};
use ha_store::RunKind;
use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::mpsc;

/// One check's time. A lesson's checks take milliseconds; an endless loop must not cost half a
/// minute for each of them.
const CHECK_SECONDS: u8 = 10;
const QUEUE: usize = 64;

/// Laid beside the learner's files for a Python check.
const HARNESS: &str = include_str!("../../../../templates/checks/_harness.py");
const HARNESS_NAME: &str = "_harness.py";
const LIBRARY: &str = include_str!("../../../../templates/checks/hacheck.py");
const LIBRARY_NAME: &str = "hacheck.py";
const BEHAVIOUR: &str = include_str!("../../../../templates/checks/_behaviour.py");
const BEHAVIOUR_NAME: &str = "_behaviour.py";
const DECLARED: &str = include_str!("../../../../templates/checks/_declared.py");
const DECLARED_NAME: &str = "_declared.py";
const TESTS_NAME: &str = "checks.py";

impl App {
    /// Accepts checking and returns; results come through `sink`, ending with exactly one
    /// `finished` or `failed`. `run_cancel` with the same id stops it.
    ///
    /// # Errors
    /// As `run_start`.
    pub async fn check_start(
        self: &Arc<Self>,
        request: CheckStart,
        sink: Sink<CheckEvent>,
    ) -> ApiResult<()> {
        let place = self.live.register(&request.run_id)?;
        let (lesson, code) = self.lesson_and_code(&request.lesson)?;
        let suite = Suite::of(
            &lesson,
            &code.agent,
            request.files.clone(),
            request.language,
        );
        suite
            .program(&request.run_id)
            .validate()
            .map_err(|error| request_error(&error))?;
        let (events, queue) = mpsc::channel(QUEUE);
        tokio::spawn(forward(queue, sink));
        let app = self.clone();
        tokio::spawn(async move {
            let denied = code.denied(&request.files).await;
            let runner = app.engines.choose(code.needs_docker);
            match denied.is_empty() {
                true => app.check(request, suite, &*runner, place, events).await,
                false => app.refuse_check(request, denied, place, events).await,
            }
        });
        Ok(())
    }

    async fn check(
        &self,
        request: CheckStart,
        suite: Suite,
        runner: &dyn Runner,
        place: Registered,
        events: mpsc::Sender<CheckEvent>,
    ) {
        let began = Instant::now();
        let id = &request.run_id;
        let begun = self
            .history_begin(
                id,
                RunKind::Check,
                &request.lesson,
                &request.files,
                runner.name(),
            )
            .await;
        let total = suite.checks.len() as u32;
        events.send(CheckEvent::Started { total }).await.ok();
        let mut results = Vec::new();
        for check in &suite.checks {
            match suite.run_one(runner, check, &place.run, id).await {
                Ok(Some(result)) => {
                    results.push(result.clone());
                    let result = Box::new(result);
                    events.send(CheckEvent::Checked { result }).await.ok();
                }
                Ok(None) => break,
                Err(error) => {
                    self.history_lost(id).await;
                    drop(place);
                    events.send(CheckEvent::Failed { error }).await.ok();
                    return;
                }
            }
        }
        let cancelled = results.len() < suite.checks.len();
        let duration_ms = began.elapsed().as_secs_f64() * 1e3;
        let right = passed(&results);
        tracing::info!(run = id, right, total, duration_ms, "check");
        let finished = Finished::check(&results, total, duration_ms);
        let state = match cancelled {
            true => {
                let kept = self.history_finish(id, finished).await;
                self.lesson_state(&request.lesson)
                    .await
                    .ok()
                    .filter(|_| kept)
            }
            false => self.record_check(id, finished).await,
        };
        let report = CheckReport {
            passed: !cancelled && total > 0 && right == total,
            cancelled,
            duration_ms,
            kept: begun && state.is_some(),
            state: state.unwrap_or(LessonState::Started),
            results,
        };
        drop(place);
        events.send(CheckEvent::Finished { report }).await.ok();
    }

    /// The whole of a check whose code the lesson does not let start.
    async fn refuse_check(
        &self,
        request: CheckStart,
        findings: Vec<CodeFinding>,
        place: Registered,
        events: mpsc::Sender<CheckEvent>,
    ) {
        let CheckStart {
            run_id,
            lesson,
            files,
            ..
        } = &request;
        let kept = self
            .history_refused(run_id, RunKind::Check, lesson, files)
            .await;
        let state = self.lesson_state(lesson).await;
        let report = CheckReport {
            results: Vec::new(),
            passed: false,
            cancelled: false,
            duration_ms: 0.0,
            state: state.unwrap_or(LessonState::Started),
            kept,
        };
        drop(place);
        events.send(CheckEvent::Denied { findings }).await.ok();
        events.send(CheckEvent::Finished { report }).await.ok();
    }

    /// Keeps the results and the progress, together or not at all.
    async fn record_check(&self, id: &str, finished: Finished) -> Option<LessonState> {
        let (id, now) = (id.to_string(), self.now());
        let recorded = self
            .with_store(move |store| store.finish_check(&id, &finished.0, now))
            .await;
        let progress = recorded.ok().flatten()?;
        Some(lessons::state_of(Some(&progress)))
    }
}

/// Runs all checks over `files` without keeping anything: what the course lint uses.
pub(crate) async fn dry_check(
    runner: &dyn Runner,
    lesson: &ha_course::LessonFiles,
    agent: &Agent,
    files: Vec<FileText>,
    language: Language,
) -> ApiResult<Vec<CheckResult>> {
    let suite = Suite::of(lesson, agent, files, language);
    let id = uuid::Uuid::new_v4().to_string();
    let place = LiveRuns::default().register(&id)?;
    let mut results = Vec::new();
    for check in &suite.checks {
        results.extend(suite.run_one(runner, check, &place.run, &id).await?);
    }
    Ok(results)
}

/// Runs a program of the author's without keeping anything; `before` runs first, in its names.
pub(crate) async fn dry_run(
    runner: &dyn Runner,
    program: &str,
    before: Vec<String>,
    data: &[SourceFile],
    plan: &BridgePlan,
) -> ApiResult<Ran> {
    let main = FileText {
        path: ENTRY.into(),
        text: program.into(),
    };
    let id = uuid::Uuid::new_v4().to_string();
    let place = LiveRuns::default().register(&id)?;
    let request = RunRequest {
        files: program_files(&[main], data),
        id,
        entry: ENTRY.into(),
        before,
        args: Vec::new(),
        stdin: Stdin::Text(String::new()),
        limits: limits(CHECK_SECONDS),
        seed: None,
        inspect: Inspect::Nothing,
    };
    let ran = ran(runner, request, plan, &place.run).await;
    ran.map_err(|error| run_error(&error))
}

/// How many passed.
pub(crate) fn passed(results: &[CheckResult]) -> u32 {
    let right = |result: &&CheckResult| result.status == CheckStatus::Pass;
    results.iter().filter(right).count() as u32
}

/// A lesson's checks and what they look at.
struct Suite {
    /// The file that runs.
    entry: &'static str,
    checks: Vec<Check>,
    tests: String,
    files: Vec<FileText>,
    /// What checks compare with.
    solution: Vec<FileText>,
    data: Vec<SourceFile>,
    language: Language,
    /// What answers the programs' calls: recorded replies, from the beginning for each check.
    plan: BridgePlan,
}

impl Suite {
    fn of(
        lesson: &ha_course::LessonFiles,
        agent: &Agent,
        files: Vec<FileText>,
        language: Language,
    ) -> Suite {
        let cassette = lesson.cassette.as_deref();
        let data = lessons::data_files(&lesson.data);
        let solution = lesson.solution.iter().map(|file| FileText {
            path: file.path.clone(),
            text: lessons::text(&file.bytes),
        });
        Suite {
            plan: BridgePlan::offline(agent, cassette, &data, language),
            data,
            entry: lesson.entry,
            tests: lesson.checks_py.clone().unwrap_or_default(),
            checks: lesson.checks.clone(),
            solution: solution.collect(),
            files,
            language,
        }
    }

    /// The learner's program as a run without further input.
    fn program(&self, id: &str) -> RunRequest {
        self.program_of(id, &self.files)
    }

    fn program_of(&self, id: &str, files: &[FileText]) -> RunRequest {
        RunRequest {
            id: id.into(),
            files: program_files(files, &self.data),
            entry: self.entry.into(),
            before: Vec::new(),
            args: Vec::new(),
            stdin: Stdin::Text(String::new()),
            limits: limits(CHECK_SECONDS),
            seed: None,
            inspect: Inspect::Nothing,
        }
    }

    /// The harness around one test function. Our files win over the learner's of the same name.
    fn harness(&self, mut program: RunRequest, tests: &str, function: &str) -> RunRequest {
        let ours = [
            (HARNESS_NAME, HARNESS),
            (LIBRARY_NAME, LIBRARY),
            (DECLARED_NAME, DECLARED),
            (BEHAVIOUR_NAME, BEHAVIOUR),
            (TESTS_NAME, tests),
        ];
        for (name, text) in ours {
            program.files.retain(|file| file.path != name);
            program.files.push(SourceFile::text(name, text).read_only());
        }
        program.entry = HARNESS_NAME.into();
        let language = match self.language {
            Language::Zh => "zh",
            Language::En => "en",
        };
        program.args = vec![function.into(), language.into()];
        program
    }

    /// The author's functions as far as one check needs them. The rest, hidden checks above all,
    /// must not lie where the learner's program can open it. What cannot be read goes whole: the
    /// harness says what is wrong with it.
    fn tests_of(&self, function: &str) -> Cow<'_, str> {
        let mut others = Vec::new();
        for check in &self.checks {
            if let CheckKind::Python { function } = &check.kind {
                others.push(function.as_str());
            }
        }
        match python_excerpt(&self.tests, function, &others) {
            Some(excerpt) => Cow::Owned(excerpt),
            None => Cow::Borrowed(&self.tests),
        }
    }

    /// One check; `None` when the learner stopped it.
    async fn run_one(
        &self,
        runner: &dyn Runner,
        check: &Check,
        live: &LiveRun,
        id: &str,
    ) -> ApiResult<Option<CheckResult>> {
        let mut answers = None;
        if let Some(asking) = declared::asking(check) {
            // In a sandbox of its own, so that the learner's code never lies beside the solution.
            let solution = self.program_of(id, &self.solution);
            let asked = self.harness(solution, &asking, declared::FUNCTION);
            let ran = self.ran(runner, asked, live).await?;
            let verdict = self.judge(check, ran);
            if live.is_stopped() {
                return Ok(None);
            }
            if verdict.status != CheckStatus::Pass {
                return Ok(Some(verdict));
            }
            answers = Some(verdict.message);
        }
        let program = match &check.kind {
            CheckKind::Output { stdin, .. } => {
                let mut program = self.program(id);
                program.stdin = Stdin::Text(stdin.clone());
                program
            }
            CheckKind::Python { function } => {
                self.harness(self.program(id), &self.tests_of(function), function)
            }
            _ => {
                let tests = declared::module(check, self.language, answers.as_deref());
                let tests = tests.unwrap_or_default();
                self.harness(self.program(id), &tests, declared::FUNCTION)
            }
        };
        let ran = self.ran(runner, program, live).await?;
        if live.is_stopped() {
            return Ok(None);
        }
        Ok(Some(self.judge(check, ran)))
    }

    async fn ran(
        &self,
        runner: &dyn Runner,
        program: RunRequest,
        live: &LiveRun,
    ) -> ApiResult<Ran> {
        let ran = ran(runner, program, &self.plan, live).await;
        ran.map_err(|error| run_error(&error))
    }

    fn judge(&self, check: &Check, ran: Ran) -> CheckResult {
        let verdict = Verdict {
            check,
            tests: &self.tests,
            language: self.language,
        };
        verdict.judge(ran)
    }
}

/// Stands where output is missing: what has a gap is never taken for the whole.
const GAP: &str = "\n…\n";

async fn ran(
    runner: &dyn Runner,
    program: RunRequest,
    plan: &BridgePlan,
    live: &LiveRun,
) -> Result<Ran, ha_sandbox::RunError> {
    let mut bridge = Bridge::new(plan, None);
    let mut stdout = String::new();
    let mut output = String::new();
    let mut report = None;
    let end = match start(runner, program, live).await? {
        None => stopped_report(runner),
        Some(mut run) => loop {
            match next_event(&mut run, live).await {
                RunEvent::Finished(end) => break end,
                RunEvent::Failed(error) => return Err(error),
                RunEvent::Stdout(text) => {
                    stdout.push_str(&text);
                    output.push_str(&text);
                }
                RunEvent::Stderr(text) => output.push_str(&text),
                RunEvent::LeftOut { .. } => {
                    stdout.push_str(GAP);
                    output.push_str(GAP);
                }
                RunEvent::Report(text) => report = Some(text),
                RunEvent::HostCall(call) => bridge.answer(&call, &run.control),
                RunEvent::Started | RunEvent::NeedsInput | RunEvent::Inspected(_) => {}
            }
        },
    };
    Ok(Ran {
        outcome: wire_outcome(end.outcome),
        note: end.note.map(wire_note),
        duration_ms: end.duration.as_secs_f64() * 1e3,
        stdout,
        output,
        report,
    })
}

impl StreamEvent for CheckEvent {
    fn weight(&self) -> usize {
        0
    }

    fn is_terminal(&self) -> bool {
        matches!(
            self,
            CheckEvent::Finished { .. } | CheckEvent::Failed { .. }
        )
    }

    fn merge(&mut self, next: Self) -> Option<Self> {
        Some(next)
    }
}
