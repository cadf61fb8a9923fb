//! *Run*: the learner's program in the sandbox, streamed to the window and kept in the history.

use crate::app::learner_language;
use crate::bridge::{Bridge, BridgePlan, Fork};
use crate::engines::wire_engine;
use crate::live::{LiveRun, Registered};
use crate::sandboxed::{
    ENTRY, limits, next_event, program_files, request_error, run_error, start, stopped_report,
    wire_note, wire_outcome,
};
use crate::stream::{Sink, StreamEvent, forward};
use crate::wire::{
    CodeFinding, EngineStatus, FileText, ForkAt, LessonRef, ModelMode, RunEvent, RunOutcome,
    RunReport, RunStart, TraceSpan,
};
use crate::{ApiError, ApiResult, App, ErrorCode, history, lessons};
use ha_course::LessonFiles;
use ha_sandbox::{Run, RunError, RunRequest, Runner, Stdin, before_name};
use ha_store::RunKind;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Events between the engine's reader and the batches; more than one frame's worth.
const QUEUE: usize = 256;
/// One line of input, in bytes.
const MAX_INPUT: usize = 64 * 1024;

/// The file that runs: the lesson's own, or that of a cell of its text, which is Python in every lesson.
fn entry_of(lesson: &LessonFiles, files: &[FileText]) -> &'static str {
    let is_there = files.iter().any(|file| file.path == lesson.entry);
    if is_there { lesson.entry } else { ENTRY }
}

/// What a run is made of, for the code check.
fn all_code(request: &RunStart) -> Vec<FileText> {
    let earlier = request.before.iter().enumerate();
    let earlier = earlier.map(|(at, text)| FileText {
        path: before_name(at),
        text: text.clone(),
    });
    request.files.iter().cloned().chain(earlier).collect()
}

impl App {
    /// Accepts a run and returns; everything else comes through `sink`, ending with exactly one
    /// `finished` or `failed`. The run goes on when the caller forgets it; `run_cancel` stops it.
    ///
    /// # Errors
    /// `invalid_request`, `source_too_large`, `source_not_text`, `too_many_runs`,
    /// `course_not_found`, `lesson_not_found`, `lesson_broken`; for a fork `cannot_fork`,
    /// `history_not_found`.
    pub async fn run_start(
        self: &Arc<Self>,
        request: RunStart,
        sink: Sink<RunEvent>,
    ) -> ApiResult<()> {
        let place = self.live.register(&request.run_id)?;
        let (lesson, code) = self.lesson_and_code(&request.lesson)?;
        let data = lessons::data_files(&lesson.data);
        let settings = self.settings().await.unwrap_or_default();
        let timeout_s = settings.run_timeout_s;
        let language = learner_language(&settings);
        let plan = BridgePlan::of_lesson(&code.agent, lesson.cassette.as_deref(), language);
        let plan = match settings.model_mode {
            // What nobody asked for by hand, as a run that follows the typing, is not paid for.
            ModelMode::Live if request.keep => BridgePlan {
                is_service_closed: self.is_service_closed(&request.lesson).await?,
                ..self.live_plan(plan, ModelMode::Live, settings.ai)
            },
            _ => plan,
        };
        let tools = self.host_tools(&request.lesson, &code, &data).await;
        let fork = match &request.fork {
            Some(at) => Some(self.fork(at).await?),
            None => None,
        };
        let plan = plan.with_faults(&request.faults).with_tools(tools);
        let plan = plan.with_fork(fork);
        let entry = entry_of(&lesson, &request.files);
        // Only Python says that it waits for somebody. What nobody asked for must not wait for nobody.
        let stdin = match request.keep || entry == ENTRY {
            true => Stdin::Interactive,
            false => Stdin::Text(String::new()),
        };
        let program = RunRequest {
            id: request.run_id.clone(),
            files: program_files(&request.files, &data),
            entry: entry.into(),
            before: request.before.clone(),
            args: Vec::new(),
            stdin,
            limits: limits(timeout_s),
            seed: None,
            inspect: request.inspect.into(),
        };
        program.validate().map_err(|error| request_error(&error))?;
        let (events, queue) = mpsc::channel(QUEUE);
        tokio::spawn(forward(queue, sink));
        let app = self.clone();
        tokio::spawn(async move {
            let denied = code.denied(&all_code(&request)).await;
            let runner = app.engines.choose(code.needs_docker);
            match denied.is_empty() {
                true => {
                    let (told, steps) = mpsc::unbounded_channel();
                    let bridge = (Bridge::new(&plan, Some(told)), steps);
                    app.run(request, program, &*runner, bridge, place, events)
                        .await
                }
                false => {
                    app.refuse_run(request, program, denied, place, events)
                        .await
                }
            }
        });
        Ok(())
    }

