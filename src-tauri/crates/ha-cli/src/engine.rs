//! The engines of the command line, and the one that `--engine` names.

use clap::ValueEnum;
use ha_api::Places;
use ha_sandbox::{EngineState, Runner};
use ha_sandbox_docker::{DockerRunner, DockerSettings};
use ha_sandbox_wasm::{GuestLocation, WasmRunner, WorkerProgram};
use std::sync::Arc;

/// An engine of this command line.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EngineName {
    Wasm,
    Docker,
}

impl EngineName {
    /// The engine of that name. Whoever asked for containers waits for their image, too.
    pub(crate) fn open(self, places: &Places) -> Arc<dyn Runner> {
        match self {
            EngineName::Wasm => sandbox(places),
            EngineName::Docker => containers(places, true),
        }
    }
}

/// The built-in engine.
pub(crate) fn sandbox(places: &Places) -> Arc<WasmRunner> {
    let guest = GuestLocation {
        dir: places.guest.clone(),
        cache_dir: places.cache.clone(),
    };
    WasmRunner::open(guest, WorkerProgram::this_one())
}

/// The engine of containers; `may_pull` lets it fetch an image that is not here.
pub(crate) fn containers(places: &Places, may_pull: bool) -> Arc<DockerRunner> {
    let settings = DockerSettings::beside(&places.cache, places.images(), may_pull);
    DockerRunner::open(settings)
}

/// Waits until the engine is ready or known not to be.
pub(crate) async fn settled(runner: &dyn Runner) {
    let settled = |state: &EngineState| !matches!(state, EngineState::Preparing { .. });
    runner.state().wait_for(settled).await.ok();
}
