//! Which engine answers: the learner's setting, what the lesson needs, and what is ready.
//!
//! ```text
//! setting │ usual lesson                         │ lesson that needs Docker
//! Auto    │ built-in                             │ Docker, or why there is none
//! Wasm    │ built-in                             │ built-in
//! Docker  │ Docker when ready, else built-in     │ Docker, or why there is none
//! ```

use crate::App;
use crate::wire::{Engine, EngineChoice, EngineReport, EngineStatus, Settings};
use crate::{ApiError, ApiResult, ErrorCode};
use ha_sandbox::{EngineState, Runner, Standing};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// What every file packed by zstd begins with.
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// The engines of one app. The embedded one is always there.
pub struct Engines {
    wasm: Arc<dyn Runner>,
    docker: Option<Arc<dyn Runner>>,
    /// What the settings said last.
    choice: Mutex<EngineChoice>,
}

impl Engines {
    /// The embedded engine and, where there may be one, that of containers.
    pub fn new(wasm: Arc<dyn Runner>, docker: Option<Arc<dyn Runner>>) -> Engines {
        Engines {
            wasm,
            docker,
            choice: Mutex::new(EngineChoice::Auto),
        }
    }

    fn choice(&self) -> EngineChoice {
        *self
            .choice
            .lock()
            .expect("nothing panics while it holds the choice")
    }

    /// Follows the settings. An engine that was chosen is made ready in the background; one that may not
    /// be used any more gives back what it keeps.
    pub(crate) fn follow(&self, settings: &Settings) {
        let before = {
            let mut choice = self
                .choice
                .lock()
                .expect("nothing panics while it holds the choice");
            std::mem::replace(&mut *choice, settings.engine)
        };
        let Some(docker) = &self.docker else { return };
        docker.resize(settings.pool_size.into());
        match (before, settings.engine) {
            (EngineChoice::Docker, EngineChoice::Docker) => {}
            (_, EngineChoice::Docker) => docker.warm(),
            (EngineChoice::Auto | EngineChoice::Docker, EngineChoice::Wasm) => {
                let docker = docker.clone();
                tokio::spawn(async move { docker.rest().await });
            }
            _ => {}
        }
    }

    /// A lesson was opened: an engine that only it needs is made ready meanwhile.
    pub(crate) fn expect(&self, needs_docker: bool) {
        if let Some(docker) = self.docker.as_ref().filter(|_| needs_docker)
            && self.choice() != EngineChoice::Wasm
        {
            docker.warm();
        }
    }

    /// The engine for one program. One that only Docker can run waits for it, or is told why it is not
    /// there; every other is answered by the built-in engine until Docker is ready.
    pub(crate) fn choose(&self, needs_docker: bool) -> Arc<dyn Runner> {
        let choice = self.choice();
        match &self.docker {
            Some(docker) if needs_docker && choice != EngineChoice::Wasm => docker.clone(),
            Some(docker) if choice == EngineChoice::Docker => {
                docker.warm();
                self.usual().clone()
            }
            _ => self.wasm.clone(),
        }
    }

    /// The engine that would answer a usual program now.
    fn usual(&self) -> &Arc<dyn Runner> {
        match &self.docker {
            Some(docker) if self.choice() == EngineChoice::Docker && is_ready(&**docker) => docker,
            _ => &self.wasm,
        }
    }

    /// The one that has terminals, if it may be used.
    pub(crate) fn of_terminals(&self) -> Option<Arc<dyn Runner>> {
        let docker = self.docker.as_ref();
        docker
            .filter(|_| self.choice() != EngineChoice::Wasm)
            .cloned()
    }

    /// All of them, the embedded one first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<dyn Runner>> {
        std::iter::once(&self.wasm).chain(&self.docker)
    }

    /// Has the engine of containers look for everything anew, unless it may not be used.
    async fn begin_again(&self) {
        if let Some(docker) = &self.docker {
            docker.rest().await;
        }
        self.expect(true);
    }

    /// Gives back everything, for the end of the process.
    pub(crate) async fn rest(&self) {
        for runner in self.all() {
            runner.rest().await;
        }
    }
}

impl From<Arc<dyn Runner>> for Engines {
    fn from(only: Arc<dyn Runner>) -> Self {
        Engines::new(only, None)
    }
}

