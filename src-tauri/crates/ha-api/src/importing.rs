//! What an instructor has already, as a course: the import, and the truth about its code, found by
//! running it.

use crate::bridge::BridgePlan;
use crate::checks::dry_run;
use crate::live::Registered;
use crate::stream::{Sink, StreamEvent, forward};
use crate::verdict::last_line;
use crate::wire::{
    CodeSummary, ImportEvent, ImportKind, ImportStage, ImportStart, ImportSummary, RunOutcome,
};
use crate::{ApiError, ApiResult, App, ErrorCode};
use ha_course::{CodeNeed, ImportError, ImportReport, Words, said};
use ha_sandbox::Runner;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::mpsc;

pub use ha_course::ImportFrom;

/// Hears at what an import is, how much of it is done and of how much; answers whether to go on.
/// Called from any thread, often; must not block.
pub type ImportWatch = Arc<dyn Fn(ImportStage, usize, usize) -> bool + Send + Sync>;

/// Events on their way to the window; more wait for it.
const QUEUE: usize = 64;

impl App {
    /// Accepts an import and returns; everything else comes through `sink`, ending with exactly one
    /// `finished`, `stopped` or `failed`. `job_stop` with the same id stops it.
    ///
    /// # Errors
    /// `invalid_request` for paths that are not absolute, `too_many_runs`.
    pub async fn import_start(
        self: &Arc<Self>,
        start: ImportStart,
        sink: Sink<ImportEvent>,
    ) -> ApiResult<()> {
        let (from, into) = (PathBuf::from(&start.from), PathBuf::from(&start.into));
        if !from.is_absolute() || !into.is_absolute() {
            return Err(ApiError::said(
                ErrorCode::InvalidRequest,
                said!("两个路径都要写完整", "both paths must be absolute"),
            ));
        }
        let place = self.jobs.register(&start.job_id)?;
        let (events, queue) = mpsc::channel(QUEUE);
        tokio::spawn(forward(queue, sink));
        let app = self.clone();
        tokio::spawn(async move {
            let last = app.import(&start, &from, &into, &place, &events).await;
            drop(place);
            events.send(last).await.ok();
        });
        Ok(())
    }

    async fn import(
        &self,
        start: &ImportStart,
        from: &Path,
        into: &Path,
        place: &Registered,
        events: &mpsc::Sender<ImportEvent>,
    ) -> ImportEvent {
        let kind = match start.kind {
            ImportKind::Auto => None,
            ImportKind::Docsify => Some(ImportFrom::Docsify),
            ImportKind::Mdbook => Some(ImportFrom::MdBook),
            ImportKind::Ipynb => Some(ImportFrom::Notebooks),
        };
        let (run, told) = (place.run.clone(), events.clone());
        let watch: ImportWatch = Arc::new(move |stage, done, total| {
            let (done, total) = (done as u32, total as u32);
            // A window that is behind misses a step of the bar and nothing else.
            told.try_send(ImportEvent::Progress { stage, done, total })
                .ok();
            !run.is_stopped()
        });
        let engine = self.engines.choose(false);
        let runner = start.run.then_some(&*engine);
        match course_import(runner, from, kind, into, &watch).await {
            Ok(Some(report)) => ImportEvent::Finished {
                report: Box::new(report),
            },
            Ok(None) => ImportEvent::Stopped,
            Err(error) => ImportEvent::Failed { error },
        }
    }

    /// Stops an import or a proof. Harmless after its end.
    pub fn job_stop(&self, job_id: &str) {
        if let Some(job) = self.jobs.get(job_id) {
            job.stop();
        }
    }
}

impl StreamEvent for ImportEvent {
    fn weight(&self) -> usize {
        0
    }

    fn is_terminal(&self) -> bool {
        !matches!(self, ImportEvent::Progress { .. })
    }

    fn merge(&mut self, next: Self) -> Option<Self> {
        match (&*self, &next) {
            // Only the newest is worth showing.
            (ImportEvent::Progress { .. }, ImportEvent::Progress { .. }) => {
                *self = next;
                None
            }
            _ => Some(next),
        }
    }
}

