//! The engine as the rest of the app sees it.

use crate::book::Book;
use crate::census::PoolSize;
use crate::engine::{ImageSources, Surroundings};
use crate::keeper::Keeper;
use crate::program::{EVENTS, Job};
use crate::terminal::{self, Visit};
use crate::work::Work;
use ha_sandbox::{
    EngineState, PoolReport, Run, RunControl, RunError, RunRequest, Runner, Standing, Statistics,
    Terminal, TerminalControl, TerminalRequest,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::{mpsc, watch};

/// What the engine needs to know of this machine.
#[derive(Debug, Clone)]
pub struct DockerSettings {
    /// Where engines are looked for.
    pub surroundings: Surroundings,
    /// Where the image comes from.
    pub image: ImageSources,
    /// A folder that all apps of this user share, for their locks.
    pub locks: PathBuf,
    /// How many containers.
    pub size: PoolSize,
}

impl DockerSettings {
    /// Those of an app on this machine: the engine is looked for everywhere, the image is the first of the
    /// archives that holds it, and else pulled if it may be.
    pub fn beside(cache: &Path, archives: Vec<PathBuf>, may_pull: bool) -> DockerSettings {
        DockerSettings {
            surroundings: Surroundings::of_this_process(),
            image: ImageSources { archives, may_pull },
            locks: cache.join("containers"),
            size: PoolSize::default(),
        }
    }
}

/// Runs programs in warm containers. Dropping it gives the containers back.
pub struct DockerRunner {
    keeper: Arc<Keeper>,
}

impl DockerRunner {
    /// Returns at once and does nothing until somebody needs the engine: see [`Runner::warm`].
    pub fn open(settings: DockerSettings) -> Arc<DockerRunner> {
        let keeper = Keeper::new(settings, Arc::new(Book::default()));
        Arc::new(DockerRunner { keeper })
    }

    /// How the engine stands now, and every change.
    pub fn standing(&self) -> watch::Receiver<Standing> {
        self.keeper.standing()
    }

    /// What the pool has done.
    pub fn statistics(&self) -> Statistics {
        let mut statistics = self.keeper.book.statistics();
        if let Some(pool) = self.keeper.pool() {
            (
                statistics.available,
                statistics.in_use,
                statistics.starting,
                statistics.waiting,
            ) = pool.counts();
        }
        statistics
    }
}

impl Drop for DockerRunner {
    fn drop(&mut self) {
        self.keeper.end();
    }
}

#[async_trait::async_trait]
impl Runner for DockerRunner {
    fn name(&self) -> &'static str {
        crate::NAME
    }

    fn state(&self) -> watch::Receiver<EngineState> {
        self.keeper.state()
    }

    fn warm(&self) {
        self.keeper.wake();
        if let Some(pool) = self.keeper.pool() {
            pool.warm();
        }
    }

    async fn rest(&self) {
        self.keeper.rest().await;
    }

    fn resize(&self, most: usize) {
        self.keeper.resize(PoolSize::up_to(most));
    }

    fn pool(&self) -> Option<PoolReport> {
        Some(PoolReport {
            standing: self.standing().borrow().clone(),
            statistics: self.statistics(),
        })
    }

    async fn start(&self, request: RunRequest) -> Result<Run, RunError> {
        let accepted = Instant::now();
        request.validate()?;
        let pool = self.keeper.ready_for(request.language()).await?;
        let (control, signals) = RunControl::new();
        let (sender, events) = mpsc::channel(EVENTS);
        pool.submit(Work::Program(Job {
            request,
            events: sender,
            signals,
            accepted,
            attempts: 0,
        }));
        Ok(Run { events, control })
    }

    async fn terminal(&self, request: TerminalRequest) -> Result<Terminal, RunError> {
        let accepted = Instant::now();
        request.validate()?;
        let pool = self.keeper.ready().await?;
        let place = pool.terminal_place().ok_or_else(|| {
            let reason = "as many terminals are open as the number of containers allows";
            RunError::Unavailable(reason.into())
        })?;
        let (control, signals) = TerminalControl::new(request.size);
        let (sender, events) = mpsc::channel(terminal::EVENTS);
        pool.submit(Work::Terminal(Visit {
            request,
            events: sender,
            signals,
            accepted,
            attempts: 0,
            _place: place,
        }));
        Ok(Terminal { events, control })
    }
}
