//! A pool of warm Docker containers behind the sandbox contract: a full Linux Python for programs that
//! need processes, threads, packages.
//!
//! ```text
//! DockerRunner ── start ──▶ Keeper: is there an engine? ──▶ Pool: is there a container?
//!                                                              │ job
//!    Run::events ◀── Program ◀── Course ◀── frames ── Session ─┘ one task a container
//! ```
//!
//! A container's first process is our runner, which forks a child for every program, wraps what it
//! prints in frames, and cleans up after it. A container is used again only after a quiet program and a
//! verified cleaning. The runner and the image are in `templates/sandbox`; building the image is
//! `cargo xtask image`'s business.
//!
//! Nothing here starts an engine: when there is none, runs are refused with the reason.

mod book;
mod census;
mod course;
mod engine;
mod frame;
mod inspection;
mod keeper;
mod order;
mod pool;
mod program;
mod runner;
mod session;
mod standing;
mod stats;
mod stream;
mod sweep;
mod terminal;
mod trouble;
mod walls;
mod work;

pub use census::PoolSize;
pub use engine::{ImageSources, Surroundings};
pub use runner::{DockerRunner, DockerSettings};

/// The engine's name in the contract.
pub(crate) const NAME: &str = "docker";
