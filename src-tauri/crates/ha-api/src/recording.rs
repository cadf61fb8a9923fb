//! *Record* in the author's place: a lesson's solution runs with the service of the settings, and what that
//! answers is written into the lesson's cassette. What the cassette has already is played and not paid for
//! again.
//!
//! Left out: anything that is not the author's own folder. A course that came with the app, or was
//! installed, belongs to whoever made it.

use crate::app::{day_of, learner_language};
use crate::bridge::{Bridge, BridgePlan, HostTools};
use crate::code::LessonCode;
use crate::live::{LiveRun, Registered};
use crate::proof::{course_folder, reading};
use crate::sandboxed::{
    limits, next_event, program_files, request_error, run_error, start, stopped_report,
    wire_outcome,
};
use crate::stream::{Sink, StreamEvent, forward};
use crate::wire::{ModelMode, RecordEvent, RunOutcome};
use crate::{ApiError, ApiResult, App, ErrorCode, author, lessons};
use ha_course::{CASSETTE, Course, said};
use ha_sandbox::{Inspect, RunEvent, RunRequest, Runner, Stdin};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::mpsc;

const QUEUE: usize = 64;

/// What is to be recorded.
struct Take {
    program: RunRequest,
    plan: BridgePlan,
    needs_docker: bool,
    cassette: PathBuf,
}

impl App {
    /// Accepts a recording of the solution of a lesson in an author's folder and returns; what happens
    /// comes through `sink`, ending with exactly one `finished` or `failed`. `job_stop` with the same id
    /// stops it; what was answered until then was paid for, and is written.
    ///
    /// # Errors
    /// `invalid_request` for a folder without `course.toml`, `not_your_course`, `lesson_not_found`,
    /// `lesson_broken`, `too_many_runs`, those of the store.
    pub async fn author_record(
        self: &Arc<Self>,
        job_id: &str,
        dir: &Path,
        lesson: &str,
        sink: Sink<RecordEvent>,
    ) -> ApiResult<()> {
        let dir = course_folder(dir)?;
        if self.is_installed(&dir) {
            let words = said!(
                "这门课是应用自带的，或者是安装的；请在你自己的文件夹里录制",
                "this course came with the app or was installed; record in your own folder"
            );
            return Err(ApiError::said(ErrorCode::NotYourCourse, words));
        }
        let take = self.take(dir, lesson).await?;
        let place = self.jobs.register(job_id)?;
        let (events, queue) = mpsc::channel(QUEUE);
        tokio::spawn(forward(queue, sink));
        let app = self.clone();
        tokio::spawn(async move {
            let runner = app.engines.choose(take.needs_docker);
            let last = app.record(&*runner, take, &place, &events).await;
            let last = last.unwrap_or_else(|error| RecordEvent::Failed { error });
            drop(place);
            events.send(last).await.ok();
        });
        Ok(())
    }

    /// Whether a folder is where courses are that somebody else made.
    fn is_installed(&self, dir: &Path) -> bool {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let dir = real(dir);
        let taken = [self.places.courses.clone(), self.places.shelf()];
        taken.iter().any(|taken| dir.starts_with(real(taken)))
    }

    async fn take(self: &Arc<Self>, dir: PathBuf, lesson: &str) -> ApiResult<Take> {
        let (course, _): (Course, _) = reading(move || ha_course::load(&dir)).await?;
        let files = course.files(lesson);
        let files = files.map_err(|error| lessons::course_error(&error))?;
        let code = LessonCode::new(&course, lesson);
        let data = lessons::data_files(&files.data);
        let settings = self.settings().await?;
        let language = learner_language(&settings);
        let plan = BridgePlan::of_lesson(&code.agent, files.cassette.as_deref(), language)
            .with_tools(HostTools::offline(&code.agent, &data));
        let program = RunRequest {
            id: "record".into(),
            files: program_files(&author::file_texts(&files.solution), &data),
            entry: files.entry.into(),
            before: Vec::new(),
            args: Vec::new(),
            stdin: Stdin::Text(String::new()),
            limits: limits(settings.run_timeout_s),
            seed: None,
            inspect: Inspect::Nothing,
        };
        program.validate().map_err(|error| request_error(&error))?;
        let path = course.lesson(lesson).map(|(_, node, ..)| &node.path);
        let folder = path.map_or_else(|| course.dir.clone(), |path| course.dir.join(path));
        Ok(Take {
            plan: self.live_plan(plan, ModelMode::Record, settings.ai),
            program,
            needs_docker: code.needs_docker,
            cassette: folder.join(CASSETTE),
        })
    }

