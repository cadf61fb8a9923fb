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
use crate::census::{Idle, Kind, PoolSize, State, Waiting, fail_all, lock, shrink};
use crate::session::{After, Session};
use crate::sweep::Instance;
use crate::terminal::{Place, Places};
use crate::trouble::Trouble;
use crate::work::Work;
use bollard::Docker;
use ha_sandbox::{Language, RunError};
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
/// How often a pool with containers looks after its size.
const TICK: Duration = Duration::from_secs(15);
/// Containers that may die under one program before it began.
const ATTEMPTS: u32 = 3;

/// The containers of one engine, from its coming to its going.
pub(crate) struct Pool {
    docker: Docker,
    instance: Arc<Instance>,
    book: Arc<Book>,
    terminals: Places,
    /// Told when a container is made, or is not to be had.
    made: Notify,
    /// Told when the engine itself seems to be in trouble, or the image gone.
    troubles: mpsc::UnboundedSender<Trouble>,
    state: Mutex<State>,
}

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
        let terminals = Places::default();
        let mut state = State::new(size, terminals.clone());
        state.kind(Language::Python).image = Some(image);
        let pool = Arc::new(Pool {
            docker,
            instance,
            book,
            terminals,
            made: Notify::new(),
            troubles,
            state: Mutex::new(state),
        });
        pool.fill(&mut pool.state());
        pool
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether containers for a language can be made.
    pub fn knows(&self, language: Language) -> bool {
        self.state().kind(language).image.is_some()
    }

    /// Containers for a language are made of this image from now on.
    pub fn learn(&self, language: Language, image: String) {
        self.state().kind(language).image = Some(image);
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
        state.kind(Language::Python).used = Some(Instant::now());
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
        let language = work.language();
        state.kind(language).used = Some(now);
        while let Some(idle) = state.take_idle(language) {
            match idle.give.send(work) {
                Ok(()) => {
                    state.kind(language).in_use += 1;
                    state.remember(language, now);
                    return;
                }
                // It has just died; its task tidies up.
                Err(back) => work = back,
            }
        }
        let waiting = Arc::new(Mutex::new(Some(work)));
        state.line.push_back(waiting.clone());
        state.remember(language, now);
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
            if self.state().kinds.iter().all(|kind| kind.making == 0) {
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
        let sum = |of: fn(&Kind) -> usize| state.kinds.iter().map(of).sum();
        let (in_use, making) = (sum(|kind| kind.in_use), sum(|kind| kind.making));
        (state.idle.len(), in_use, making, waiting)
    }

    /// Makes as many containers as are missing.
    fn fill(self: &Arc<Self>, state: &mut State) {
        if state.closed.is_some() {
            return;
        }
        for language in state.missing(Instant::now()) {
            state.kind(language).making += 1;
            tokio::spawn(self.clone().make(language));
        }
        shrink(state);
        if !state.ticking {
            state.ticking = true;
            tokio::spawn(tick(Arc::downgrade(self)));
        }
    }

    async fn open_session(&self, language: Language) -> Result<Session, Trouble> {
        let image = self.state().kind(language).image.clone();
        // Programs that waited at another pool come here before their image is known.
        let image = image.ok_or_else(|| Trouble::Image("run the program again".into()))?;
        Session::open(&self.docker, &image, self.instance.labels()).await
    }

    async fn make(self: Arc<Self>, language: Language) {
        let begun = Instant::now();
        match self.open_session(language).await {
            Ok(session) => {
                self.book.created(begun.elapsed());
                self.state().kind(language).making -= 1;
                self.made.notify_waiters();
                self.tend(session, language).await;
            }
            Err(trouble) => {
                tracing::warn!(%trouble, "no container");
                self.book.failed();
                let mut state = self.state();
                state.kind(language).making -= 1;
                let is_gone = matches!(trouble, Trouble::Missing(_));
                let is_pythons = language == Language::Python;
                if !(is_gone && is_pythons) {
                    // Whoever waits is told; the next wish tries again. An image that is gone will come
                    // back: Python's with another pool, another one with the next program.
                    let line = state.leave_line(language);
                    fail_all(line, &RunError::Unavailable(trouble.to_string()));
                }
                if is_gone && !is_pythons {
                    state.kind(language).image = None;
                }
                drop(state);
                self.made.notify_waiters();
                if !matches!(trouble, Trouble::Image(_)) && (is_pythons || !is_gone) {
                    self.troubles.send(trouble).ok();
                }
            }
        }
    }

    /// The life of one container.
    async fn tend(self: Arc<Self>, mut session: Session, language: Language) {
        let (born, mut runs) = (Instant::now(), 0);
        loop {
            let (give, mut given) = oneshot::channel();
            let number = self.offer(give, language);
            let Some(work) = self.wait(&mut session, &mut given).await else {
                self.state().idle.retain(|idle| idle.number != number);
                // Given at the last moment, to a container that goes.
                given.close();
                if let Ok(work) = given.try_recv() {
                    self.state().kind(language).in_use -= 1;
                    self.submit(work);
                }
                break;
            };
            runs += 1;
            let after = self.serve(&mut session, work).await;
            let worn = runs >= MOST_RUNS || born.elapsed() >= MOST_AGE;
            let stays = self.judge(after, worn, language);
            let mut state = self.state();
            let yields = state.is_anothers_turn(language);
            state.kind(language).in_use -= 1;
            drop(state);
            if !stays || yields {
                break;
            }
        }
        self.book.destroyed();
        self.fill(&mut self.state());
        session.close().await;
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
    fn offer(&self, give: oneshot::Sender<Work>, language: Language) -> u64 {
        let mut state = self.state();
        state.next += 1;
        let number = state.next;
        if let Some(work) = state.first_in_line(language) {
            state.kind(language).in_use += 1;
            // Its task holds the other end.
            give.send(work).ok();
            return number;
        }
        if state.closed.is_none() {
            state.idle.push(Idle {
                number,
                language,
                give,
            });
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
    fn is_replaced(self: &Arc<Self>, language: Language) -> bool {
        let mut state = self.state();
        if state.idle.iter().any(|idle| idle.language == language) {
            return true;
        }
        state.kind(language).discarded = Some(Instant::now());
        self.fill(&mut state);
        false
    }

    /// Whether a container stays after a run.
    fn judge(self: &Arc<Self>, after: After, worn: bool, language: Language) -> bool {
        match after {
            After::Clean(took) => {
                self.book.reset(took);
                // One that is worn goes once another is ready, so nobody waits for its successor.
                !(worn && self.is_replaced(language))
            }
            After::Discard(reason) => {
                tracing::debug!(reason, "a container is not used again");
                self.book.discarded();
                self.state().kind(language).discarded = Some(Instant::now());
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
