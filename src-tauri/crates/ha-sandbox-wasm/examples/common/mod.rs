//! The engine of this checkout, as the programs of this folder use it.

use anyhow::{Context, Result};
use ha_sandbox_wasm::{GuestLocation, WasmRunner, WorkerProgram};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An engine whose worker is this program itself, because its `main` begins with `serve_if_worker`; with
/// the guest that `cargo xtask guest` leaves, and its cache in `cache`.
pub fn open(cache: &Path) -> Result<Arc<WasmRunner>> {
    let guest = std::env::var_os("HELLOAGENTS_GUEST")
        .context("HELLOAGENTS_GUEST is not set; run this through cargo")?;
    let location = GuestLocation {
        dir: PathBuf::from(guest),
        cache_dir: cache.to_owned(),
    };
    Ok(WasmRunner::open(location, WorkerProgram::this_one()))
}
