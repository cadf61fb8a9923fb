//! Keeps the engine: looks for it when it is needed, gives it a pool, notices when it goes, looks again.
//!
//! ```text
//! Unknown ── wake ──▶ Connecting ──▶ Ready ◀──▶ Degraded
//!                      ▲      │ fails   │ the engine does not answer
//!          wake, time  │      ▼         │
//!                      └──── Down ◀─────┘
//! ```
//!
//! One task does all of that, from the first wake on.

use crate::book::Book;
use crate::census::{PoolSize, Waiting, fail_all};
use crate::engine::{self, Connected, Proven};
use crate::pool::Pool;
use crate::runner::DockerSettings;
use crate::standing;
use crate::sweep::{self, Instance};
use crate::trouble::Trouble;
use ha_sandbox::{EngineState, Language, RunError, Standing};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// Waiting times after failures: the first, and the longest. They double.
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LAST_RETRY: Duration = Duration::from_secs(60);
/// How soon after a failure somebody who needs the engine makes it be tried again.
const IMPATIENCE: Duration = Duration::from_secs(1);
/// Without anybody who needs it for so long, an engine that is gone is not looked for any more.
const INTEREST: Duration = Duration::from_secs(5 * 60);
/// So many containers lost in so short a time make an engine a bad one, until that time has passed.
const LOSSES: usize = 3;
const LOSSES_WITHIN: Duration = Duration::from_secs(60);
/// The longest that somebody waits who gives the containers back.
const LEAVING: Duration = Duration::from_secs(2);

/// The engine of one app.
pub(crate) struct Keeper {
    pub book: Arc<Book>,
    settings: Mutex<DockerSettings>,
    standing: watch::Sender<Standing>,
    state: watch::Sender<EngineState>,
    kept: Mutex<Kept>,
    /// Held by who gets the image of another language.
    fetching: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Kept {
    pool: Option<Arc<Pool>>,
    connected: Option<Connected>,
    /// One for as long as the app lives, once the engine was needed.
    instance: Option<Arc<Instance>>,
    task: Option<JoinHandle<()>>,
    failed: Option<Instant>,
    wanted: Option<Instant>,
    nudge: Arc<tokio::sync::Notify>,
    /// Programs that wait for the next pool.
    line: VecDeque<Waiting>,
}

impl Kept {
    fn close(&mut self, reason: &str) {
        let mut line = std::mem::take(&mut self.line);
        if let Some(pool) = self.pool.take() {
            line.extend(pool.close(reason));
        }
        fail_all(line, &RunError::Unavailable(reason.to_owned()));
    }
}

impl Keeper {
    pub fn new(settings: DockerSettings, book: Arc<Book>) -> Arc<Keeper> {
        Arc::new(Keeper {
            book,
            settings: Mutex::new(settings),
            standing: watch::Sender::new(Standing::Unknown),
            state: watch::Sender::new(standing::state(&Standing::Unknown)),
            kept: Mutex::default(),
            fetching: tokio::sync::Mutex::default(),
        })
    }

    pub fn standing(&self) -> watch::Receiver<Standing> {
        self.standing.subscribe()
    }

    pub fn state(&self) -> watch::Receiver<EngineState> {
        self.state.subscribe()
    }

    pub fn pool(&self) -> Option<Arc<Pool>> {
        lock(&self.kept).pool.clone()
    }

    pub fn resize(&self, size: PoolSize) {
        lock(&self.settings).size = size;
        if let Some(pool) = self.pool() {
            pool.resize(size);
        }
    }

    /// Somebody needs the engine.
    pub fn wake(self: &Arc<Self>) {
        let mut kept = lock(&self.kept);
        let now = Instant::now();
        kept.wanted = Some(now);
        if kept.task.is_none() {
            self.say(connecting());
            kept.task = Some(tokio::spawn(keep(Arc::downgrade(self))));
        } else if kept.failed.is_some_and(|failed| now - failed >= IMPATIENCE) {
            // Said here, so that whoever needs it waits for what comes of it.
            self.say(connecting());
            kept.failed = None;
            kept.nudge.notify_one();
        }
    }

    /// The pool, as soon as there is one.
    ///
    /// # Errors
    /// [`RunError::Unavailable`] when there is none to be had.
    pub async fn ready(self: &Arc<Self>) -> Result<Arc<Pool>, RunError> {
        if let Some(pool) = self.pool() {
            return Ok(pool);
        }
        self.wake();
        let mut standing = self.standing();
        loop {
            let settled = standing
                .wait_for(|now| !matches!(now, Standing::Connecting { .. }))
                .await
                .map(|now| now.clone());
            match (settled, self.pool()) {
                (_, Some(pool)) => return Ok(pool),
                (Ok(Standing::Down { reason, .. }), None) => {
                    return Err(RunError::Unavailable(reason));
                }
                (Ok(Standing::Unknown), None) => {
                    return Err(RunError::Unavailable(
                        "the search for it was given up".into(),
                    ));
                }
                (Ok(_), None) => tokio::task::yield_now().await,
                (Err(closed), None) => return Err(RunError::Unavailable(closed.to_string())),
            }
        }
    }

