//! The containers that wait for programs, and the programs that wait for containers.
//!
//! ```text
//! submit(job) ──▶ an idle container ──▶ runs it ──▶ clean: idle again
//!     │ none                             │ not clean, worn, lost
//!     ▼                                  ▼
//!   the line ◀── a new container ◀── fill: as many as are wanted soon
//! ```
//!
//! Every container has a task of its own that owns it from the beginning to the end. Making and removing
//! happens beside the programs' way; taking an idle container is one look at a list.

use crate::book::Book;
use crate::session::{After, Session};
use crate::sweep::Instance;
use crate::terminal::{Place, Places};
use crate::trouble::Trouble;
use crate::work::Work;
use bollard::Docker;
use ha_sandbox::RunError;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::Instant;

/// Programs after which a container is replaced: its interpreter's heap and its kernel's caches age. A
/// grader with two hundred programs a second replaces one every few seconds.
const MOST_RUNS: u32 = 1_000;
/// Age at which a container is replaced.
const MOST_AGE: Duration = Duration::from_secs(30 * 60);
/// How often an idle container is asked whether it is well.
const HEALTH: Duration = Duration::from_secs(60);
/// Without use for so long, every container is given back: a laptop's virtual machine sleeps only when
/// none runs.
const REST: Duration = Duration::from_secs(3 * 60);
/// How long a busy moment keeps as many containers as it needed.
const MEMORY: Duration = Duration::from_secs(60);
/// How often a pool with containers looks after its size.
const TICK: Duration = Duration::from_secs(15);
/// Containers that may die under one program before it began.
const ATTEMPTS: u32 = 3;

/// How many containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolSize {
    /// Ready before anybody asks.
    pub ready: usize,
    /// At most, at once. More programs wait for their turn.
    pub most: usize,
}

impl PoolSize {
    /// The most that may be set: each may hold 128 MiB.
    pub const LARGEST: usize = 10;

    /// A pool of at most `most`, one of them always ready.
    pub fn up_to(most: usize) -> PoolSize {
        let most = most.clamp(1, PoolSize::LARGEST);
        PoolSize { ready: 1, most }
    }
}

impl Default for PoolSize {
    fn default() -> Self {
        PoolSize::up_to(3)
    }
}

/// The containers of one engine, from its coming to its going.
pub(crate) struct Pool {
    docker: Docker,
    image: String,
    instance: Arc<Instance>,
    book: Arc<Book>,
    terminals: Places,
    /// Told when a container is made, or is not to be had.
    made: Notify,
    /// Told when the engine itself seems to be in trouble, or the image gone.
    troubles: mpsc::UnboundedSender<Trouble>,
    state: Mutex<State>,
}

struct State {
    size: PoolSize,
    idle: Vec<Idle>,
    next: u64,
    line: VecDeque<Waiting>,
    in_use: usize,
    making: usize,
    /// The latest moment at which so many were needed at once.
    peak: (usize, Instant),
    used: Instant,
    discarded: Option<Instant>,
    closed: Option<String>,
    ticking: bool,
    terminals: Places,
}

/// A container without a program: whoever has this may give it one.
struct Idle {
    number: u64,
    give: oneshot::Sender<Work>,
}

/// Work without a container. Empty when it was stopped meanwhile.
pub(crate) type Waiting = Arc<Mutex<Option<Work>>>;

