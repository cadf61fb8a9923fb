//! How often a worker may be started again.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Restarts that are allowed within [`WINDOW`]. A fault that a program can cause costs one each; more
/// than a handful a minute is a machine on which the engine does not work.
pub(crate) const RESTARTS: usize = 5;
/// The time in which they are counted.
pub(crate) const WINDOW: Duration = Duration::from_secs(60);
/// The second restart in a row waits this long, each further one twice as long. The first does not
/// wait: a learner is about to press Run again.
const FIRST_WAIT: Duration = Duration::from_millis(50);

/// The restarts of the last while.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    restarts: VecDeque<Instant>,
}

impl Budget {
    /// How long to wait before the next restart, which is counted; `None` when there were too many.
    pub fn spend(&mut self, now: Instant) -> Option<Duration> {
        if !self.allows(now) {
            return None;
        }
        let before = self.restarts.len() as u32;
        self.restarts.push_back(now);
        Some(match before.checked_sub(1) {
            Some(earlier) => FIRST_WAIT * 2u32.pow(earlier),
            None => Duration::ZERO,
        })
    }

    /// Whether a restart is allowed.
    pub fn allows(&mut self, now: Instant) -> bool {
        while self
            .restarts
            .front()
            .is_some_and(|first| now.duration_since(*first) >= WINDOW)
        {
            self.restarts.pop_front();
        }
        self.restarts.len() < RESTARTS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    #[test]
    fn five_restarts_wait_ever_longer_and_the_sixth_is_refused() {
        let (mut budget, now) = (Budget::default(), Instant::now());
        let waits: Vec<_> = (0..6).map(|_| budget.spend(now)).collect();
        let expected = [0, 50, 100, 200, 400].map(|wait| Some(ms(wait)));
        assert_eq!(waits[..5], expected);
        assert_eq!(waits[5], None);
    }

    #[test]
    fn a_restart_is_forgotten_after_a_minute() {
        let (mut budget, start) = (Budget::default(), Instant::now());
        for second in 0..5 {
            budget.spend(start + ms(second * 1000));
        }
        assert!(!budget.allows(start + WINDOW - ms(1)));
        assert!(budget.allows(start + WINDOW));
        assert_eq!(budget.spend(start + WINDOW), Some(ms(400)));
        assert_eq!(budget.spend(start + WINDOW), None);
        assert_eq!(budget.spend(start + 3 * WINDOW), Some(ms(0)));
    }
}