impl<R: Runner + 'static> From<Arc<R>> for Engines {
    fn from(only: Arc<R>) -> Self {
        Engines::new(only, None)
    }
}

/// Whether an engine answers well. One that loses its containers does not.
fn is_ready(runner: &dyn Runner) -> bool {
    let is_degraded = || {
        let report = runner.pool();
        report.is_some_and(|report| matches!(report.standing, Standing::Degraded { .. }))
    };
    *runner.state().borrow() == EngineState::Ready && !is_degraded()
}

impl App {
    /// The engine as the top bar shows it: the one that would answer a usual program now.
    pub fn engine(&self) -> Engine {
        wire_engine(&**self.engines.usual())
    }

    /// Every engine of this app, the embedded one first.
    pub fn engine_list(&self) -> Vec<Engine> {
        self.engines
            .all()
            .map(|runner| wire_engine(&**runner))
            .collect()
    }

    /// Looks for the engine of containers and makes it ready, in the background, because the learner says
    /// so; whoever watches the engines sees how that goes.
    pub fn engine_warm(&self) {
        if let Some(docker) = &self.engines.docker {
            docker.warm();
        }
    }

    /// Gives up what an engine is preparing, and what it keeps ready.
    pub async fn engine_rest(&self) {
        self.engines.rest().await;
    }

    /// Every engine as it is now, with the numbers of the one that keeps a pool.
    pub fn engine_report(&self) -> EngineReport {
        let chosen = self.places.chosen_image();
        EngineReport {
            engines: self.engine_list(),
            pool: self.pool(),
            chosen_image: chosen.exists().then(|| chosen.display().to_string()),
        }
    }

    /// Keeps a copy of an image of the sandbox that the learner chose, for an engine without network, and
    /// makes the engine ready with it. No bytes at all take the copy away again.
    ///
    /// # Errors
    /// `invalid_request` when it is no packed image, `save_failed` when it cannot be kept.
    pub async fn engine_image(&self, archive: Vec<u8>) -> ApiResult<()> {
        if !archive.is_empty() && !archive.starts_with(&ZSTD) {
            return Err(ApiError::invalid("this is no image packed as .tar.zst"));
        }
        let place = self.places.chosen_image();
        let keep = move || {
            if archive.is_empty() {
                return match std::fs::remove_file(&place) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
                    _ => Ok(()),
                };
            }
            if let Some(folder) = place.parent() {
                std::fs::create_dir_all(folder)?;
            }
            // Whole or not at all: an engine may be reading the one before.
            let half = place.with_extension("half");
            std::fs::write(&half, archive)?;
            std::fs::rename(half, place)
        };
        tokio::task::spawn_blocking(keep)
            .await
            .unwrap_or_else(|panic| Err(std::io::Error::other(panic)))
            .map_err(|error| ApiError::new(ErrorCode::SaveFailed, error.to_string()))?;
        self.engines.begin_again().await;
        Ok(())
    }

    /// Every change of an engine's state from now on.
    pub fn engine_changes(self: &Arc<Self>) -> EngineChanges {
        EngineChanges {
            states: self.engines.all().map(|runner| runner.state()).collect(),
            app: self.clone(),
        }
    }
}

/// The engines' states as a sequence of changes.
pub struct EngineChanges {
    states: Vec<watch::Receiver<EngineState>>,
    app: Arc<App>,
}

impl EngineChanges {
    /// What the top bar shows after the next change; `None` when the embedded engine is gone.
    pub async fn next(&mut self) -> Option<Engine> {
        match self.states.as_mut_slice() {
            [wasm, docker] => tokio::select! {
                changed = wasm.changed() => changed.ok()?,
                // One that is gone changes no more.
                Ok(()) = docker.changed() => {}
            },
            [only, ..] => only.changed().await.ok()?,
            [] => return None,
        }
        for state in &mut self.states {
            state.mark_unchanged();
        }
        Some(self.app.engine())
    }
}

pub(crate) fn wire_engine(runner: &dyn Runner) -> Engine {
    let (status, detail) = match &*runner.state().borrow() {
        EngineState::Preparing { what } => (EngineStatus::Preparing, (*what).to_string()),
        EngineState::Ready => (EngineStatus::Ready, String::new()),
        EngineState::Unavailable { reason } => (EngineStatus::Unavailable, reason.clone()),
    };
    Engine {
        name: runner.name().into(),
        status,
        detail,
    }
}
