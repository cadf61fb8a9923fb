//! Structured logs: JSON lines in files that rotate by size and by count.
//!
//! What may be logged: request ids, run ids, codes, times, sizes, paths of ours. What never is:
//! learner code, program output, lesson text, keys.

use file_rotate::{ContentLimit, FileRotate, compression::Compression, suffix::AppendCount};
use std::path::Path;
use std::sync::Mutex;
use tracing_subscriber::EnvFilter;

/// A file is closed at this size.
const FILE_BYTES: usize = 2 * 1024 * 1024;
/// Closed files that are kept.
const FILES: usize = 5;

/// Starts logging into `folder`. Called once per process; a second call and a folder that cannot be
/// written leave the process without a log, which is never a reason not to start.
/// `HELLOAGENTS_LOG` sets the level (`info`, `ha_api=debug`, …).
pub fn start_logging(folder: &Path) {
    if std::fs::create_dir_all(folder).is_err() {
        return;
    }
    let file = FileRotate::new(
        folder.join("helloagents.log"),
        AppendCount::new(FILES),
        ContentLimit::BytesSurpassed(FILE_BYTES),
        Compression::None,
        #[cfg(unix)]
        None,
    );
    let filter =
        EnvFilter::try_from_env("HELLOAGENTS_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(Mutex::new(file))
        .try_init()
        .ok();
}
