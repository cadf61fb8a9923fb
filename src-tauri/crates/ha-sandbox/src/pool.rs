//! What an engine says of itself that keeps interpreters ready: how it stands and what it has done. For
//! Diagnostics and `helloagents doctor`; nothing decides by these numbers.

use serde::Serialize;

/// An engine that keeps a pool, as it is now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PoolReport {
    /// How it stands.
    pub standing: Standing,
    /// What it has done.
    pub statistics: Statistics,
}

/// How an engine stands that may come and go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Standing {
    /// Nobody has needed it yet.
    Unknown,
    /// It is being found and made ready.
    Connecting {
        /// What is being done, in English.
        what: &'static str,
        /// How much of it is done, where that is known, 0–100.
        percent: Option<u8>,
    },
    /// Programs start at once.
    Ready {
        /// What it is.
        engine: EngineFacts,
    },
    /// Programs run, and something is wrong.
    Degraded {
        /// What, in English.
        reason: String,
        /// What it is.
        engine: EngineFacts,
    },
    /// Nothing runs.
    Down {
        /// Why, in English.
        reason: String,
        /// When it is tried again by itself, in milliseconds from when this was said.
        retry_in_ms: u64,
    },
}

/// What an engine of containers is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EngineFacts {
    /// Who named it: `DOCKER_HOST`, a docker context, a socket.
    pub named_by: String,
    /// Its version.
    pub version: String,
    /// The version of its API that is spoken.
    pub api: String,
    /// `amd64`, `arm64`.
    pub architecture: String,
    /// What it runs on, as it says it.
    pub system: String,
    /// `1` or `2`.
    pub cgroup: String,
    /// Python in the image.
    pub python: String,
    /// The id of the image.
    pub image: String,
}

/// The pool's numbers. Counts are since the app began.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Statistics {
    /// Containers that wait for a program.
    pub available: usize,
    /// Containers that run one.
    pub in_use: usize,
    /// Containers that are being started.
    pub starting: usize,
    /// Programs that wait for a container.
    pub waiting: usize,
    /// Containers made.
    pub created: u64,
    /// Containers given up, whatever for.
    pub destroyed: u64,
    /// Programs started.
    pub runs: u64,
    /// Containers that were found clean after a program and kept.
    pub resets: u64,
    /// Containers that were given up because of what a program left or did.
    pub discards: u64,
    /// Runs and containers that failed through no fault of a program.
    pub failures: u64,
    /// Leftovers of earlier apps that were removed.
    pub swept: u64,
    /// From the wish for a container to having it.
    pub acquire: Latency,
    /// From the request to the first output, of programs that had any.
    pub first_output: Latency,
    /// Of whole programs, from the request to the end.
    pub run: Latency,
    /// Cleaning and proving a container clean, as it says itself.
    pub reset: Latency,
    /// Making a container, until it waits for a program.
    pub create: Latency,
}

/// The latest durations of one kind, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Latency {
    /// How many these numbers are of, at most 256.
    pub count: usize,
    /// Half took less.
    pub p50_ms: f64,
    /// One in twenty took more.
    pub p95_ms: f64,
    /// The longest.
    pub max_ms: f64,
}
