//! Time and chance, passed in: a test moves its own clock and throws its own dice.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What tells the time and waits.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Instant;
    /// Resolves after `time`. Dropping it is the way to stop waiting.
    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// The clock of this machine.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(time))
    }
}

/// What the client takes from the world beside the network.
#[derive(Clone)]
pub struct Surroundings {
    /// Every wait but that for a connection, which the operating system measures.
    pub clock: Arc<dyn Clock>,
    /// A number from 0 up to 1, for the waits between tries.
    pub chance: Arc<dyn Fn() -> f64 + Send + Sync>,
}

impl Surroundings {
    /// The real ones.
    pub fn of_this_machine() -> Surroundings {
        Surroundings {
            clock: Arc::new(SystemClock),
            chance: Arc::new(fastrand::f64),
        }
    }
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Surroundings")
    }
}
