//! What waits for a container: a program that is to run, or a terminal that is to open.

use crate::program::Job;
use crate::terminal::Visit;
use ha_sandbox::{Language, RunError, TerminalEvent};
use std::time::Instant;
use tokio::sync::watch;

/// Something for a container to do.
pub(crate) enum Work {
    Program(Job),
    Terminal(Visit),
}

impl Work {
    /// When it was asked for.
    pub fn accepted(&self) -> Instant {
        match self {
            Work::Program(job) => job.accepted,
            Work::Terminal(visit) => visit.accepted,
        }
    }

    /// What its container must have.
    pub fn language(&self) -> Language {
        match self {
            Work::Program(job) => job.request.language(),
            Work::Terminal(_) => Language::Python,
        }
    }

    /// Containers that died before it began, one more than before.
    pub fn count_attempt(&mut self) -> u32 {
        let attempts = match self {
            Work::Program(job) => &mut job.attempts,
            Work::Terminal(visit) => &mut visit.attempts,
        };
        *attempts += 1;
        *attempts
    }

    /// Becomes `true` when nobody wants it any more, or closes.
    pub fn stop(&self) -> watch::Receiver<bool> {
        match self {
            Work::Program(job) => job.signals.cancel.clone(),
            Work::Terminal(visit) => visit.signals.close.clone(),
        }
    }

    /// Ends what no container has begun.
    pub async fn fail(self, error: RunError) {
        match self {
            Work::Program(job) => job.fail(error).await,
            Work::Terminal(visit) => visit.end(TerminalEvent::Failed(error)),
        }
    }

    /// Ends what was stopped before a container had begun it.
    pub async fn cancelled(self) {
        match self {
            Work::Program(job) => job.cancelled().await,
            Work::Terminal(visit) => visit.end(TerminalEvent::Closed),
        }
    }
}