    async fn record(
        &self,
        runner: &dyn Runner,
        take: Take,
        place: &Registered,
        events: &mpsc::Sender<RecordEvent>,
    ) -> ApiResult<RecordEvent> {
        let mut bridge = Bridge::new(&take.plan, None);
        let ended = follow(runner, take.program, &mut bridge, &place.run, events).await;
        let (day, cassette) = (day_of(self.now().0), take.cassette);
        // Also after a run that broke off: what was answered was paid for.
        let path = reading(move || written(&bridge, &cassette, &day)).await??;
        Ok(RecordEvent::Finished {
            outcome: ended?,
            path: path.map(|path| path.display().to_string()),
        })
    }
}

/// Runs the program to its end.
async fn follow(
    runner: &dyn Runner,
    program: RunRequest,
    bridge: &mut Bridge,
    live: &LiveRun,
    events: &mpsc::Sender<RecordEvent>,
) -> ApiResult<RunOutcome> {
    let run = start(runner, program, live).await;
    let Some(mut run) = run.map_err(|error| run_error(&error))? else {
        return Ok(wire_outcome(stopped_report(runner).outcome));
    };
    loop {
        match next_event(&mut run, live).await {
            RunEvent::Finished(report) => return Ok(wire_outcome(report.outcome)),
            RunEvent::Failed(error) => return Err(run_error(&error)),
            RunEvent::HostCall(call) => bridge.answer(&call, &run.control),
            RunEvent::Stdout(text) | RunEvent::Stderr(text) => {
                events.send(RecordEvent::Output { text }).await.ok();
            }
            RunEvent::Started
            | RunEvent::NeedsInput
            | RunEvent::LeftOut { .. }
            | RunEvent::Report(_)
            | RunEvent::Inspected(_) => {}
        }
    }
}

/// Writes what is new behind what the author has in the file now. Answers the file; none when nothing
/// is new.
fn written(bridge: &Bridge, cassette: &Path, day: &str) -> ApiResult<Option<PathBuf>> {
    let failed = |error: std::io::Error| ApiError::new(ErrorCode::SaveFailed, error.to_string());
    let before = match std::fs::read_to_string(cassette) {
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        read => read.map_err(failed)?,
    };
    let Some(text) = bridge.recorded(&before, day) else {
        return Ok(None);
    };
    // In one step, so that a full disk leaves the author's file as it was.
    let fresh = cassette.with_extension("toml.new");
    std::fs::write(&fresh, text).map_err(failed)?;
    std::fs::rename(&fresh, cassette).map_err(failed)?;
    Ok(Some(cassette.to_path_buf()))
}

impl StreamEvent for RecordEvent {
    fn weight(&self) -> usize {
        match self {
            RecordEvent::Output { text } => text.len(),
            _ => 0,
        }
    }

    fn is_terminal(&self) -> bool {
        !matches!(self, RecordEvent::Output { .. })
    }

    fn merge(&mut self, next: Self) -> Option<Self> {
        match (self, next) {
            (RecordEvent::Output { text }, RecordEvent::Output { text: more }) => {
                text.push_str(&more);
                None
            }
            (_, next) => Some(next),
        }
    }
}