    /// The pool, as soon as there is one that has containers for a language. Nothing is done for a language
    /// that nobody uses.
    ///
    /// # Errors
    /// As [`Keeper::ready`], and when the language's image is not to be had.
    pub async fn ready_for(self: &Arc<Self>, language: Language) -> Result<Arc<Pool>, RunError> {
        let pool = self.ready().await?;
        if pool.knows(language) {
            return Ok(pool);
        }
        let _only = self.fetching.lock().await;
        if pool.knows(language) {
            return Ok(pool);
        }
        let sources = lock(&self.settings).image.clone();
        let (connected, instance) = {
            let kept = lock(&self.kept);
            (kept.connected.clone(), kept.instance.clone())
        };
        let (Some(connected), Some(instance)) = (connected, instance) else {
            let reason = "the Docker engine went away";
            return Err(RunError::Unavailable(reason.into()));
        };
        let before = Before::new(self);
        let say = |what, percent| self.say(Standing::Connecting { what, percent });
        let image = engine::image_of(&connected.docker, &instance, &sources, language, &say).await;
        drop(before);
        match image {
            Ok(image) => pool.learn(language, image),
            Err(trouble) => return Err(RunError::Language(trouble.to_string())),
        }
        Ok(pool)
    }

    /// Gives up everything that is under way, and every container.
    pub async fn rest(&self) {
        let (pool, connected, instance) = {
            let mut kept = lock(&self.kept);
            let pool = kept.pool.clone();
            if let Some(task) = kept.task.take() {
                task.abort();
            }
            kept.close("the Docker engine is not used any more");
            kept.failed = None;
            self.say(Standing::Unknown);
            (pool, kept.connected.take(), kept.instance.clone())
        };
        if let (Some(connected), Some(instance)) = (connected, instance) {
            let removal = async {
                if let Some(pool) = pool {
                    pool.settled().await;
                }
                sweep::remove_own(&connected.docker, &instance).await
            };
            match tokio::time::timeout(LEAVING, removal).await {
                Ok(Ok(_)) => {}
                // They end by themselves with our connections.
                Ok(Err(trouble)) => tracing::warn!(%trouble, "containers are left to themselves"),
                Err(_) => tracing::warn!("containers are left to themselves"),
            }
        }
    }

    /// Ends everything without waiting; the containers end with our connections.
    pub fn end(&self) {
        let mut kept = lock(&self.kept);
        if let Some(task) = kept.task.take() {
            task.abort();
        }
        kept.close("the app is closing");
    }

    fn say(&self, standing: Standing) {
        let state = standing::state(&standing);
        self.standing.send_replace(standing);
        self.state.send_if_modified(|now| {
            let changed = *now != state;
            *now = state;
            changed
        });
    }

    async fn bring_up(&self) -> Result<Proven, Trouble> {
        let settings = lock(&self.settings).clone();
        let instance = self.instance(&settings)?;
        let say = |what, percent| self.say(Standing::Connecting { what, percent });
        engine::bring_up(
            &settings.surroundings,
            &settings.image,
            &instance,
            &self.book,
            &say,
        )
        .await
    }

    fn instance(&self, settings: &DockerSettings) -> Result<Arc<Instance>, Trouble> {
        let mut kept = lock(&self.kept);
        if let Some(instance) = &kept.instance {
            return Ok(instance.clone());
        }
        let id = uuid::Uuid::new_v4().simple().to_string();
        let opened = Instance::open(&settings.locks, &id);
        let opened = opened.map_err(|error| Trouble::Refused(error.to_string()))?;
        let instance = Arc::new(opened);
        kept.instance = Some(instance.clone());
        Ok(instance)
    }

    /// Gives the engine a pool and says that it is ready.
    fn open_pool(&self, proven: &Proven) -> mpsc::UnboundedReceiver<Trouble> {
        let (troubles, heard) = mpsc::unbounded_channel();
        let size = lock(&self.settings).size;
        let mut kept = lock(&self.kept);
        if let Some(instance) = kept.instance.clone() {
            let pool = Pool::open(
                proven.connected.docker.clone(),
                proven.facts.image.clone(),
                instance,
                size,
                self.book.clone(),
                troubles,
            );
            pool.take_over(std::mem::take(&mut kept.line));
            kept.pool = Some(pool);
        }
        kept.connected = Some(proven.connected.clone());
        kept.failed = None;
        let engine = proven.facts.clone();
        self.say(Standing::Ready { engine });
        heard
    }

