//! A fresh interpreter that is awake and has seen no program yet, and the one kept in reserve.
//!
//! Most of a short run is not the program: an instance is mapped, some four hundred pages of its
//! image are copied at first touch. None of that depends on the program, so it is
//! done ahead: after each run the next interpreter is prepared. It still serves one program only.

use crate::calls::Calls;
use crate::host::{HostState, Input, Job, Sandbox};
use crate::machine::Machine;
use crate::outbox::Outbox;
use ha_sandbox::{Inspect, RunEvent, RunRequest};
use tokio::sync::{Mutex, mpsc};
use wasmtime::{Result, Store};

/// One instance of the guest and its store; for one program.
pub(crate) struct Interpreter {
    store: Store<HostState>,
    sandbox: Sandbox,
}

impl Interpreter {
    async fn prepare(machine: &Machine) -> Result<Interpreter> {
        let _ticking = machine.ticker.tick_while_held();
        let (mut store, sandbox) = machine.instantiate(HostState::new()).await?;
        sandbox.call_prepare(&mut store).await?;
        Ok(Interpreter { store, sandbox })
    }

    /// Lays out the program and connects it with whoever listens.
    pub fn take_up(
        &mut self,
        request: &RunRequest,
        lines: mpsc::UnboundedReceiver<Option<String>>,
        calls: Calls,
        outbox: &Outbox,
    ) -> Result<()> {
        let input = Input::new(request.stdin.clone(), lines);
        let state = self.store.data_mut();
        state.files.lay(&request.files, request.limits.disk_bytes)?;
        state.take_up(request, input, calls, outbox.clone());
        Ok(())
    }

    /// Runs the program that was taken up, and sends what it says also while it computes or sleeps.
    pub async fn run(&mut self, request: &RunRequest, outbox: &Outbox) -> Result<i32> {
        let job = job(request);
        let guest = async {
            outbox.queue(RunEvent::Started);
            self.sandbox.call_run(&mut self.store, &job).await
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

    /// The state of the program, for judging its end.
    pub fn state(&mut self) -> &mut HostState {
        self.store.data_mut()
    }
}

fn job(request: &RunRequest) -> Job {
    let entry = request.files.iter().find(|file| file.path == request.entry);
    Job {
        entry: request.entry.clone(),
        source: entry
            .map(|file| file.bytes.clone())
            .expect("a validated request contains its entry"),
        before: request.before.clone(),
        args: request.args.clone(),
        seed: request.seed,
        modules: modules(request),
        shows: request.inspect != Inspect::Nothing,
        records: request.inspect == Inspect::Steps,
    }
}

/// Names of the modules beside the entry.
fn modules(request: &RunRequest) -> Vec<String> {
    let folder = request.entry.rfind('/').map_or(0, |slash| slash + 1);
    let beside = request
        .files
        .iter()
        .filter_map(|file| file.path.strip_prefix(&request.entry[..folder]));
    beside
        .filter_map(|path| {
            let name = path.strip_suffix(".py")?;
            let name = name.strip_suffix("/__init__").unwrap_or(name);
            (!name.contains('/')).then(|| name.to_owned())
        })
        .collect()
}

/// Where interpreters come from.
pub(crate) struct Reserve {
    pub machine: Machine,
    /// One is enough for a person. Measured in a debug build on a busy machine of two cores, from
    /// request to end of `print("hi")`: 1.8 ms with it, 4.2 ms without. It holds some 3 MB.
    ready: Mutex<Option<Interpreter>>,
}

impl Reserve {
    /// An empty reserve.
    pub fn new(machine: Machine) -> Reserve {
        Reserve {
            machine,
            ready: Mutex::new(None),
        }
    }

    /// The interpreter in reserve, or one made now. Waits for one that is just being made, because
    /// making another beside it takes longer.
    pub async fn take(&self) -> Result<Interpreter> {
        let ready = self.ready.lock().await.take();
        match ready {
            Some(interpreter) => Ok(interpreter),
            None => Interpreter::prepare(&self.machine).await,
        }
    }

    /// Makes the next one, unless there is one. Call it when nobody waits for this thread.
    pub async fn refill(&self) {
        let mut ready = self.ready.lock().await;
        if ready.is_some() {
            return;
        }
        match Interpreter::prepare(&self.machine).await {
            Ok(interpreter) => *ready = Some(interpreter),
            // The next run makes its own, and says what is wrong if it cannot.
            Err(error) => tracing::warn!("no interpreter in reserve: {error:#}"),
        }
    }
}
