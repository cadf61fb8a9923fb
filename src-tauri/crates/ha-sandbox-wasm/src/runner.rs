//! The engine as the rest of the app sees it.

use crate::client::Supervisor;
use crate::guest::GuestLocation;
use ha_sandbox::{EngineState, Language, Run, RunError, RunRequest, Runner};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::watch;

pub(crate) const NAME: &str = "wasm";
/// Workers that may die between "ready" and the start of one run.
const ATTEMPTS: usize = 3;

/// The program that becomes the worker: one that calls [`crate::serve_if_worker`] first in its `main`.
#[derive(Debug, Clone)]
pub struct WorkerProgram {
    /// The file to start.
    pub program: PathBuf,
    /// Arguments before the one that makes it a worker.
    pub arguments: Vec<OsString>,
}

impl WorkerProgram {
    /// The running program itself. One that cannot be found makes the engine unavailable.
    pub fn this_one() -> WorkerProgram {
        let program = if cfg!(target_os = "linux") {
            // The very file that runs, also when an update has put another one in its place.
            Ok("/proc/self/exe".into())
        } else {
            std::env::current_exe()
        };
        WorkerProgram {
            program: program.unwrap_or_default(),
            arguments: Vec::new(),
        }
    }
}

/// Runs Python programs in fresh instances of the embedded CPython, in a process of its own. Dropping
/// it ends that process and whatever runs in it.
pub struct WasmRunner {
    supervisor: Arc<Supervisor>,
}

impl WasmRunner {
    /// Returns at once. The worker is started and loads the guest, or compiles it the first time, which
    /// takes 5–10 s; [`Runner::state`] tells how that goes, and runs started meanwhile wait for it.
    pub fn open(location: GuestLocation, worker: WorkerProgram) -> Arc<WasmRunner> {
        // The worker lives in another folder.
        let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
        let location = GuestLocation {
            dir: absolute(location.dir),
            cache_dir: absolute(location.cache_dir),
        };
        Arc::new(WasmRunner {
            supervisor: Supervisor::start(worker, location),
        })
    }

    /// The process id of the worker, while there is one. For diagnostics.
    pub fn worker_pid(&self) -> Option<u32> {
        self.supervisor.link().map(|link| link.pid())
    }
}

impl Drop for WasmRunner {
    fn drop(&mut self) {
        self.supervisor.close();
    }
}

#[async_trait::async_trait]
impl Runner for WasmRunner {
    fn name(&self) -> &'static str {
        NAME
    }

    fn state(&self) -> watch::Receiver<EngineState> {
        self.supervisor.state()
    }

    async fn start(&self, request: RunRequest) -> Result<Run, RunError> {
        let accepted = Instant::now();
        request.validate()?;
        if request.language() != Language::Python {
            let reason =
                "this lesson's language needs Docker; the built-in engine runs Python only";
            return Err(RunError::Language(reason.into()));
        }
        for _ in 0..ATTEMPTS {
            let worker = self.supervisor.ready().await?;
            if let Some(run) = worker.start(&request, accepted)? {
                return Ok(run);
            }
        }
        Err(RunError::Unavailable(
            "its process dies as soon as it is ready".into(),
        ))
    }
}
