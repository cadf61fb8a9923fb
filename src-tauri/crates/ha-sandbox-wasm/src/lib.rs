//! CPython 3.14 as a WebAssembly component behind the sandbox contract, in a process of its own.
//!
//! A run is a fresh instance of the component: its memory starts as a copy-on-write view of an image
//! in which Python and the common half of its standard library are already loaded, and it is thrown
//! away at the end. The program sees files of its own, in memory, the clocks and random numbers; no network,
//! no processes, no environment. Building the component is `cargo xtask guest`'s business.
//!
//! ```text
//! the app                                   │ its worker: the same binary with `--sandbox-worker`
//! WasmRunner ── start ──▶ client: Link ─────┼─ Order ──▶ worker: crew ──▶ execution ──▶ interpreter
//!    Run::events ◀── Call ◀── supervisor ◀──┼─ News ─── Line ◀── Outbox ◀── host calls ──┘
//! ```
//!
//! Whatever breaks the engine breaks the worker: the app answers its runs with `Lost` and starts
//! another one.

mod calls;
mod client;
mod ending;
mod execution;
mod frame;
mod guest;
mod host;
mod image;
mod inside;
mod interpreter;
mod link;
mod machine;
mod outbox;
mod runner;
mod streams;
mod ticker;
mod vfs;
mod wasi;
mod worker;

pub use guest::{GuestLocation, precompile};
pub use runner::{WasmRunner, WorkerProgram};
pub use worker::serve_if_worker;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks. A panic elsewhere while the lock was held leaves nothing half done that would matter: each
/// holder changes one thing at a time.
fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
