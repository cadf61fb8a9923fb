//! How often we ask, and how long we wait between tries. Knows no clock and throws no dice.

use crate::ClientSettings;
use std::time::{Duration, Instant};

/// Requests in a minute: a bucket of them that fills evenly.
#[derive(Debug)]
pub(crate) struct Bucket {
    per_minute: u32,
    level: f64,
    filled: Instant,
}

impl Bucket {
    pub(crate) fn new(per_minute: u32, now: Instant) -> Bucket {
        Bucket {
            per_minute,
            level: f64::from(per_minute),
            filled: now,
        }
    }

    /// Takes one request out.
    ///
    /// # Errors
    /// When there will be one.
    pub(crate) fn take(&mut self, now: Instant) -> Result<(), Duration> {
        let per_second = f64::from(self.per_minute) / 60.0;
        let passed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.level = (self.level + passed * per_second).min(f64::from(self.per_minute));
        self.filled = now;
        if self.level >= 1.0 {
            self.level -= 1.0;
            return Ok(());
        }
        Err(Duration::from_secs_f64((1.0 - self.level) / per_second))
    }
}

/// The wait after the try `attempt` (from 1): doubled every time, half of it by chance, so that many
/// who failed together do not come back together.
pub(crate) fn back_off(settings: &ClientSettings, attempt: u32, chance: f64) -> Duration {
    let doubled = settings.back_off.saturating_mul(1 << (attempt - 1).min(16));
    let most = doubled.min(settings.back_off_most);
    most.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn the_bucket_empties_and_fills_evenly() {
        let start = Instant::now();
        let mut bucket = Bucket::new(6, start);
        for _ in 0..6 {
            bucket.take(start).unwrap();
        }
        assert_eq!(bucket.take(start), Err(Duration::from_secs(10)));
        assert_eq!(
            bucket.take(start + Duration::from_secs(4)),
            Err(Duration::from_secs(6))
        );
        assert_eq!(bucket.take(start + Duration::from_secs(10)), Ok(()));
        assert!(bucket.take(start + Duration::from_secs(10)).is_err());
    }

    #[test]
    fn the_bucket_never_holds_more_than_a_minute() {
        let start = Instant::now();
        let mut bucket = Bucket::new(2, start);
        let later = start + Duration::from_secs(3_600);
        assert_eq!(
            [(); 3].map(|()| bucket.take(later).is_ok()),
            [true, true, false]
        );
    }

    fn check(attempt: u32, chance: f64, milliseconds: u64) {
        let settings = ClientSettings {
            back_off: Duration::from_millis(400),
            back_off_most: Duration::from_secs(1),
            ..ClientSettings::default()
        };
        let wait = back_off(&settings, attempt, chance);
        assert_eq!(wait, Duration::from_millis(milliseconds));
    }

    #[test]
    fn waits_double_up_to_the_most_and_half_is_chance() {
        check(1, 0.0, 200);
        check(1, 1.0, 400);
        check(2, 0.0, 400);
        check(2, 0.5, 600);
        check(3, 1.0, 1_000);
        check(60, 0.0, 500);
    }
}
