//! Attacks whose action is the host's: it cancels in every phase, stops reading, floods the input,
//! asks for what no engine runs, and hands over source of every shape.

mod cancels;
mod crowds;
#[cfg(unix)]
mod kills;
mod requests;

#[cfg(unix)]
pub use kills::{WorkerId, worker_cases};

use super::Heard;
use crate::conformance::script;
use ha_sandbox::{Run, RunEvent, RunRequest, Runner};
use std::pin::Pin;
use std::sync::Arc;

/// One thing a host does and what must come of it.
pub struct HostCase {
    /// Number and name, as those of the programs.
    pub name: &'static str,
    /// What the host does.
    pub title: &'static str,
    /// What must come of it.
    pub expected: &'static str,
    /// Whether the engine's process may be another one afterwards.
    pub restarts: bool,
    /// Does it; the error says what came instead.
    pub act: Box<dyn Fn(Arc<dyn Runner>) -> Act + Send + Sync>,
}

/// A [`HostCase`] under way.
pub type Act = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

impl HostCase {
    fn new<F>(
        name: &'static str,
        title: &'static str,
        expected: &'static str,
        act: impl Fn(Arc<dyn Runner>) -> F + Send + Sync + 'static,
    ) -> HostCase
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        HostCase {
            name,
            title,
            expected,
            restarts: false,
            act: Box::new(move |runner| Box::pin(act(runner))),
        }
    }
}

/// Every case.
pub fn host_cases() -> Vec<HostCase> {
    let mut cases = requests::cases();
    cases.extend(crowds::cases());
    cases.extend(cancels::cases());
    cases
}

fn is_stdout(event: &RunEvent) -> bool {
    matches!(event, RunEvent::Stdout(_))
}

async fn start(runner: &dyn Runner, request: RunRequest) -> Result<Run, String> {
    let run = runner.start(request).await;
    run.map_err(|error| format!("not started: {error}"))
}

async fn harmless(runner: &dyn Runner) -> Result<(), String> {
    let heard = Heard::run(runner, script("print(6 * 7)")).await;
    must(heard.end == "exited 0" && heard.stdout == "42\n", &heard)
}

fn must(is_so: bool, seen: &dyn std::fmt::Debug) -> Result<(), String> {
    if is_so {
        Ok(())
    } else {
        Err(format!("{seen:?}"))
    }
}
