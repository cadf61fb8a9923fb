//! The threads of the worker: one reads orders, the others run programs.
//!
//! ```text
//!          ┌──────────────── a thread ────────────────┐
//!          ▼                                          │
//!   waits for the orders ─▶ leads: obeys ─ Start ─▶ runs the program, clears it away
//!          ▲                (input, cancel, ping …)
//!          └─ its successor waits here and leads next
//! ```
//!
//! The thread that reads a `Start` runs the program itself, and the next one goes on reading. So no
//! program waits for another thread to wake up, which takes some 30 µs. The leader waits for nothing
//! but orders and the pipe to the app; it always has a successor.

use super::line::{Line, Output};
use crate::calls::Waiting;
use crate::ending::Ending;
use crate::execution::{Execution, finished};
use crate::frame::{Frames, News, Order, Readiness};
use crate::guest::{self, GuestLocation};
use crate::interpreter::Reserve;
use crate::lock;
use crate::machine::{self, Machine, PROGRAMS};
use crate::outbox::Outbox;
use anyhow::{Context, Result};
use ha_sandbox::{RunControl, RunOutcome, RunRequest, RunSignals};
use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use wasmtime::Engine;

/// How long after its time, or after a cancel, a program may still be there: far above the 25 ms that
/// were measured. Then the host's own code hangs, and only the end of the process helps.
const GRACE: Duration = Duration::from_secs(3);

/// All threads together.
pub(crate) struct Crew {
    output: Arc<Output>,
    orders: Mutex<Frames<File>>,
    /// Threads that lead or wait to.
    free: Mutex<usize>,
    runs: Mutex<Runs>,
    reserve: OnceLock<Arc<Reserve>>,
}

#[derive(Default)]
struct Runs {
    live: HashMap<u32, Live>,
    running: usize,
    waiting: VecDeque<Job>,
}

/// A run from its order until nothing is left of it.
struct Live {
    control: RunControl,
    line: Line,
    outbox: Outbox,
    waiting: Waiting,
    /// When its program must be gone, but for the time it waited for its host; unknown while it waits
    /// for its turn.
    must_end: Option<Instant>,
    /// When it must be gone because it was stopped.
    must_stop: Option<Instant>,
    over: bool,
    cleared: bool,
}

impl Live {
    /// Whether its program should be gone and is not.
    fn hangs(&self, now: Instant) -> bool {
        let waited = self.waiting.until(now.into());
        let is_late = |end: Instant| end < now;
        let ended = self.must_end.map(|end| end + waited);
        !self.cleared && (ended.is_some_and(is_late) || self.must_stop.is_some_and(is_late))
    }
}

/// A program to run.
struct Job {
    run: u32,
    request: RunRequest,
    signals: RunSignals,
    accepted: Instant,
}

impl Crew {
    /// Serves until the input ends; then the process does.
    ///
    /// # Errors
    /// When a first thread cannot be had, or what is read is no order.
    pub fn serve(orders: Frames<File>, output: Arc<Output>, location: GuestLocation) -> Result<()> {
        let crew = Arc::new(Crew {
            output,
            orders: Mutex::new(orders),
            free: Mutex::new(1),
            runs: Mutex::default(),
            reserve: OnceLock::new(),
        });
        let loader = crew.clone();
        thread("sandbox-guest", move || loader.load(&location))?;
        crew.attend()
    }

    fn load(&self, location: &GuestLocation) {
        let say = |readiness| self.output.send([News::Engine(readiness)]);
        say(Readiness::Loading);
        say(match load(location, || say(Readiness::Compiling)) {
            Ok(reserve) => {
                self.reserve.set(Arc::new(reserve)).ok();
                Readiness::Ready
            }
            Err(error) => Readiness::Unavailable(format!("{error:#}")),
        });
    }

