//! The circuit breaker: a service that failed again and again is left alone for a while.
//!
//! ```text
//!            failures_to_pause in a row              pause is over
//!   closed ───────────────────────────▶ open ───────────────────────▶ half open: one may try
//!      ▲                                  ▲                                   │
//!      └────────── it went well ──────────┼───────────────────────────────────┤
//!                                         └────────── it failed again ────────┘
//! ```

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The breaker of one client. Knows no clock: every call says what time it is.
#[derive(Debug)]
pub(crate) struct Breaker {
    failures_to_pause: u32,
    pause: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Closed { failures: u32 },
    Open { until: Instant },
    HalfOpen,
}

/// The right to try once. Says in the end how it went; one that is dropped says nothing.
#[derive(Debug)]
pub(crate) struct Pass {
    breaker: Arc<Breaker>,
    said: bool,
}

impl Breaker {
    pub(crate) fn new(failures_to_pause: u32, pause: Duration) -> Arc<Breaker> {
        Arc::new(Breaker {
            failures_to_pause,
            pause,
            state: Mutex::new(State::Closed { failures: 0 }),
        })
    }

    /// Asks to try.
    ///
    /// # Errors
    /// How long until somebody may.
    pub(crate) fn pass(self: &Arc<Self>, now: Instant) -> Result<Pass, Duration> {
        let mut state = self.state();
        match *state {
            State::Closed { .. } => {}
            State::Open { until } if now >= until => *state = State::HalfOpen,
            State::Open { until } => return Err(until - now),
            // Somebody is trying; how long that takes nobody knows.
            State::HalfOpen => return Err(self.pause),
        }
        Ok(Pass {
            breaker: Arc::clone(self),
            said: false,
        })
    }

    /// Something else showed that the service is well.
    pub(crate) fn close(&self) {
        *self.state() = State::Closed { failures: 0 };
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change is one assignment, so a panic elsewhere leaves it whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass {
    /// The service is well.
    pub(crate) fn well(mut self) {
        self.said = true;
        self.breaker.close();
    }

    /// The service failed.
    pub(crate) fn failed(mut self, now: Instant) {
        self.said = true;
        let mut state = self.breaker.state();
        let until = now + self.breaker.pause;
        *state = match *state {
            State::Closed { failures } if failures + 1 < self.breaker.failures_to_pause => {
                State::Closed {
                    failures: failures + 1,
                }
            }
            State::Closed { .. } | State::HalfOpen => State::Open { until },
            // Another one that began before the pause; it is long enough as it is.
            open @ State::Open { .. } => open,
        };
    }
}

impl Drop for Pass {
    /// A try that was called off leaves the next one free.
    fn drop(&mut self) {
        if self.said {
            return;
        }
        let mut state = self.breaker.state();
        if *state == State::HalfOpen {
            *state = State::Closed {
                failures: self.breaker.failures_to_pause.saturating_sub(1),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    const PAUSE: Duration = Duration::from_secs(30);

    fn opened(now: Instant) -> Arc<Breaker> {
        let breaker = Breaker::new(3, PAUSE);
        for _ in 0..3 {
            breaker.pass(now).unwrap().failed(now);
        }
        breaker
    }

    #[test]
    fn it_opens_after_failures_in_a_row_and_not_before() {
        let now = Instant::now();
        let breaker = Breaker::new(3, PAUSE);
        for _ in 0..2 {
            breaker.pass(now).unwrap().failed(now);
        }
        breaker.pass(now).unwrap().well();
        for _ in 0..2 {
            breaker.pass(now).unwrap().failed(now);
        }
        assert!(breaker.pass(now).is_ok());
        breaker.pass(now).unwrap().failed(now);
        assert_eq!(breaker.pass(now).unwrap_err(), PAUSE);
    }

    #[test]
    fn after_the_pause_one_may_try_and_only_one() {
        let now = Instant::now();
        let breaker = opened(now);
        let almost = now + PAUSE - Duration::from_secs(1);
        assert_eq!(breaker.pass(almost).unwrap_err(), Duration::from_secs(1));
        let trial = breaker.pass(now + PAUSE).unwrap();
        assert!(breaker.pass(now + PAUSE).is_err());
        trial.well();
        assert!(breaker.pass(now + PAUSE).is_ok());
    }

    #[test]
    fn a_failed_trial_opens_it_again_at_once() {
        let now = Instant::now();
        let breaker = opened(now);
        let later = now + PAUSE;
        breaker.pass(later).unwrap().failed(later);
        assert_eq!(breaker.pass(later).unwrap_err(), PAUSE);
    }

    #[test]
    fn a_trial_that_was_called_off_leaves_the_next_one_free() {
        let now = Instant::now();
        let breaker = opened(now);
        let later = now + PAUSE;
        drop(breaker.pass(later).unwrap());
        breaker.pass(later).unwrap().failed(later);
        assert!(breaker.pass(later).is_err());
    }

    #[test]
    fn a_latecomer_does_not_make_the_pause_longer() {
        let now = Instant::now();
        let breaker = Breaker::new(1, PAUSE);
        let (first, second) = (breaker.pass(now).unwrap(), breaker.pass(now).unwrap());
        first.failed(now);
        second.failed(now + PAUSE / 2);
        assert!(breaker.pass(now + PAUSE).is_ok());
    }
}
