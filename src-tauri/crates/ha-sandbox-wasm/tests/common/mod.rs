//! The guest of this checkout, opened once for all tests of a file.
#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "a test fails by panicking; not every test file uses everything here"
)]

use ha_sandbox_wasm::{GuestLocation, WasmRunner, WorkerProgram};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Where `cargo xtask guest` leaves the guest.
pub fn guest_dir() -> PathBuf {
    let dir = std::env::var_os("HELLOAGENTS_GUEST").expect("cargo sets HELLOAGENTS_GUEST");
    let dir = PathBuf::from(dir);
    assert!(
        dir.join("python.wasm.zst").is_file(),
        "there is no guest in {}: `cargo xtask test` prepares it, `cargo xtask guest` alone builds it",
        dir.display()
    );
    dir
}

/// The worker of this checkout. An example is its own.
pub fn worker() -> WorkerProgram {
    match option_env!("CARGO_BIN_EXE_sandbox-worker") {
        Some(program) => WorkerProgram {
            program: program.into(),
            arguments: Vec::new(),
        },
        None => WorkerProgram::this_one(),
    }
}

/// An engine of its own, with its cache in `cache`.
pub fn open(cache: &Path) -> Arc<WasmRunner> {
    let location = GuestLocation {
        dir: guest_dir(),
        cache_dir: cache.to_owned(),
    };
    WasmRunner::open(location, worker())
}

/// One engine for all tests of this file; they run side by side in it.
pub fn runner() -> Arc<WasmRunner> {
    opened().0.clone()
}

/// The cache of that engine.
pub fn cache_dir() -> PathBuf {
    opened().1.path().to_owned()
}

fn opened() -> &'static (Arc<WasmRunner>, tempfile::TempDir) {
    static RUNNER: OnceLock<(Arc<WasmRunner>, tempfile::TempDir)> = OnceLock::new();
    RUNNER.get_or_init(|| {
        let cache = tempfile::tempdir().unwrap();
        (open(cache.path()), cache)
    })
}