/// Imports a docsify folder, an mdBook or notebooks into `into`; with a `runner` every block of
/// Python that needs nothing is run. `watch` is told how far it is, and stops it by answering false:
/// then there is no summary. Runs one program after the other.
///
/// # Errors
/// `invalid_request` for what cannot be imported, `save_failed` for a destination that cannot be
/// written, those of the engine.
pub async fn course_import(
    runner: Option<&dyn Runner>,
    from: &Path,
    kind: Option<ImportFrom>,
    into: &Path,
    watch: &ImportWatch,
) -> ApiResult<Option<ImportSummary>> {
    let (from, into, told) = (from.to_path_buf(), into.to_path_buf(), watch.clone());
    let imported = tokio::task::spawn_blocking(move || {
        ha_course::import(&from, kind, &into, &mut |done, total| {
            told(ImportStage::Texts, done, total)
        })
    });
    let imported = imported
        .await
        .map_err(|panic| ApiError::new(ErrorCode::Internal, panic.to_string()))?;
    let report = match imported {
        Err(ImportError::Stopped) => return Ok(None),
        imported => imported.map_err(|error| import_error(&error))?,
    };
    let Some(code) = code(runner, &report, watch).await? else {
        return Ok(None);
    };
    let placed = |(file, line, what): &(String, u32, String)| format!("{file}:{line}: {what}");
    let said = |sentences: Vec<Words>| sentences.into_iter().map(Into::into).collect();
    let dead = report.dead_links.iter().map(
        |(file, line, reason)| said!("{file}:{line}: {reason}", "{file}:{line}: {reason}"; reason),
    );
    let dead = dead.collect();
    Ok(Some(ImportSummary {
        course: report.course,
        chapters: report.chapters,
        lessons: report.lessons,
        chinese: report.chinese,
        english: report.english,
        known: report.known,
        gone: report.gone,
        changed: said(report.changed),
        license: report.license,
        images: report.images,
        missing_images: report.missing_images.iter().map(placed).collect(),
        remote_images: report.remote_images,
        dead_links: said(dead),
        linked: report.linked.iter().map(placed).collect(),
        left_out: said(report.left_out),
        code,
    }))
}

fn import_error(error: &ImportError) -> ApiError {
    let code = match error {
        ImportError::Unknown(_)
        | ImportError::Broken { .. }
        | ImportError::Entangled
        | ImportError::Occupied(_)
        | ImportError::Stopped => ErrorCode::InvalidRequest,
        ImportError::Io { .. } => ErrorCode::SaveFailed,
    };
    ApiError::said(code, error.words())
}

/// Nothing when it was stopped.
async fn code(
    runner: Option<&dyn Runner>,
    report: &ImportReport,
    watch: &ImportWatch,
) -> ApiResult<Option<CodeSummary>> {
    let mut code = CodeSummary::default();
    let plan = BridgePlan::new(None, crate::wire::Language::En);
    for (done, block) in report.blocks.iter().enumerate() {
        if !watch(ImportStage::Blocks, done, report.blocks.len()) {
            return Ok(None);
        }
        match &block.need {
            CodeNeed::Other => code.other += 1,
            CodeNeed::Key(_) => code.needs_key += 1,
            CodeNeed::Network(_) => code.needs_network += 1,
            CodeNeed::Packages(packages) => {
                code.with_packages += 1;
                for package in packages {
                    *code.needs_packages.entry(package.clone()).or_default() += 1;
                }
            }
            CodeNeed::Nothing => {
                let Some(runner) = runner.filter(|_| !block.source.is_empty()) else {
                    code.not_run += 1;
                    continue;
                };
                let ran = dry_run(runner, &block.source, Vec::new(), &[], &plan).await?;
                let last = last_line(&ran.output);
                if ran.outcome == (RunOutcome::Exited { code: 0 }) {
                    code.runs += 1;
                } else if last.starts_with("NameError") {
                    code.needs_earlier += 1;
                } else {
                    let error = ending(&ran.outcome, last);
                    let (file, line) = (&block.file, block.line);
                    let said = said!("{file}:{line}: {error}", "{file}:{line}: {error}"; error);
                    code.fails.push(said.into());
                }
            }
        }
    }
    Ok(Some(code))
}

/// Why a block did not come to a good end: Python's last line, or what stopped it.
fn ending(outcome: &RunOutcome, last: &str) -> Words {
    match outcome {
        RunOutcome::Exited { .. } if !last.is_empty() => {
            Words::same(last.chars().take(200).collect::<String>())
        }
        RunOutcome::Exited { code } => {
            said!("以退出码 {code} 结束", "ends with exit code {code}")
        }
        RunOutcome::TimedOut => said!(
            "没有结束：到了时间上限，停下了",
            "does not end: stopped at the limit of time"
        ),
        RunOutcome::OutOfMemory => {
            said!("到了内存上限，停下了", "stopped at the limit of memory")
        }
        RunOutcome::OutputLimit => {
            said!("到了输出上限，停下了", "stopped at the limit of output")
        }
        RunOutcome::Cancelled => said!("停下了", "stopped"),
        RunOutcome::Refused => said!(
            "用到了代码检查不允许的东西",
            "uses what the check of code refuses"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_of_a_block_has_its_words() {
        for (outcome, last, expected) in [
            (
                RunOutcome::Exited { code: 1 },
                "KeyError: 'a'",
                "KeyError: 'a'",
            ),
            (RunOutcome::Exited { code: 3 }, "", "ends with exit code 3"),
            (
                RunOutcome::TimedOut,
                "",
                "does not end: stopped at the limit of time",
            ),
            (
                RunOutcome::OutputLimit,
                "x",
                "stopped at the limit of output",
            ),
        ] {
            assert_eq!(ending(&outcome, last).en, expected);
        }
    }
}