    async fn fork(&self, at: &ForkAt) -> ApiResult<Fork> {
        if at.text.len() > MAX_INPUT {
            return Err(ApiError::invalid(
                "what is written at a fork is at most 64 KiB",
            ));
        }
        let trace = self.trace_get(at.run.clone()).await?;
        let message = "nothing asks a model after this step, or it was not kept whole";
        Fork::of(&trace, at).ok_or_else(|| ApiError::new(ErrorCode::CannotFork, message))
    }

    /// The whole life of one accepted run.
    async fn run(
        &self,
        request: RunStart,
        program: RunRequest,
        runner: &dyn Runner,
        (bridge, steps): (Bridge, Steps),
        place: Registered,
        events: mpsc::Sender<RunEvent>,
    ) {
        let RunStart {
            run_id,
            lesson,
            files,
            keep,
            ..
        } = &request;
        let begun = *keep
            && self
                .history_begin(run_id, RunKind::Run, lesson, files, runner.name())
                .await;
        if wire_engine(runner).status == EngineStatus::Preparing {
            events.send(RunEvent::Preparing).await.ok();
        }
        let wall = program.limits.wall;
        let cap = program.limits.output_bytes;
        let started_at = self.now().0 as f64;
        let (mode, call_limit) = bridge.terms();
        let mut heard = Heard {
            bridge,
            steps,
            agents: Some(RunEvent::Agents { mode, call_limit }),
            head: history::Head::default(),
        };
        let ended = match start(runner, program, &place.run).await {
            Err(error) => Err(error),
            Ok(None) => Ok(stopped_report(runner)),
            Ok(Some(run)) => heard.listen(run, &place.run, runner, &events).await,
        };
        let Heard { bridge, head, .. } = heard;
        let trace = bridge.trace(started_at);
        let traced = begun && self.keep_trace(run_id, &trace).await;
        let last = match ended {
            Ok(report) => {
                let outcome = wire_outcome(report.outcome);
                let duration_ms = report.duration.as_secs_f64() * 1e3;
                let note = report.note.map(tracing::field::display);
                tracing::info!(run = request.run_id, ?outcome, note, duration_ms, "run");
                let finished = history::Finished::run(outcome, duration_ms, head);
                let kept = !keep || (begun && self.history_finish(run_id, finished).await);
                RunEvent::Finished {
                    report: RunReport {
                        outcome,
                        duration_ms,
                        engine: report.engine.into_owned(),
                        timeout_s: wall.as_secs() as u8,
                        output_cap: cap as u32,
                        note: report.note.map(wire_note),
                        kept,
                        traced,
                    },
                }
            }
            Err(error) => {
                self.history_lost(&request.run_id).await;
                RunEvent::Failed {
                    error: run_error(&error),
                }
            }
        };
        drop(place);
        events.send(last).await.ok();
    }

    /// The whole life of a run whose code the lesson does not let start.
    async fn refuse_run(
        &self,
        request: RunStart,
        program: RunRequest,
        findings: Vec<CodeFinding>,
        place: Registered,
        events: mpsc::Sender<RunEvent>,
    ) {
        let RunStart {
            run_id,
            lesson,
            files,
            keep,
            ..
        } = &request;
        let kept = !keep
            || self
                .history_refused(run_id, RunKind::Run, lesson, files)
                .await;
        let report = RunReport {
            outcome: RunOutcome::Refused,
            duration_ms: 0.0,
            engine: self.engine().name,
            timeout_s: program.limits.wall.as_secs() as u8,
            output_cap: program.limits.output_bytes as u32,
            note: None,
            kept,
            traced: false,
        };
        drop(place);
        events.send(RunEvent::Denied { findings }).await.ok();
        events.send(RunEvent::Finished { report }).await.ok();
    }

    /// Gives a waiting program one line, without its line end.
    ///
    /// # Errors
    /// `run_not_found`, `invalid_request` for a line over 64 KiB.
    pub fn run_input(&self, run_id: &str, line: String) -> ApiResult<()> {
        if line.len() > MAX_INPUT {
            return Err(ApiError::invalid("a line of input is at most 64 KiB"));
        }
        self.with_control(run_id, |control| control.input(line))
    }

    /// Ends a program's input.
    ///
    /// # Errors
    /// `run_not_found`.
    pub fn run_end_input(&self, run_id: &str) -> ApiResult<()> {
        self.with_control(run_id, ha_sandbox::RunControl::end_input)
    }

    fn with_control(
        &self,
        run_id: &str,
        act: impl FnOnce(&ha_sandbox::RunControl),
    ) -> ApiResult<()> {
        let run = self.live.get(run_id);
        match run.as_ref().and_then(|run| run.control()) {
            Some(control) => {
                act(control);
                Ok(())
            }
            None => Err(ApiError::new(
                ErrorCode::RunNotFound,
                "the run is not going on",
            )),
        }
    }

