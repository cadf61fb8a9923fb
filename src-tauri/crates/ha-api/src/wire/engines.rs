//! Engines: which one is wanted, and what the one of containers has done.

use super::Engine;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which engine runs programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum EngineChoice {
    /// The built-in one, and Docker for lessons that need it.
    Auto,
    /// Always the built-in one.
    Wasm,
    /// Docker whenever it is ready.
    Docker,
}

/// All engines of the app, as they are now.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct EngineReport {
    /// The embedded one first.
    pub engines: Vec<Engine>,
    /// The one of containers, where this app has one.
    pub pool: Option<Pool>,
    /// The file of the sandbox's image that the learner chose, when there is one.
    pub chosen_image: Option<String>,
}

/// How the engine of containers stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum PoolState {
    /// Nobody has needed it yet.
    Unknown,
    /// It is being found and made ready.
    Connecting,
    /// Programs start at once.
    Ready,
    /// Programs run, and something is wrong.
    Degraded,
    /// Nothing runs.
    Down,
}

/// The engine of containers, for Diagnostics and `helloagents doctor --json`.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Pool {
    /// How it stands.
    pub state: PoolState,
    /// English: what it is doing, or what is wrong; else empty.
    pub detail: String,
    /// How much of what it is doing is done, where that is known, 0–100.
    pub percent: Option<u8>,
    /// Milliseconds until it is tried again by itself, from when it went down.
    pub retry_in_ms: Option<f64>,
    /// What the engine is, while there is one.
    pub engine: Option<PoolEngine>,
    /// Containers that wait for a program.
    pub available: u32,
    /// Containers that run one.
    pub in_use: u32,
    /// Containers that are being started.
    pub starting: u32,
    /// Programs that wait for a container.
    pub waiting: u32,
    /// Containers made since the app began.
    pub created: f64,
    /// Containers given up, whatever for.
    pub destroyed: f64,
    /// Programs started.
    pub runs: f64,
    /// Containers found clean after a program and kept.
    pub resets: f64,
    /// Containers given up because of what a program left or did.
    pub discards: f64,
    /// Runs and containers that failed through no fault of a program.
    pub failures: f64,
    /// Leftovers of earlier apps that were removed.
    pub swept: f64,
    /// From the wish for a container to having it.
    pub acquire: PoolLatency,
    /// From the request to the first output.
    pub first_output: PoolLatency,
    /// Whole programs.
    pub run: PoolLatency,
    /// Cleaning a container and proving it clean.
    pub reset: PoolLatency,
    /// Making a container.
    pub create: PoolLatency,
}

/// What an engine of containers is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PoolEngine {
    /// Who named it: `DOCKER_HOST`, a docker context, a socket.
    pub named_by: String,
    /// Its version.
    pub version: String,
    /// The version of its API that is spoken.
    pub api: String,
    /// What it runs on, as it says it.
    pub system: String,
    /// Python in the image.
    pub python: String,
}

/// The latest durations of one kind, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct PoolLatency {
    /// How many these numbers are of, at most 256.
    pub count: u32,
    /// Half took less.
    pub p50_ms: f64,
    /// One in twenty took more.
    pub p95_ms: f64,
    /// The longest.
    pub max_ms: f64,
}
