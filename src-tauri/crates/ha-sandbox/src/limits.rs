//! What one run may use.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Limits of one run. Construct with [`Limits::default`] and change what differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Wall-clock time, counted also while the program sleeps or waits for input, and not while it
    /// waits for an answer of its host: that may take a model half a minute.
    pub wall: Duration,
    /// Memory the guest may hold, in bytes. More is a `MemoryError` or [`crate::RunOutcome::OutOfMemory`].
    pub memory_bytes: u64,
    /// What is kept of standard output and error together, in bytes: of more than that the beginning
    /// and the end. The program is ended at [`crate::FLOOD`] times as much.
    pub output_bytes: u64,
    /// What the program's files may grow by, in bytes; an entry counts at least 4,096. More is an
    /// `OSError`: no space left on device.
    pub disk_bytes: u64,
}

impl Limits {
    /// Shortest wall-clock limit that may be asked for.
    pub const MIN_WALL: Duration = Duration::from_secs(1);
    /// Longest wall-clock limit that may be asked for.
    pub const MAX_WALL: Duration = Duration::from_secs(60);
    /// All source files together, in bytes: far above any lesson, far below what hurts the parser.
    pub const MAX_SOURCE_BYTES: usize = 1024 * 1024;
    /// Standard input that is known beforehand and the arguments together, in bytes.
    pub const MAX_INPUT_BYTES: usize = 8 * 1024 * 1024;
    /// How long a program may wait for answers of its host, all together.
    pub const MAX_WAITING: Duration = Duration::from_secs(600);
    /// Files in one request.
    pub const MAX_FILES: usize = 64;
}

impl Default for Limits {
    /// 30 s (the product's default), 128 MiB of memory, 1 MiB of output, 10 MiB of files.
    fn default() -> Self {
        Limits {
            wall: Duration::from_secs(30),
            memory_bytes: 128 * 1024 * 1024,
            output_bytes: 1024 * 1024,
            disk_bytes: 10 * 1024 * 1024,
        }
    }
}