impl Pool {
    /// A pool on an engine that is proven; makes its first container at once.
    pub fn open(
        docker: Docker,
        image: String,
        instance: Arc<Instance>,
        size: PoolSize,
        book: Arc<Book>,
        troubles: mpsc::UnboundedSender<Trouble>,
    ) -> Arc<Pool> {
        let now = Instant::now();
        let terminals = Places::default();
        let pool = Arc::new(Pool {
            docker,
            image,
            instance,
            book,
            terminals: terminals.clone(),
            made: Notify::new(),
            troubles,
            state: Mutex::new(State {
                size,
                idle: Vec::new(),
                next: 0,
                line: VecDeque::new(),
                in_use: 0,
                making: 0,
                peak: (0, now),
                used: now,
                discarded: None,
                closed: None,
                ticking: false,
                terminals,
            }),
        });
        pool.fill(&mut pool.state());
        pool
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Another size, from now on.
    pub fn resize(self: &Arc<Self>, size: PoolSize) {
        let mut state = self.state();
        state.size = size;
        self.fill(&mut state);
        shrink(&mut state);
    }

    /// Somebody will run something soon.
    pub fn warm(self: &Arc<Self>) {
        let mut state = self.state();
        state.used = Instant::now();
        self.fill(&mut state);
    }

    /// The right to open a terminal. One container is always left for programs.
    pub fn terminal_place(&self) -> Option<Place> {
        let most = self.state().size.most;
        self.terminals.take(most - 1)
    }

    /// Gives work to the first container that is free. Its events tell everything.
    pub fn submit(self: &Arc<Self>, mut work: Work) {
        let mut state = self.state();
        if let Some(reason) = state.closed.clone() {
            drop(state);
            tokio::spawn(work.fail(RunError::Unavailable(reason)));
            return;
        }
        let now = Instant::now();
        state.used = now;
        while let Some(idle) = state.idle.pop() {
            match idle.give.send(work) {
                Ok(()) => {
                    state.in_use += 1;
                    state.remember(now);
                    return;
                }
                // It has just died; its task tidies up.
                Err(back) => work = back,
            }
        }
        let waiting = Arc::new(Mutex::new(Some(work)));
        state.line.push_back(waiting.clone());
        state.remember(now);
        self.fill(&mut state);
        drop(state);
        tokio::spawn(watch(waiting));
    }

    /// Ends the pool: nothing new is taken and idle containers go; programs that run are not touched. Gives
    /// back those that wait.
    pub fn close(&self, reason: &str) -> VecDeque<Waiting> {
        let mut state = self.state();
        state.closed.get_or_insert_with(|| reason.to_owned());
        state.idle.clear();
        std::mem::take(&mut state.line)
    }

    /// Waits until no container is being made any more: one that is made after its app has gone never
    /// starts, and so never ends by itself.
    pub async fn settled(&self) {
        loop {
            let mut made = std::pin::pin!(self.made.notified());
            made.as_mut().enable();
            if self.state().making == 0 {
                return;
            }
            made.await;
        }
    }

    /// Takes over programs that waited at another pool.
    pub fn take_over(self: &Arc<Self>, line: VecDeque<Waiting>) {
        for waiting in line {
            if let Some(job) = lock(&waiting).take() {
                self.submit(job);
            }
        }
    }

    /// Idle, used, starting and waiting, now.
    pub fn counts(&self) -> (usize, usize, usize, usize) {
        let state = self.state();
        let waiting = state.line.iter().filter(|one| lock(one).is_some()).count();
        (state.idle.len(), state.in_use, state.making, waiting)
    }

    /// Makes as many containers as are missing.
    fn fill(self: &Arc<Self>, state: &mut State) {
        if state.closed.is_some() {
            return;
        }
        for _ in 0..state.missing(Instant::now()) {
            state.making += 1;
            tokio::spawn(self.clone().make());
        }
        if !state.ticking {
            state.ticking = true;
            tokio::spawn(tick(Arc::downgrade(self)));
        }
    }

    async fn make(self: Arc<Self>) {
        let begun = Instant::now();
        let labels = self.instance.labels();
        match Session::open(&self.docker, &self.image, labels).await {
            Ok(session) => {
                self.book.created(begun.elapsed());
                self.state().making -= 1;
                self.made.notify_waiters();
                self.tend(session).await;
            }
            Err(trouble) => {
                tracing::warn!(%trouble, "no container");
                self.book.failed();
                let mut state = self.state();
                state.making -= 1;
                if !matches!(trouble, Trouble::Missing(_)) {
                    // Whoever waits is told; the next wish tries again. An image that is gone will come
                    // back, and with it another pool.
                    let line = std::mem::take(&mut state.line);
                    fail_all(line, &RunError::Unavailable(trouble.to_string()));
                }
                drop(state);
                self.made.notify_waiters();
                self.troubles.send(trouble).ok();
            }
        }
    }

    /// The life of one container.
    async fn tend(self: Arc<Self>, mut session: Session) {
        let (born, mut runs) = (Instant::now(), 0);
        loop {
            let (give, mut given) = oneshot::channel();
            let number = self.offer(give);
            let Some(work) = self.wait(&mut session, &mut given).await else {
                self.state().idle.retain(|idle| idle.number != number);
                // Given at the last moment, to a container that goes.
                given.close();
                if let Ok(work) = given.try_recv() {
                    self.state().in_use -= 1;
                    self.submit(work);
                }
                break;
            };
            runs += 1;
            let after = self.serve(&mut session, work).await;
            let worn = runs >= MOST_RUNS || born.elapsed() >= MOST_AGE;
            let stays = self.judge(after, worn);
            self.state().in_use -= 1;
            if !stays {
                break;
            }
        }
        self.book.destroyed();
        self.fill(&mut self.state());
        if let Err(trouble) = session.close().await {
            tracing::warn!(%trouble, "a container stays until the sweep");
        }
    }

    /// Does one piece of work in a container, and writes down what is to be remembered of it.
    async fn serve(&self, session: &mut Session, work: Work) -> After {
        let accepted = work.accepted();
        match work {
            Work::Terminal(visit) => session.host(visit).await,
            Work::Program(job) => {
                self.book.acquired(accepted.elapsed());
                let ran = session.run(job).await;
                self.book.ran(accepted.elapsed(), ran.first_output);
                ran.after
            }
        }
    }

    /// Offers a container to the first in the line, or to whoever comes.
    fn offer(&self, give: oneshot::Sender<Work>) -> u64 {
        let mut state = self.state();
        state.next += 1;
        let number = state.next;
        while let Some(waiting) = state.line.pop_front() {
            if let Some(job) = lock(&waiting).take() {
                state.in_use += 1;
                // Its task holds the other end.
                give.send(job).ok();
                return number;
            }
        }
        if state.closed.is_none() {
            state.idle.push(Idle { number, give });
            shrink(&mut state);
        }
        number
    }

    /// Waits for a program. `None` when the container ends, is ill or is not wanted any more.
    async fn wait(
        &self,
        session: &mut Session,
        given: &mut oneshot::Receiver<Work>,
    ) -> Option<Work> {
        loop {
            tokio::select! {
                biased;
                job = &mut *given => return job.ok(),
                reason = session.ended() => {
                    tracing::warn!(container = session.id(), reason, "an idle container is lost");
                    self.book.failed();
                    self.troubles.send(Trouble::Broken(reason)).ok();
                    return None;
                }
                () = tokio::time::sleep(HEALTH) => {}
            }
            // Not while a program might be given: the answer would come in its way.
            if given.is_empty() && !session.answers().await {
                self.book.failed();
                return None;
            }
        }
    }

    /// Whether another container is ready; has one made if not.
    fn is_replaced(self: &Arc<Self>) -> bool {
        let mut state = self.state();
        if !state.idle.is_empty() {
            return true;
        }
        state.discarded = Some(Instant::now());
        self.fill(&mut state);
        false
    }

    /// Whether a container stays after a run.
    fn judge(self: &Arc<Self>, after: After, worn: bool) -> bool {
        match after {
            After::Clean(took) => {
                self.book.reset(took);
                // One that is worn goes once another is ready, so nobody waits for its successor.
                !(worn && self.is_replaced())
            }
            After::Discard(reason) => {
                tracing::debug!(reason, "a container is not used again");
                self.book.discarded();
                self.state().discarded = Some(Instant::now());
                false
            }
            After::Lost { engine, reason } => {
                tracing::warn!(reason, "a container is lost");
                self.book.failed();
                let trouble = match engine {
                    true => Trouble::Unreachable(reason),
                    false => Trouble::Broken(reason),
                };
                self.troubles.send(trouble).ok();
                false
            }
            After::Unused(mut work, reason) => {
                tracing::warn!(reason, "a container was lost before a program began");
                self.book.failed();
                self.troubles.send(Trouble::Broken(reason.clone())).ok();
                match work.count_attempt() < ATTEMPTS {
                    true => self.submit(*work),
                    false => drop(tokio::spawn(work.fail(RunError::Lost(reason)))),
                }
                false
            }
        }
    }
}

impl State {
    fn total(&self) -> usize {
        self.idle.len() + self.in_use + self.making
    }

