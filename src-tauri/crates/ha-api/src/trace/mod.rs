//! Traces: what an agent did in a run, recorded while it goes, kept with the run, written out for other
//! tools.
//!
//! ```text
//! bridge (calls of models and tools) ─┐
//! program (its own steps)             ├─▶ Recorder ─▶ Trace ─▶ window, store, OTLP
//! ```

mod otlp;
mod recorder;

pub(crate) use recorder::{NewSpan, Recorder, kept};

use crate::wire::{LessonRef, Trace, TraceEntry};
use crate::{ApiError, ApiResult, App, ErrorCode};

/// Traces the window lists.
const LISTED: u32 = 50;

impl App {
    /// The trace of a run.
    ///
    /// # Errors
    /// `history_not_found` for a run that has none (any more), those of the store.
    pub async fn trace_get(&self, run: String) -> ApiResult<Trace> {
        let body = self.with_store(move |store| store.trace(&run)).await?;
        let trace = body.and_then(|body| serde_json::from_str(&body).ok());
        trace.ok_or_else(|| ApiError::new(ErrorCode::HistoryNotFound, "this run has no trace"))
    }

    /// The runs of a lesson that have a trace, newest first, at most 50.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn trace_list(&self, lesson: LessonRef) -> ApiResult<Vec<TraceEntry>> {
        let rows = self
            .with_store(move |store| store.traces(&lesson.course, &lesson.lesson, LISTED))
            .await?;
        let entry = |row: ha_store::TraceLine| TraceEntry {
            run: row.run,
            at: row.started_at.0 as f64,
            spans: row.spans,
        };
        Ok(rows.into_iter().map(entry).collect())
    }

    /// Writes the trace of a run as OTLP JSON into the learner's Downloads folder, never over an
    /// existing file. Answers the path.
    ///
    /// # Errors
    /// As `trace_get`; `save_failed`.
    pub async fn trace_export(&self, run: String) -> ApiResult<String> {
        let trace = self.trace_get(run.clone()).await?;
        let text = format!("{:#}\n", trace.to_otlp(&run));
        let name = "helloagents-trace".to_string();
        self.save_download(name, "json", text).await
    }

    /// Keeps the trace of a run that made one; answers whether it was kept. A trace that cannot be
    /// written never changes how a run ended.
    pub(crate) async fn keep_trace(&self, run: &str, trace: &Trace) -> bool {
        if trace.spans.is_empty() {
            return false;
        }
        let (run, spans) = (run.to_string(), trace.spans.len() as u32);
        let body = serde_json::to_string(trace).expect("texts and numbers are always JSON");
        let kept = self.with_store(move |store| store.keep_trace(&run, spans, &body));
        kept.await.unwrap_or(false)
    }
}