    fn close_pool(&self, reason: &str) {
        let mut kept = lock(&self.kept);
        kept.close(reason);
        kept.connected = None;
    }

    /// Another pool will follow at once; whoever waits, waits for that one.
    fn change_pool(&self) {
        let mut kept = lock(&self.kept);
        if let Some(pool) = kept.pool.take() {
            kept.line = pool.close("the image of the sandbox is being loaded again");
        }
        self.say(connecting());
    }

    fn interested(&self) -> bool {
        let wanted = lock(&self.kept).wanted;
        wanted.is_some_and(|wanted| wanted.elapsed() < INTEREST)
    }
}

/// How the engine stood before something was got for it; dropped, it stands so again, however that went.
struct Before<'a> {
    keeper: &'a Keeper,
    standing: Standing,
}

impl<'a> Before<'a> {
    fn new(keeper: &'a Keeper) -> Before<'a> {
        let standing = keeper.standing.borrow().clone();
        Before { keeper, standing }
    }
}

impl Drop for Before<'_> {
    fn drop(&mut self) {
        let now = self.keeper.standing.borrow().clone();
        if matches!(now, Standing::Connecting { .. }) {
            self.keeper.say(self.standing.clone());
        }
    }
}

/// The life of the engine, for as long as the keeper is there.
async fn keep(keeper: Weak<Keeper>) {
    let mut wait = FIRST_RETRY;
    loop {
        let Some(here) = keeper.upgrade() else { return };
        let trouble = match here.bring_up().await {
            Ok(proven) => {
                wait = FIRST_RETRY;
                let mut troubles = here.open_pool(&proven);
                drop(here);
                let Some(trouble) = follow(&keeper, &proven, &mut troubles).await else {
                    return;
                };
                trouble
            }
            Err(trouble) => trouble,
        };
        let Some(here) = keeper.upgrade() else { return };
        if matches!(trouble, Trouble::Missing(_)) && here.pool().is_some() {
            tracing::warn!(%trouble, "the image is gone");
            here.change_pool();
            continue;
        }
        tracing::warn!(%trouble, "the Docker engine is down");
        let reason = trouble.to_string();
        here.close_pool(&reason);
        let nudge = {
            let mut kept = lock(&here.kept);
            kept.failed = Some(Instant::now());
            here.say(standing::down(reason, wait));
            kept.nudge.clone()
        };
        let again = here.interested();
        drop(here);
        tokio::select! {
            () = nudge.notified() => {}
            () = tokio::time::sleep(wait), if again => {}
        }
        wait = (wait * 2).min(LAST_RETRY);
        if let Some(here) = keeper.upgrade() {
            lock(&here.kept).failed = None;
            here.say(connecting());
        }
    }
}

/// Listens for troubles while the engine works; why it does not any more. `None` when nobody keeps it.
async fn follow(
    keeper: &Weak<Keeper>,
    proven: &Proven,
    troubles: &mut mpsc::UnboundedReceiver<Trouble>,
) -> Option<Trouble> {
    let mut losses: VecDeque<Instant> = VecDeque::new();
    loop {
        let recovers = losses.front().map(|first| *first + LOSSES_WITHIN);
        let trouble = tokio::select! {
            trouble = troubles.recv() => Some(trouble?),
            () = tokio::time::sleep_until(recovers.unwrap_or_else(Instant::now)), if recovers.is_some() => None,
        };
        match trouble {
            // The image is gone, or the engine is not what it was: everything is looked at anew.
            Some(trouble @ (Trouble::Missing(_) | Trouble::Unsafe(_))) => return Some(trouble),
            Some(trouble) => {
                // Whatever happened to a container: is the engine still there?
                if let Err(gone) = engine::is_alive(&proven.connected).await {
                    return Some(gone);
                }
                losses.push_back(Instant::now());
                tracing::info!(%trouble, "the engine is there");
            }
            None => {}
        }
        while losses
            .front()
            .is_some_and(|first| first.elapsed() >= LOSSES_WITHIN)
        {
            losses.pop_front();
        }
        let engine = proven.facts.clone();
        let standing = match losses.len() >= LOSSES {
            true => Standing::Degraded {
                reason: format!("{} containers were lost within a minute", losses.len()),
                engine,
            },
            false => Standing::Ready { engine },
        };
        let keeper = keeper.upgrade()?;
        if *keeper.standing.borrow() != standing {
            keeper.say(standing);
        }
    }
}

fn connecting() -> Standing {
    Standing::Connecting {
        what: "looking for a Docker engine",
        percent: None,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
