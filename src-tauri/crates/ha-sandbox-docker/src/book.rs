//! What happened to containers and programs, counted: one book for as long as the app runs.

use crate::stats::Durations;
use ha_sandbox::Statistics;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Counts and durations; [`Statistics`] is what is read from it.
#[derive(Debug, Default)]
pub(crate) struct Book(Mutex<Pages>);

#[derive(Debug, Default)]
struct Pages {
    counts: Statistics,
    acquire: Durations,
    first_output: Durations,
    run: Durations,
    reset: Durations,
    create: Durations,
}

impl Book {
    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A container was made.
    pub fn created(&self, took: Duration) {
        let mut pages = self.pages();
        pages.counts.created += 1;
        pages.create.add(took);
    }

    /// A container was given up.
    pub fn destroyed(&self) {
        self.pages().counts.destroyed += 1;
    }

    /// A program got its container.
    pub fn acquired(&self, took: Duration) {
        let mut pages = self.pages();
        pages.counts.runs += 1;
        pages.acquire.add(took);
    }

    /// A program is over.
    pub fn ran(&self, took: Duration, first_output: Option<Duration>) {
        let mut pages = self.pages();
        pages.run.add(took);
        if let Some(first) = first_output {
            pages.first_output.add(first);
        }
    }

    /// A container is as new again.
    pub fn reset(&self, took: Duration) {
        let mut pages = self.pages();
        pages.counts.resets += 1;
        pages.reset.add(took);
    }

    /// A container is not used again because of its program.
    pub fn discarded(&self) {
        self.pages().counts.discards += 1;
    }

    /// Something failed that no program caused.
    pub fn failed(&self) {
        self.pages().counts.failures += 1;
    }

    /// Leftovers of other apps were removed.
    pub fn swept(&self, count: u64) {
        self.pages().counts.swept += count;
    }

    /// All of it, without the numbers that only a pool knows.
    pub fn statistics(&self) -> Statistics {
        let pages = self.pages();
        Statistics {
            acquire: pages.acquire.latency(),
            first_output: pages.first_output.latency(),
            run: pages.run.latency(),
            reset: pages.reset.latency(),
            create: pages.create.latency(),
            ..pages.counts.clone()
        }
    }
}
