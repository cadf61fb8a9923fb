//! CPython 3.14 as a WebAssembly component behind the sandbox contract.
//!
//! A run is a fresh instance of the component: its memory starts as a copy-on-write view of an image
//! in which Python and the common half of its standard library are already loaded, and it is thrown
//! away at the end. The program sees files of its own, in memory, the clocks and random numbers; no network,
//! no processes, no environment. Building the component is `cargo xtask guest`'s business.
//!
//! ```text
//! WasmRunner ── open ──▶ thread: guest (find, verify, compile) ──▶ Machine
//!     └── start ──▶ blocking thread: execution ── host calls ──▶ Outbox ──▶ Run::events
//! ```

mod ending;
mod execution;
mod guest;
mod host;
mod image;
mod inside;
mod interpreter;
mod machine;
mod outbox;
mod runner;
mod streams;
mod ticker;
mod vfs;
mod wasi;

pub use guest::{GuestLocation, precompile};
pub use runner::WasmRunner;
