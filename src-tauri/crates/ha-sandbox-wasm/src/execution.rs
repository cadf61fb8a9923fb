//! One run from its folder to its terminal event, on a thread of its own.
//!
//! ```text
//! blocking thread ── select ─┬─ cancelled, or nobody listens ─▶ Cancelled
//!                            ├─ wall clock ──────────────────▶ TimedOut
//!                            └─ guest, then outbox ──────────▶ how it ended
//! ```
//!
//! Stopping a program is dropping its future: that works in loops (it yields every tick), in sleeps
//! and in `input()` alike. The guest computes on this thread and not on the app's workers, because
//! a guest that never waits would starve their timers.

use crate::ending::{DISK_NOTE, Ending, Stop};
use crate::folder::{self, RunFolder, RunFolders};
use crate::host::{HOSTCALL_FUEL, HostState, Input, Job};
use crate::machine::Machine;
use crate::outbox::Outbox;
use crate::ticker::Ticking;
use ha_sandbox::{RunError, RunEvent, RunOutcome, RunReport, RunRequest, RunSignals};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;
use wasmtime::{Store, UpdateDeadline};

/// Shortest time between two looks at a program's files. A writer at full speed overshoots its
/// limit by what it writes in this time.
const DISK_LOOK: Duration = Duration::from_millis(20);

/// Everything one run needs.
pub(crate) struct Execution {
    pub machine: Arc<Machine>,
    pub folders: Arc<RunFolders>,
    pub request: RunRequest,
    pub signals: RunSignals,
    pub outbox: Outbox,
    pub accepted: Instant,
    pub permit: OwnedSemaphorePermit,
}

/// What is thrown away after the listener has been told: freeing an instance and its folder takes
/// about as long as a short program.
struct Leftovers {
    _store: Store<HostState>,
    _folder: RunFolder,
    _ticking: Ticking,
}

impl Execution {
    /// Runs the program to its end and sends exactly one terminal event, whatever happens.
    pub fn run(self, runtime: &Handle) {
        let outbox = self.outbox.clone();
        let accepted = self.accepted;
        let mut leftovers = None;
        let caught = catch_unwind(AssertUnwindSafe(|| {
            runtime.block_on(self.execute(&mut leftovers))
        }));
        let event = match caught {
            Ok((Ok(ending), permit)) => {
                drop(permit);
                finished(&ending, accepted)
            }
            Ok((Err(error), _)) => RunEvent::Failed(error),
            Err(_) => RunEvent::Failed(RunError::Lost("the engine panicked".into())),
        };
        outbox.finish();
        let delivered = outbox.try_send_last(event);
        drop(leftovers);
        if !delivered {
            // Somebody reads slowly; the program is gone, so no thread has to wait for them.
            runtime.spawn(async move { outbox.send_all().await });
        }
    }

    async fn execute(
        self,
        leftovers: &mut Option<Leftovers>,
    ) -> (Result<Ending, RunError>, OwnedSemaphorePermit) {
        let Execution {
            machine,
            folders,
            request,
            mut signals,
            outbox,
            permit,
            ..
        } = self;
        let limits = request.limits.clone();
        let job = job(&request);
        let input = Input::new(request.stdin, signals.input);
        let prepared = folders
            .create(&request.files)
            .map_err(wasmtime::Error::from)
            .and_then(|folder| {
                let state = HostState::new(&folder, outbox.clone(), limits.memory_bytes, input)?;
                let store = store(&machine, state, folder.root().into(), limits.disk_bytes);
                Ok((folder, store))
            });
        let (folder, mut store) = match prepared {
            Ok(prepared) => prepared,
            Err(error) => {
                let lost = RunError::Lost(format!("the run cannot be laid out: {error:#}"));
                return (Err(lost), permit);
            }
        };
        let ticking = machine.ticker.tick_while_held();
        let ended = tokio::select! {
            biased;
            _ = signals.cancel.wait_for(|stop| *stop) => Ok(Ending::plain(RunOutcome::Cancelled)),
            () = outbox.abandoned() => Ok(Ending::plain(RunOutcome::Cancelled)),
            () = tokio::time::sleep(limits.wall) => Ok(Ending::plain(RunOutcome::TimedOut)),
            code = drive(&machine, &mut store, &outbox, &job) => match code {
                Ok(code) => Ok(Ending::plain(RunOutcome::Exited { code })),
                Err(error) => Err(error),
            },
        };
        let ending = match ended {
            Ok(ending) => Ok(ending),
            Err(error) => Ending::from_error(&error, store.data().memory.refused),
        };
        let ending = ending.map(|ending| check_disk(ending, &folder, limits.disk_bytes));
        *leftovers = Some(Leftovers {
            _store: store,
            _folder: folder,
            _ticking: ticking,
        });
        (ending, permit)
    }
}

/// A store that yields every tick and ends a program whose files grow too large.
fn store(machine: &Machine, state: HostState, root: PathBuf, disk_bytes: u64) -> Store<HostState> {
    let mut store = Store::new(&machine.engine, state);
    store.limiter(|state| &mut state.memory);
    store.set_hostcall_fuel(HOSTCALL_FUEL);
    store.set_epoch_deadline(1);
    let mut next_look = Instant::now() + DISK_LOOK;
    store.epoch_deadline_callback(move |_| {
        let now = Instant::now();
        if now >= next_look {
            if !folder::fits(&root, disk_bytes) {
                return Err(Stop::Disk.into());
            }
            // A folder that takes long to measure is measured less often.
            next_look = now + DISK_LOOK.max(now.elapsed() * 10);
        }
        Ok(UpdateDeadline::Yield(1))
    });
    store
}

/// Runs the guest, and sends what it says also while it computes or sleeps.
async fn drive(
    machine: &Machine,
    store: &mut Store<HostState>,
    outbox: &Outbox,
    job: &Job,
) -> wasmtime::Result<i32> {
    let guest = async {
        let instance = machine.instantiate(store).await?;
        outbox.send(RunEvent::Started).await;
        instance.call_run(store, job).await
    };
    let mut guest = std::pin::pin!(guest);
    loop {
        tokio::select! {
            biased;
            code = &mut guest => return code,
            () = outbox.due() => outbox.send_all().await,
        }
    }
}

fn job(request: &RunRequest) -> Job {
    let entry = request.files.iter().find(|file| file.path == request.entry);
    Job {
        entry: request.entry.clone(),
        source: entry
            .map(|file| file.bytes.clone())
            .expect("a validated request contains its entry"),
        args: request.args.clone(),
        seed: request.seed,
    }
}

/// A program may end before its files were looked at.
fn check_disk(ending: Ending, folder: &RunFolder, limit: u64) -> Ending {
    match ending.outcome {
        RunOutcome::Exited { .. } if !folder::fits(folder.root(), limit) => Ending {
            outcome: RunOutcome::OutputLimit,
            note: DISK_NOTE,
        },
        _ => ending,
    }
}

/// The event that tells of `ending`.
pub(crate) fn finished(ending: &Ending, accepted: Instant) -> RunEvent {
    RunEvent::Finished(RunReport {
        outcome: ending.outcome,
        duration: accepted.elapsed(),
        engine: crate::runner::NAME,
        note: ending.note.to_owned(),
    })
}