    /// Stops a run or checks. Harmless when there is nothing to stop.
    pub fn run_cancel(&self, run_id: &str) {
        if let Some(run) = self.live.get(run_id) {
            run.stop();
        }
    }

    /// Stops everything that runs, for the end of the process.
    pub fn stop_all_runs(&self) {
        self.live.stop_all();
        self.terminals.close_all();
        self.jobs.stop_all();
    }

    /// Writes a run's output as a text file into the learner's Downloads folder, never over an
    /// existing file. Answers the path.
    ///
    /// # Errors
    /// `save_failed`, `lesson_not_found`.
    pub async fn output_save(&self, lesson: &LessonRef, text: String) -> ApiResult<String> {
        self.lesson_data(lesson)?;
        let name = format!("helloagents-{}", lesson.lesson);
        self.save_download(name, "txt", text).await
    }

    /// Writes a text into the learner's Downloads folder as `name-1.ending`, or with the next number
    /// that is free. Answers the path.
    pub(crate) async fn save_download(
        &self,
        name: String,
        ending: &'static str,
        text: String,
    ) -> ApiResult<String> {
        let folder = self.places.downloads.clone();
        let write = move || {
            std::fs::create_dir_all(&folder)?;
            for n in 1..1000 {
                let path = folder.join(format!("{name}-{n}.{ending}"));
                match std::fs::File::create_new(&path) {
                    Ok(mut file) => {
                        std::io::Write::write_all(&mut file, text.as_bytes())?;
                        return Ok(path.display().to_string());
                    }
                    Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                    Err(error) => return Err(error),
                }
            }
            Err(std::io::Error::other("too many files of this name"))
        };
        tokio::task::spawn_blocking(write)
            .await
            .unwrap_or_else(|panic| Err(std::io::Error::other(panic)))
            .map_err(|error| ApiError::new(ErrorCode::SaveFailed, error.to_string()))
    }
}

/// Steps of agents on their way to the window.
type Steps = mpsc::UnboundedReceiver<TraceSpan>;

/// What is heard of a run while it goes.
struct Heard {
    bridge: Bridge,
    steps: Steps,
    /// What is said before the first step of agents.
    agents: Option<RunEvent>,
    /// The beginning of what it prints.
    head: history::Head,
}

impl Heard {
    /// Passes everything on until the run ends, and answers its calls.
    async fn listen(
        &mut self,
        mut run: Run,
        live: &LiveRun,
        runner: &dyn Runner,
        events: &mpsc::Sender<RunEvent>,
    ) -> Result<ha_sandbox::RunReport, RunError> {
        live.set_control(run.control.clone());
        loop {
            let event = tokio::select! {
                biased;
                Some(span) = self.steps.recv() => {
                    if let Some(agents) = self.agents.take() {
                        events.send(agents).await.ok();
                    }
                    let span = Box::new(span);
                    events.send(RunEvent::Traced { span }).await.ok();
                    continue;
                }
                event = next_event(&mut run, live) => event,
            };
            let event = match event {
                ha_sandbox::RunEvent::Finished(report) => return Ok(report),
                ha_sandbox::RunEvent::Failed(error) => return Err(error),
                ha_sandbox::RunEvent::Report(_) => continue,
                ha_sandbox::RunEvent::HostCall(call) => {
                    self.bridge.answer(&call, &run.control);
                    continue;
                }
                ha_sandbox::RunEvent::Started => RunEvent::Started {
                    engine: runner.name().into(),
                },
                ha_sandbox::RunEvent::Inspected(inspection) => {
                    let inspection = (*inspection).into();
                    RunEvent::Inspected { inspection }
                }
                ha_sandbox::RunEvent::LeftOut { bytes } => RunEvent::LeftOut {
                    bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
                },
                ha_sandbox::RunEvent::NeedsInput => RunEvent::NeedsInput,
                ha_sandbox::RunEvent::Stdout(text) => RunEvent::Stdout { text },
                ha_sandbox::RunEvent::Stderr(text) => RunEvent::Stderr { text },
            };
            if let RunEvent::Stdout { text } | RunEvent::Stderr { text } = &event {
                self.head.push(text);
            }
            events.send(event).await.ok();
        }
    }
}

impl StreamEvent for RunEvent {
    fn weight(&self) -> usize {
        match self {
            RunEvent::Stdout { text } | RunEvent::Stderr { text } => text.len(),
            RunEvent::Traced { span } => span.input.len() + span.output.len(),
            _ => 0,
        }
    }

    fn is_terminal(&self) -> bool {
        matches!(self, RunEvent::Finished { .. } | RunEvent::Failed { .. })
    }

    fn merge(&mut self, next: Self) -> Option<Self> {
        match (self, next) {
            (RunEvent::Stdout { text }, RunEvent::Stdout { text: more })
            | (RunEvent::Stderr { text }, RunEvent::Stderr { text: more }) => {
                text.push_str(&more);
                None
            }
            (_, next) => Some(next),
        }
    }
}
