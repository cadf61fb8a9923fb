//! Who is in a pool and who waits for it: which containers are to be made, and which may go.
//!
//! ```text
//! one limit for all ─┬─ Python      in use, idle, being made, and the programs in the line
//!                    ├─ JavaScript  only once a program has come
//!                    └─ Go
//! ```
//!
//! Makes nothing and waits for nothing; whoever holds this does.

use crate::terminal::Places;
use crate::work::Work;
use ha_sandbox::{Language, RunError};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// Without use for so long, every container is given back: a laptop's virtual machine sleeps only when
/// none runs.
const REST: Duration = Duration::from_secs(3 * 60);
/// How long a busy moment keeps as many containers as it needed.
const MEMORY: Duration = Duration::from_secs(60);

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

/// All containers of a pool, and everybody who waits for one.
pub(crate) struct State {
    pub size: PoolSize,
    pub idle: Vec<Idle>,
    pub next: u64,
    pub line: VecDeque<Waiting>,
    /// In the order of [`Language::ALL`].
    pub kinds: [Kind; 3],
    pub closed: Option<String>,
    pub ticking: bool,
    pub terminals: Places,
}

/// The containers of one language.
#[derive(Default)]
pub(crate) struct Kind {
    /// What they are made of. Python's is always there.
    pub image: Option<String>,
    pub in_use: usize,
    pub making: usize,
    /// The latest moment at which so many were needed at once.
    pub peak: Option<(usize, Instant)>,
    pub used: Option<Instant>,
    pub discarded: Option<Instant>,
}

/// A container without a program: whoever has this may give it one.
pub(crate) struct Idle {
    pub number: u64,
    pub language: Language,
    pub give: oneshot::Sender<Work>,
}

/// Work without a container. Empty when it was stopped meanwhile.
pub(crate) type Waiting = Arc<Mutex<Option<Work>>>;

impl State {
    /// A pool that has nothing yet and is about to be asked for Python.
    pub fn new(size: PoolSize, terminals: Places) -> State {
        let mut kinds: [Kind; 3] = Default::default();
        kinds[Language::Python as usize].used = Some(Instant::now());
        State {
            size,
            idle: Vec::new(),
            next: 0,
            line: VecDeque::new(),
            kinds,
            closed: None,
            ticking: false,
            terminals,
        }
    }

    pub fn kind(&mut self, language: Language) -> &mut Kind {
        &mut self.kinds[language as usize]
    }

    /// The container of a language that was used last.
    pub fn take_idle(&mut self, language: Language) -> Option<Idle> {
        let at = self
            .idle
            .iter()
            .rposition(|idle| idle.language == language)?;
        Some(self.idle.remove(at))
    }

