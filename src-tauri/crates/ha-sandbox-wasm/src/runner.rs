//! The engine as the rest of the app sees it.

use crate::ending::Ending;
use crate::execution::{Execution, finished};
use crate::guest::{self, GuestLocation};
use crate::interpreter::Reserve;
use crate::machine::{self, Machine};
use crate::outbox::Outbox;
use ha_sandbox::{EngineState, Run, RunControl, RunError, RunOutcome, RunRequest, Runner};
use std::sync::{Arc, OnceLock};
use std::time::Instant;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, mpsc, watch};
use wasmtime::Engine;

pub(crate) const NAME: &str = "wasm";
/// Programs at once. Each may hold 128 MiB and a thread; most of them wait for input.
const PROGRAMS: usize = 8;
/// Events on their way. A flood gathers into pieces of 32 KiB, so this is at most 2 MiB.
const EVENTS: usize = 64;

/// Runs Python programs in fresh instances of the embedded CPython.
pub struct WasmRunner {
    shared: Arc<Shared>,
}

struct Shared {
    state: watch::Sender<EngineState>,
    loaded: OnceLock<Arc<Reserve>>,
    slots: Arc<Semaphore>,
}

impl WasmRunner {
    /// Returns at once; a thread loads the guest, or compiles it the first time, which takes 5–10 s.
    /// [`Runner::state`] tells how that goes, and runs started meanwhile wait for it.
    pub fn open(location: GuestLocation) -> Arc<WasmRunner> {
        let shared = Arc::new(Shared {
            state: watch::Sender::new(EngineState::Preparing {
                what: "loading Python",
            }),
            loaded: OnceLock::new(),
            slots: Arc::new(Semaphore::new(PROGRAMS)),
        });
        let runner = Arc::new(WasmRunner {
            shared: shared.clone(),
        });
        let thread = std::thread::Builder::new().name("sandbox-guest".into());
        let loading = {
            let shared = shared.clone();
            move || shared.settle(load(&location, &shared.state))
        };
        if let Err(error) = thread.spawn(loading) {
            shared.settle(Err(error.into()));
        }
        runner
    }

    async fn loaded(&self) -> Result<Arc<Reserve>, RunError> {
        let mut state = self.shared.state.subscribe();
        let settled = state
            .wait_for(|state| !matches!(state, EngineState::Preparing { .. }))
            .await
            .map_err(|closed| RunError::Unavailable(closed.to_string()))?
            .clone();
        match (settled, self.shared.loaded.get()) {
            (EngineState::Unavailable { reason }, _) => Err(RunError::Unavailable(reason)),
            (_, Some(loaded)) => Ok(loaded.clone()),
            (_, None) => Err(RunError::Unavailable("Python is not loaded".into())),
        }
    }
}

impl Shared {
    fn settle(&self, loaded: anyhow::Result<Reserve>) {
        let state = match loaded {
            Ok(loaded) => {
                self.loaded.set(Arc::new(loaded)).ok();
                EngineState::Ready
            }
            Err(error) => EngineState::Unavailable {
                reason: format!("{error:#}"),
            },
        };
        self.state.send_replace(state);
    }
}

fn load(location: &GuestLocation, state: &watch::Sender<EngineState>) -> anyhow::Result<Reserve> {
    let engine = Engine::new(&machine::config())?;
    let component = guest::load(&engine, location, || {
        state.send_replace(EngineState::Preparing {
            what: "compiling Python for this machine, once",
        });
    })?;
    let reserve = Reserve::new(Machine::new(engine, &component)?);
    // Preparing an interpreter waits for nothing outside, so the smallest runtime will do.
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(reserve.refill());
    Ok(reserve)
}

#[async_trait::async_trait]
impl Runner for WasmRunner {
    fn name(&self) -> &'static str {
        NAME
    }

    fn state(&self) -> watch::Receiver<EngineState> {
        self.shared.state.subscribe()
    }

    async fn start(&self, request: RunRequest) -> Result<Run, RunError> {
        let accepted = Instant::now();
        request.validate()?;
        let reserve = self.loaded().await?;
        let (sender, events) = mpsc::channel(EVENTS);
        let (control, mut signals) = RunControl::new();
        let outbox = Outbox::new(sender, request.limits.output_bytes);
        let slots = self.shared.slots.clone();
        let run = move |permit, signals, outbox| {
            let execution = Execution {
                reserve,
                request,
                signals,
                outbox,
                accepted,
                permit,
            };
            let runtime = Handle::current();
            tokio::task::spawn_blocking(move || execution.run(&runtime));
        };
        if let Ok(permit) = slots.clone().try_acquire_owned() {
            run(permit, signals, outbox);
            return Ok(Run { events, control });
        }
        tokio::spawn(async move {
            let permit = tokio::select! {
                permit = slots.acquire_owned() => permit,
                () = signals.cancelled() => {
                    let ending = Ending::plain(RunOutcome::Cancelled);
                    outbox.send(finished(&ending, accepted)).await;
                    return;
                }
            };
            run(permit.expect("the slots are never closed"), signals, outbox);
        });
        Ok(Run { events, control })
    }
}
