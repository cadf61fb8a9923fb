//! The sandbox contract: what a run is asked, what it may use, what it says, how it ends.
//!
//! Engines implement [`Runner`]; everybody else talks to `Arc<dyn Runner>`. No engine, no window,
//! no course and no database is known here. A learner's failing program is a [`RunOutcome`];
//! our failing machine is a [`RunError`].

mod event;
mod excerpt;
mod host_call;
mod inspect;
mod limits;
mod output;
pub mod policy;
mod pool;
mod request;
mod runner;
mod terminal;

pub use event::{RunEvent, RunNote, RunOutcome, RunReport};
pub use excerpt::python_excerpt;
pub use host_call::{HostAnswer, HostCall};
pub use inspect::{Failure, Frame, Inspect, Inspection, Recording, Step, StepKind, Variable};
pub use limits::Limits;
pub use output::{FLOOD, OutputCap, Stream, Utf8Stream};
pub use pool::{EngineFacts, Latency, PoolReport, Standing, Statistics};
pub use request::{
    Language, RequestError, RunRequest, SourceFile, Stdin, before_name, is_safe_path,
};
pub use runner::{EngineState, Run, RunControl, RunError, RunSignals, Runner};
pub use terminal::{
    Terminal, TerminalControl, TerminalEvent, TerminalRequest, TerminalSignals, TerminalSize,
};