    fn demand(&self) -> usize {
        let waiting = self.line.iter().filter(|one| lock(one).is_some()).count();
        self.in_use + waiting
    }

    /// Remembers how many are needed now, if that is more than lately.
    fn remember(&mut self, now: Instant) {
        let demand = self.demand();
        if demand >= self.peak.0 || now - self.peak.1 > MEMORY {
            self.peak = (demand, now);
        }
    }

    /// How many containers there should be.
    fn target(&self, now: Instant) -> usize {
        let demand = self.demand();
        if now - self.used >= REST {
            return demand;
        }
        let recent = |at: Instant| now - at < MEMORY;
        let peak = if recent(self.peak.1) { self.peak.0 } else { 0 };
        // One that is thrown away leaves a gap of a tenth of a second, which a spare one fills.
        let spare = usize::from(self.discarded.is_some_and(recent));
        let lately = peak.max(self.size.ready) + spare;
        // Terminals that were open before the limit was lowered must not keep programs out.
        let most = self.size.most.max(self.terminals.taken() + 1);
        lately.max(demand).min(most)
    }

    fn missing(&self, now: Instant) -> usize {
        self.target(now).saturating_sub(self.total())
    }
}

/// Lets idle containers go that are not wanted any more, the longest unused first.
fn shrink(state: &mut State) {
    let target = state.target(Instant::now());
    while state.total() > target && !state.idle.is_empty() {
        state.idle.remove(0);
    }
}

/// Looks after the pool's size, for as long as there is a pool with containers.
async fn tick(pool: std::sync::Weak<Pool>) {
    loop {
        tokio::time::sleep(TICK).await;
        let Some(pool) = pool.upgrade() else { return };
        let mut state = pool.state();
        shrink(&mut state);
        if state.total() == 0 || state.closed.is_some() {
            state.ticking = false;
            return;
        }
    }
}

/// Answers a program that is stopped while it stands in the line.
async fn watch(waiting: Waiting) {
    let cancel = lock(&waiting).as_ref().map(Work::stop);
    let Some(mut cancel) = cancel else {
        return;
    };
    // An error means that nobody holds the run any more.
    cancel.wait_for(|stop| *stop).await.ok();
    let job = lock(&waiting).take();
    if let Some(job) = job {
        job.cancelled().await;
    }
}

/// Tells everybody in a line why nothing comes of it.
pub(crate) fn fail_all(line: VecDeque<Waiting>, error: &RunError) {
    for waiting in line {
        if let Some(job) = lock(&waiting).take() {
            tokio::spawn(job.fail(error.clone()));
        }
    }
}

fn lock(waiting: &Waiting) -> MutexGuard<'_, Option<Work>> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}