    /// The life of one thread.
    fn attend(self: &Arc<Self>) -> Result<()> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        while let Some(job) = self.next_job()? {
            self.run(job, &runtime);
        }
        Ok(())
    }

    /// Leads until there is a program to run; `None` at the end of the orders.
    fn next_job(self: &Arc<Self>) -> Result<Option<Job>> {
        let mut orders = lock(&self.orders);
        if *lock(&self.free) == 1 {
            self.hire()?;
        }
        while let Some(order) = orders.next()? {
            if let Some(job) = self.obey(order)? {
                *lock(&self.free) -= 1;
                return Ok(Some(job));
            }
        }
        // Whatever still runs is nobody's. No thread has to be waited for.
        std::process::exit(0);
    }

    /// One more thread. The whole process ends with a thread that fails: the app starts another one.
    fn hire(self: &Arc<Self>) -> Result<()> {
        *lock(&self.free) += 1;
        let crew = self.clone();
        thread("sandbox-run", move || {
            if let Err(error) = crew.attend() {
                eprintln!("{error:#}");
                std::process::exit(1);
            }
        })
    }

    fn obey(&self, order: Order) -> Result<Option<Job>> {
        match order {
            Order::Open { .. } => anyhow::bail!("the guest was opened twice"),
            Order::Start { run, request } => return Ok(self.accept(run, request)),
            Order::Input { run, line } => {
                if let Some(live) = lock(&self.runs).live.get(&run) {
                    match line {
                        Some(line) => live.control.input(line),
                        None => live.control.end_input(),
                    }
                }
            }
            Order::Answer { run, answer } => {
                if let Some(live) = lock(&self.runs).live.get(&run) {
                    live.control.answer(answer);
                }
            }
            Order::Cancel { run } => self.cancel(run),
            Order::Heard { run, cost } => {
                let mut runs = lock(&self.runs);
                if let Some(live) = runs.live.get(&run) {
                    live.line.heard(cost);
                }
                self.settle(&mut runs, run);
            }
            Order::Ping => {
                let now = Instant::now();
                if lock(&self.runs).live.values().any(|live| live.hangs(now)) {
                    anyhow::bail!("a program could not be stopped");
                }
                self.output.send([News::Pong]);
            }
        }
        Ok(None)
    }

    /// Takes a run on; its job, if it is its turn already.
    fn accept(&self, run: u32, request: RunRequest) -> Option<Job> {
        let (control, signals) = RunControl::new();
        let line = Line::new(run, self.output.clone());
        let live = Live {
            outbox: Outbox::new(line.clone(), request.limits.output_bytes),
            control,
            line,
            waiting: Waiting::default(),
            must_end: None,
            must_stop: None,
            over: false,
            cleared: false,
        };
        let job = Job {
            run,
            request,
            signals,
            accepted: Instant::now(),
        };
        let mut runs = lock(&self.runs);
        runs.live.insert(run, live);
        if runs.running < PROGRAMS {
            runs.running += 1;
            return Some(job);
        }
        runs.waiting.push_back(job);
        None
    }

    fn cancel(&self, run: u32) {
        let mut runs = lock(&self.runs);
        let soon = Instant::now() + GRACE;
        if let Some(live) = runs.live.get_mut(&run) {
            live.control.cancel();
            live.must_stop = live.must_end.map(|_| soon);
        }
        let place = runs.waiting.iter().position(|job| job.run == run);
        if let Some(job) = place.and_then(|place| runs.waiting.remove(place))
            && let Some(live) = runs.live.get_mut(&run)
        {
            let ending = Ending::plain(RunOutcome::Cancelled);
            live.outbox.queue(finished(&ending, job.accepted));
            (live.over, live.cleared) = (true, true);
            self.settle(&mut runs, run);
        }
    }

    /// Runs a program, then those that waited for a place.
    fn run(&self, job: Job, runtime: &Runtime) {
        let mut next = Some(job);
        while let Some(job) = next {
            self.run_one(job, runtime);
            let mut runs = lock(&self.runs);
            next = runs.waiting.pop_front();
            if next.is_none() {
                runs.running -= 1;
                *lock(&self.free) += 1;
            }
        }
    }

    fn run_one(&self, job: Job, runtime: &Runtime) {
        let run = job.run;
        let reserve = self.reserve.get().cloned();
        let (outbox, waiting) = {
            let mut runs = lock(&self.runs);
            let Some(live) = runs.live.get_mut(&run) else {
                return;
            };
            live.must_end = Some(Instant::now() + job.request.limits.wall + GRACE);
            (live.outbox.clone(), live.waiting.clone())
        };
        let execution = Execution {
            reserve: reserve.expect("the app starts nothing before the engine is ready"),
            request: job.request,
            signals: job.signals,
            outbox,
            waiting,
            accepted: job.accepted,
        };
        execution.run(runtime, || self.change(run, |live| live.over = true));
        self.change(run, |live| live.cleared = true);
    }

    fn change(&self, run: u32, change: impl FnOnce(&mut Live)) {
        let mut runs = lock(&self.runs);
        if let Some(live) = runs.live.get_mut(&run) {
            change(live);
        }
        self.settle(&mut runs, run);
    }

    /// Sends what an ended run still has to say, as far as its reader allows, and forgets it then.
    fn settle(&self, runs: &mut Runs, run: u32) {
        let Some(live) = runs.live.get(&run) else {
            return;
        };
        if live.over && live.outbox.try_send_all() && live.cleared {
            runs.live.remove(&run);
            self.output.send([News::Gone { run }]);
        }
    }
}

fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> Result<()> {
    let whole = move || {
        // A run's own panic was caught where it belongs; after any other one nothing here is sure.
        if catch_unwind(AssertUnwindSafe(work)).is_err() {
            std::process::abort();
        }
    };
    let thread = std::thread::Builder::new().name(name.into());
    thread
        .spawn(whole)
        .context("the sandbox process gets no thread")?;
    Ok(())
}

fn load(location: &GuestLocation, compiling: impl FnOnce()) -> Result<Reserve> {
    let engine = Engine::new(&machine::config())?;
    let component = guest::load(&engine, location, compiling)?;
    let reserve = Reserve::new(Machine::new(engine, &component)?);
    // Preparing an interpreter waits for nothing outside, so the smallest runtime will do.
    Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(reserve.refill());
    Ok(reserve)
}
