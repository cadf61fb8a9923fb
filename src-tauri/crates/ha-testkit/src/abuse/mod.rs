//! The abuse suite: programs that attack an engine, each with the end it must come to.
//!
//! Cases are data: `tests/abuse/cases/<number>-<name>.py`, a Python program under a header that says
//! what is expected ([`Case`] lists the keys). What only a host can do to a run (cancel it in every
//! phase, stop reading, send a request no engine takes) is in [`host_cases`]. Any
//! [`Runner`](ha_sandbox::Runner) can be put to a [`Suite`] of them; it judges the program's end and
//! then looks at what the program left behind, by six checks ([`Check`]).
//!
//! A failure is an answer here ([`Verdict`]), not a panic, so that one table can show all of them.

mod case;
mod heard;
mod host;
mod suite;
mod surroundings;

pub use case::{Case, load};
pub use heard::Heard;
pub use host::{HostCase, host_cases};
#[cfg(unix)]
pub use host::{WorkerId, worker_cases};
pub use suite::{Check, Suite, Verdict};
pub use surroundings::{Surroundings, family};