    /// The first in the line that a container of a language can serve.
    pub fn first_in_line(&mut self, language: Language) -> Option<Work> {
        let mut at = 0;
        while at < self.line.len() {
            let mut waiting = lock(&self.line[at]);
            let found = waiting.take_if(|work| work.language() == language);
            let is_over = waiting.is_none();
            drop(waiting);
            match is_over {
                true => drop(self.line.remove(at)),
                false => at += 1,
            }
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Takes everybody out of the line whom no container of a language will come to serve.
    pub fn leave_line(&mut self, language: Language) -> VecDeque<Waiting> {
        let leaves = |waiting: &Waiting| language_of(waiting) == Some(language);
        let (leaving, staying) = std::mem::take(&mut self.line).into_iter().partition(leaves);
        self.line = staying;
        leaving
    }

    /// Languages of the programs in the line, in its order.
    pub fn waiting(&self) -> impl Iterator<Item = Language> {
        self.line.iter().filter_map(language_of)
    }

    /// Containers of one language.
    fn count(&self, language: Language) -> usize {
        let idle = self.idle.iter().filter(|idle| idle.language == language);
        let kind = &self.kinds[language as usize];
        idle.count() + kind.in_use + kind.making
    }

    pub fn total(&self) -> usize {
        let used: usize = self
            .kinds
            .iter()
            .map(|kind| kind.in_use + kind.making)
            .sum();
        self.idle.len() + used
    }

    /// The limit on all containers.
    fn most(&self) -> usize {
        // Terminals that were open before the limit was lowered must not keep programs out.
        self.size.most.max(self.terminals.taken() + 1)
    }

    fn demand(&self, language: Language) -> usize {
        let waiting = self.waiting().filter(|other| *other == language).count();
        self.kinds[language as usize].in_use + waiting
    }

    /// Remembers how many are needed now, if that is more than lately.
    pub fn remember(&mut self, language: Language, now: Instant) {
        let demand = self.demand(language);
        let peak = &mut self.kind(language).peak;
        if peak.is_none_or(|(count, at)| demand >= count || now - at > MEMORY) {
            *peak = Some((demand, now));
        }
    }

    /// How many containers of a language there should be.
    pub fn target(&self, language: Language, now: Instant) -> usize {
        let demand = self.demand(language);
        let kind = &self.kinds[language as usize];
        if kind.used.is_none_or(|used| now - used >= REST) {
            return demand;
        }
        let recent = |at: Instant| now - at < MEMORY;
        let peak = kind.peak.filter(|(_, at)| recent(*at));
        let peak = peak.map_or(0, |(count, _)| count);
        // One that is thrown away leaves a gap of a tenth of a second, which a spare one fills.
        let spare = usize::from(kind.discarded.is_some_and(recent));
        let lately = peak.max(self.size.ready) + spare;
        lately.max(demand).min(self.most())
    }

    /// Languages of the containers that are to be made. A program that waits gets one in the place of an
    /// idle one of another language; those that are only wanted soon get what places there are.
    pub fn missing(&self, now: Instant) -> Vec<Language> {
        let mut missing = Vec::new();
        let mut room = self.most().saturating_sub(self.total());
        let mut idle = self.idle.len();
        let mut coming = Language::ALL.map(|language| self.kinds[language as usize].making);
        for language in self.waiting() {
            let coming = &mut coming[language as usize];
            match (*coming, room, idle) {
                (1.., ..) => *coming -= 1,
                (0, 1.., _) => {
                    room -= 1;
                    missing.push(language);
                }
                (0, 0, 1..) => {
                    idle -= 1;
                    missing.push(language);
                }
                (0, 0, 0) => {}
            }
        }
        for language in Language::ALL {
            let more = missing.iter().filter(|other| **other == language).count();
            let wanted = self
                .target(language, now)
                .saturating_sub(self.count(language) + more);
            let made = wanted.min(room);
            room -= made;
            missing.extend(std::iter::repeat_n(language, made));
        }
        missing
    }

    /// Whether a container of this language has to make room for the first in the line.
    pub fn is_anothers_turn(&self, language: Language) -> bool {
        let first = self.waiting().next();
        let is_coming = |other: Language| self.kinds[other as usize].making > 0;
        self.total() >= self.most()
            && first.is_some_and(|first| first != language && !is_coming(first))
    }
}

/// What somebody in the line waits for, unless it was stopped.
fn language_of(waiting: &Waiting) -> Option<Language> {
    lock(waiting).as_ref().map(Work::language)
}

/// Lets idle containers go that are not wanted any more, or in whose place others are made; the longest
/// unused first.
pub(crate) fn shrink(state: &mut State) {
    let now = Instant::now();
    for language in Language::ALL {
        let target = state.target(language, now);
        while state.count(language) > target {
            let is_it = |idle: &Idle| idle.language == language;
            let Some(at) = state.idle.iter().position(is_it) else {
                break;
            };
            state.idle.remove(at);
        }
    }
    while state.total() > state.most() && !state.idle.is_empty() {
        state.idle.remove(0);
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

pub(crate) fn lock(waiting: &Waiting) -> MutexGuard<'_, Option<Work>> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use crate::program::Job;
    use Language::{Go, JavaScript, Python};
    use ha_sandbox::{RunControl, RunRequest};
    use std::time::Instant as Clock;

    /// A pool of at most `most`, in which Python is used.
    fn pool(most: usize) -> State {
        State::new(PoolSize::up_to(most), Places::default())
    }

    fn waits(state: &mut State, language: Language) {
        let mut request = RunRequest::script("r", "");
        request.entry = match language {
            Python => "main.py",
            JavaScript => "main.js",
            Go => "main.go",
        }
        .into();
        let job = Job {
            request,
            events: tokio::sync::mpsc::channel(1).0,
            signals: RunControl::new().1,
            accepted: Clock::now(),
            attempts: 0,
        };
        let work = Some(Work::Program(job));
        state.line.push_back(Arc::new(Mutex::new(work)));
        state.kind(language).used = Some(Instant::now());
    }

    fn idles(state: &mut State, language: Language) {
        state.idle.push(Idle {
            number: 0,
            language,
            give: oneshot::channel().0,
        });
    }

    fn check(state: &State, expected: &[Language]) {
        assert_eq!(state.missing(Instant::now()), expected);
    }

    #[test]
    fn only_a_language_that_is_used_has_containers() {
        let mut state = pool(3);
        check(&state, &[Python]);
        idles(&mut state, Python);
        check(&state, &[]);
        waits(&mut state, Go);
        check(&state, &[Go]);
        state.kind(Go).making = 1;
        check(&state, &[]);
    }

    #[test]
    fn a_program_takes_the_place_of_another_languages_idle_container_and_no_more() {
        let mut state = pool(1);
        idles(&mut state, Python);
        waits(&mut state, JavaScript);
        waits(&mut state, JavaScript);
        check(&state, &[JavaScript]);
        state.kind(JavaScript).making = 1;
        shrink(&mut state);
        assert!(state.idle.is_empty());
        // Python's wish to be ready makes nobody go.
        check(&state, &[]);
    }

    #[test]
    fn a_full_pool_serves_languages_in_the_order_of_the_line() {
        let mut state = pool(1);
        state.kind(Python).in_use = 1;
        waits(&mut state, Go);
        waits(&mut state, Python);
        check(&state, &[]);
        assert!(state.is_anothers_turn(Python));
        assert!(!state.is_anothers_turn(Go));
        state.kind(Python).in_use = 0;
        check(&state, &[Go]);
        let served = state.first_in_line(Python).unwrap();
        assert_eq!(served.language(), Python);
        assert_eq!(state.leave_line(Go).len(), 1);
        assert!(state.line.is_empty());
    }
}
