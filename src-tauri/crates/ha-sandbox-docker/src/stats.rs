//! Durations and their percentiles.

use ha_sandbox::Latency;
use std::collections::VecDeque;
use std::time::Duration;

/// Durations of one kind that are remembered; percentiles are of these.
const REMEMBERED: usize = 256;

/// The latest durations of one kind.
#[derive(Debug, Default)]
pub(crate) struct Durations(VecDeque<Duration>);

impl Durations {
    /// Remembers one more and forgets the oldest.
    pub fn add(&mut self, duration: Duration) {
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(duration);
    }

    /// Their percentiles.
    pub fn latency(&self) -> Latency {
        let mut sorted: Vec<Duration> = self.0.iter().copied().collect();
        sorted.sort_unstable();
        let at = |share: f64| {
            let index = (sorted.len() as f64 * share) as usize;
            let found = sorted.get(index.min(sorted.len().saturating_sub(1)));
            found.map_or(0.0, |duration| duration.as_secs_f64() * 1e3)
        };
        Latency {
            count: sorted.len(),
            p50_ms: at(0.5),
            p95_ms: at(0.95),
            max_ms: at(1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_latest() {
        let mut durations = Durations::default();
        assert_eq!(durations.latency(), Latency::default());
        durations.add(Duration::from_secs(9));
        for milliseconds in 1..=REMEMBERED as u64 {
            durations.add(Duration::from_millis(milliseconds));
        }
        let expected = Latency {
            count: REMEMBERED,
            p50_ms: 129.0,
            p95_ms: 244.0,
            max_ms: 256.0,
        };
        assert_eq!(durations.latency(), expected);
    }
}
