//! Keeps a worker alive: starts it, reads what it says, buries it, starts the next.
//!
//! ```text
//!        ┌────────────── Preparing ◀─────────────┐ budget left
//!        ▼                                       │
//!   spawn, open ─▶ read news ─ end or breach ─▶ bury, answer its runs
//!                    │    ▲                      │ budget spent
//!                    ▼    │                      ▼
//!                  Ready, Unavailable      Unavailable, until a run is started after the window
//! ```
//!
//! All of it is one thread, for as long as the engine is open: on Linux a worker ends with the thread
//! that started it.

use super::budget::{Budget, RESTARTS, WINDOW};
use super::call::PULSE;
use super::link::Link;
use crate::frame::{Frames, News, Order, Readiness};
use crate::guest::GuestLocation;
use crate::lock;
use crate::runner::WorkerProgram;
use ha_sandbox::{EngineState, RunError};
use std::process::ChildStdout;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// What the thread and the runner share.
pub(crate) struct Supervisor {
    program: WorkerProgram,
    location: GuestLocation,
    state: watch::Sender<EngineState>,
    standing: Mutex<Standing>,
    changed: Condvar,
}

#[derive(Default)]
struct Standing {
    link: Option<Arc<Link>>,
    budget: Budget,
    /// The budget is spent, and the thread waits for somebody to want the engine.
    given_up: bool,
    closing: bool,
}

impl Supervisor {
    /// Starts the thread, which starts the first worker.
    pub fn start(program: WorkerProgram, location: GuestLocation) -> Arc<Supervisor> {
        let supervisor = Arc::new(Supervisor {
            program,
            location,
            state: watch::Sender::new(EngineState::Preparing {
                what: "starting the sandbox",
            }),
            standing: Mutex::default(),
            changed: Condvar::new(),
        });
        let thread = std::thread::Builder::new().name("sandbox-supervisor".into());
        let for_thread = supervisor.clone();
        if let Err(error) = thread.spawn(move || for_thread.supervise()) {
            supervisor.say(EngineState::Unavailable {
                reason: error.to_string(),
            });
        }
        supervisor
    }

    /// The engine's state now, and every change.
    pub fn state(&self) -> watch::Receiver<EngineState> {
        self.state.subscribe()
    }

    /// The worker, while there is one.
    pub fn link(&self) -> Option<Arc<Link>> {
        lock(&self.standing).link.clone()
    }

    /// A worker that is ready; waits for it, and gives one that was given up another chance.
    pub async fn ready(&self) -> Result<Arc<Link>, RunError> {
        self.try_again(Instant::now());
        let mut state = self.state();
        loop {
            let settled = |state: &EngineState| !matches!(state, EngineState::Preparing { .. });
            let settled = tokio::time::timeout(PULSE, state.wait_for(settled))
                .await
                .map(|now| now.map(|now| now.clone()));
            match (settled, self.link()) {
                // Whoever waits looks after the worker too.
                (Err(_), link) => {
                    link.inspect(|link| link.pulse());
                }
                (Ok(Err(closed)), _) => return Err(RunError::Unavailable(closed.to_string())),
                (Ok(Ok(EngineState::Unavailable { reason })), _) => {
                    return Err(RunError::Unavailable(reason));
                }
                (Ok(Ok(_)), Some(link)) => return Ok(link),
                // It died since; the state has changed by now, or does in a moment.
                (Ok(Ok(_)), None) => tokio::task::yield_now().await,
            }
        }
    }

    /// Ends the worker and the thread.
    pub fn close(&self) {
        let mut standing = lock(&self.standing);
        standing.closing = true;
        if let Some(link) = &standing.link {
            link.kill();
        }
        self.changed.notify_all();
    }

    fn try_again(&self, now: Instant) {
        let mut standing = lock(&self.standing);
        if standing.given_up && standing.budget.allows(now) {
            standing.given_up = false;
            self.restarting();
            self.changed.notify_all();
        }
    }

    fn say(&self, state: EngineState) {
        self.state.send_if_modified(|now| {
            let changed = *now != state;
            *now = state;
            changed
        });
    }

    fn restarting(&self) {
        self.say(EngineState::Preparing {
            what: "starting the sandbox again",
        });
    }

    fn supervise(&self) {
        while !lock(&self.standing).closing {
            let reason = match Link::spawn(&self.program) {
                Ok((link, news)) => self.follow(link, news),
                Err(error) => format!("the sandbox process cannot be started: {error}"),
            };
            self.wait_for_restart(reason);
        }
        self.say(EngineState::Unavailable {
            reason: "the sandbox was closed".into(),
        });
    }

    /// Serves one worker to its end, and says why it ended.
    fn follow(&self, link: Arc<Link>, news: ChildStdout) -> String {
        {
            let mut standing = lock(&self.standing);
            if standing.closing {
                link.kill();
            }
            standing.link = Some(link.clone());
        }
        link.send(&Order::Open {
            dir: self.location.dir.clone().into(),
            cache_dir: self.location.cache_dir.clone().into(),
        });
        let breach = self.listen(&link, news);
        let status = link.bury();
        let reason = match breach {
            Some(breach) => format!("the sandbox process was ended: {breach}"),
            None => format!("the sandbox process ended ({status})"),
        };
        // In this order: whoever is answered and starts again at once must wait for the next worker.
        let closing = {
            let mut standing = lock(&self.standing);
            standing.link = None;
            standing.closing
        };
        if !closing {
            tracing::warn!(pid = link.pid(), "{reason}");
            self.restarting();
        }
        link.lose_runs(&reason);
        reason
    }

    /// Reads until the worker ends; why it must be ended, if it has not by itself.
    fn listen(&self, link: &Link, news: ChildStdout) -> Option<String> {
        let mut frames = Frames::new(news);
        loop {
            let news: News = match frames.next() {
                Ok(Some(news)) => news,
                Ok(None) => return None,
                Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return None,
                Err(error) => return Some(error.to_string()),
            };
            match link.hear(news) {
                Ok(None) => {}
                Ok(Some(readiness)) => self.say(state_of(readiness)),
                Err(breach) => return Some(breach),
            }
        }
    }

    /// Waits as long as the budget says, or until somebody wants the engine again.
    fn wait_for_restart(&self, reason: String) {
        let mut standing = lock(&self.standing);
        let Some(wait) = standing.budget.spend(Instant::now()) else {
            standing.given_up = true;
            self.say(EngineState::Unavailable {
                reason: format!(
                    "it failed more than {RESTARTS} times in {} s; the last time: {reason}",
                    WINDOW.as_secs()
                ),
            });
            while standing.given_up && !standing.closing {
                standing = self
                    .changed
                    .wait(standing)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            standing.budget.spend(Instant::now());
            return;
        };
        if wait > Duration::ZERO && !standing.closing {
            let closing = |standing: &mut Standing| !standing.closing;
            // Ends early when the app does.
            drop(self.changed.wait_timeout_while(standing, wait, closing));
        }
    }
}

fn state_of(readiness: Readiness) -> EngineState {
    match readiness {
        Readiness::Loading => EngineState::Preparing {
            what: "loading Python",
        },
        Readiness::Compiling => EngineState::Preparing {
            what: "compiling Python for this machine, once",
        },
        Readiness::Ready => EngineState::Ready,
        Readiness::Unavailable(reason) => EngineState::Unavailable { reason },
    }
}
