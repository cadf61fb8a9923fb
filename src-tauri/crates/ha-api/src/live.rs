//! The runs that are going on, by id, so that a later command can reach them.

use crate::{ApiError, ApiResult, ErrorCode};
use ha_sandbox::RunControl;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};
use tokio::sync::watch;

/// Programs at once. A learner has one; the rest is room for checks beside it.
const MAX_LIVE: usize = 4;

/// All runs of this process.
#[derive(Default)]
pub(crate) struct LiveRuns {
    runs: Arc<Mutex<HashMap<String, Arc<LiveRun>>>>,
}

/// One run, from the accepted command to its terminal event.
pub(crate) struct LiveRun {
    stop: watch::Sender<bool>,
    control: OnceLock<RunControl>,
}

/// Removes its run from the list when dropped, however the run's task ends.
pub(crate) struct Registered {
    pub(crate) run: Arc<LiveRun>,
    id: String,
    runs: Arc<Mutex<HashMap<String, Arc<LiveRun>>>>,
}

impl LiveRuns {
    /// Takes a place for a run.
    pub(crate) fn register(&self, id: &str) -> ApiResult<Registered> {
        if uuid::Uuid::try_parse(id).is_err() {
            return Err(ApiError::invalid("the run id is not a UUID"));
        }
        let mut runs = self.lock();
        if runs.contains_key(id) {
            return Err(ApiError::invalid("a run with this id is going on"));
        }
        if runs.len() >= MAX_LIVE {
            let message = format!("{MAX_LIVE} programs are running already");
            return Err(ApiError::new(ErrorCode::TooManyRuns, message));
        }
        let run = Arc::new(LiveRun {
            stop: watch::Sender::new(false),
            control: OnceLock::new(),
        });
        runs.insert(id.into(), run.clone());
        Ok(Registered {
            run,
            id: id.into(),
            runs: self.runs.clone(),
        })
    }

    pub(crate) fn get(&self, id: &str) -> Option<Arc<LiveRun>> {
        self.lock().get(id).cloned()
    }

    /// Stops everything, for the end of the process.
    pub(crate) fn stop_all(&self) {
        for run in self.lock().values() {
            run.stop();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<LiveRun>>> {
        lock(&self.runs)
    }
}

fn lock(
    runs: &Mutex<HashMap<String, Arc<LiveRun>>>,
) -> std::sync::MutexGuard<'_, HashMap<String, Arc<LiveRun>>> {
    runs.lock().expect("nothing panics while it holds the list")
}

impl LiveRun {
    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }

    /// Resolves when somebody asked to stop.
    pub(crate) async fn stopped(&self) {
        // The sender lives in `self`, so the wait cannot end with an error.
        self.stop.subscribe().wait_for(|stop| *stop).await.ok();
    }

    pub(crate) fn set_control(&self, control: RunControl) {
        self.control.set(control).ok();
    }

    pub(crate) fn control(&self) -> Option<&RunControl> {
        self.control.get()
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        lock(&self.runs).remove(&self.id);
    }
}
