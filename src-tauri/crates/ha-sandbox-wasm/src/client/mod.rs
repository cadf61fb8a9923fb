//! The app's half of the engine: it keeps a worker alive and speaks for it.
//!
//! ```text
//! start ─▶ Link ── Pen ─────────────────▶ worker ─┐
//!            │      └ its thread: what the pipe    │
//!            │        does not take at once        │
//!            └─ Call (one run) ◀── supervisor ◀────┘ frames
//!                 │  ▲               spawns, reads, buries, restarts
//!   Run::events ◀─┘  └─ a task: input, cancel, slow readers, heartbeat
//! ```
//!
//! An event goes from the pipe to whoever reads it over one thread, the supervisor's. It never waits.

mod budget;
mod call;
mod link;
mod pen;
mod supervisor;

pub(crate) use supervisor::Supervisor;
