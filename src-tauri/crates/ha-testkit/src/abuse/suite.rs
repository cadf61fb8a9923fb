//! Runs cases over an engine and judges them: the program's own end, then six checks of what is left.
//!
//! How noise is kept out of the checks, and nothing else:
//!
//! - *latency*: one of the next [`CANARIES`] canaries must be within twice the 95th percentile that was measured
//!   before the first case, and never has to be below [`FLOOR`]. A machine that is busy for a moment
//!   passes; an engine that became slower does not.
//! - *memory* while the program runs is sampled; it may grow by the program's limits and [`ROOM`].
//! - *memory* afterwards, *left behind*: looked at until they are right, for at most [`SETTLE`], because an engine
//!   may clear away behind its answer. If memory stays above, the case runs again, at most
//!   [`REPEATS`] times, until it adds nothing: a leak grows each time, what an allocator keeps for the
//!   next time does not.

use super::case::{Claim, How, Stream};
use super::heard::excerpt;
use super::surroundings::Snapshot;
use super::{Case, Heard, HostCase, Surroundings};
use crate::conformance::script;
use ha_sandbox::Runner;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Canaries that say what is usual.
const CALIBRATION: usize = 30;
/// Canaries after a case, of which one must be quick and all must sing the same.
const CANARIES: usize = 20;
/// Latency that is never called slow.
const FLOOR: Duration = Duration::from_millis(40);
/// What a run may cost the host's memory after its end.
const MEMORY_SLACK: u64 = 5 << 20;
/// What a running program may take beside its limits: the stack of the interpreter (64 MiB), what was
/// printed and not read, a copy or two.
const ROOM: u64 = 96 << 20;
/// How often the memory of a running program is looked at.
const SAMPLE: Duration = Duration::from_millis(25);
/// How often a case runs again that seems to have left memory behind. An allocator that keeps some for each
/// thread that was ever busy is done with that after a few.
const REPEATS: usize = 8;
/// How long an engine may clear up behind its answer.
const SETTLE: Duration = Duration::from_secs(3);
/// How long after its wall-clock limit a program may be told to have ended, on a machine that is busy
/// with other tests. The bench measures how long it takes on a quiet one.
const OVERSHOOT: Duration = Duration::from_secs(2);

/// Says all that a program before it could have left in an interpreter or its folder.
const CANARY: &str = include_str!("canary.py");

/// An engine under test.
pub struct Suite {
    runner: Arc<dyn Runner>,
    surroundings: Surroundings,
    usual: Heard,
    slow: Duration,
}

/// One of the six looks at what a case left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Exactly one terminal event, of a right class.
    End,
    /// The next program prints what it always prints.
    Canary,
    /// The next program is as quick as ever.
    Latency,
    /// The host's memory is what it was.
    Memory,
    /// No process, file or descriptor is left.
    Left,
    /// The engine is the same process as before.
    Restart,
}

impl Check {
    /// All of them, in the order of the table.
    pub const ALL: [Check; 6] = [
        Check::End,
        Check::Canary,
        Check::Latency,
        Check::Memory,
        Check::Left,
        Check::Restart,
    ];

    /// One word for the table.
    pub fn word(self) -> &'static str {
        match self {
            Check::End => "end",
            Check::Canary => "canary",
            Check::Latency => "latency",
            Check::Memory => "memory",
            Check::Left => "left",
            Check::Restart => "restart",
        }
    }
}

/// What became of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The case's name.
    pub name: String,
    /// What it tries.
    pub title: String,
    /// The ends that are right.
    pub expected: String,
    /// The end it came to.
    pub outcome: String,
    /// Checks that failed, with what was seen.
    pub problems: Vec<(Check, String)>,
    /// From the request to the end.
    pub took: Duration,
}

impl Verdict {
    /// Whether `check` found nothing.
    pub fn passed(&self, check: Check) -> bool {
        self.problems.iter().all(|(failed, _)| *failed != check)
    }

    /// Every problem in one text; `None` when there is none.
    pub fn failure(&self) -> Option<String> {
        let problems = self.problems.iter();
        let lines: Vec<String> = problems
            .map(|(check, seen)| format!("{}: {seen}", check.word()))
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

impl Suite {
    /// Measures what is usual for this engine.
    ///
    /// # Errors
    /// When a harmless program does not run.
    pub async fn open(
        runner: Arc<dyn Runner>,
        surroundings: Surroundings,
    ) -> Result<Suite, String> {
        let mut times = Vec::new();
        let mut last = None;
        for _ in 0..CALIBRATION {
            let heard = Heard::run(&*runner, script(CANARY)).await;
            if heard.end != "exited 0" {
                return Err(format!("a harmless program ended as {heard:?}"));
            }
            times.push(heard.took);
            last = Some(heard);
        }
        times.sort();
        let usual = last.ok_or("nothing was measured")?;
        Ok(Suite {
            runner,
            surroundings,
            usual,
            slow: (times[CALIBRATION * 95 / 100] * 2).max(FLOOR),
        })
    }

    /// Runs a program's case.
    pub async fn run(&self, case: &Case) -> Verdict {
        let before = self.look();
        let (heard, peak) = self
            .watched(Heard::run(&*self.runner, case.request(&case.name)))
            .await;
        let mut verdict = Verdict {
            name: case.name.clone(),
            title: case.title.clone(),
            expected: case.expected.join(" | "),
            outcome: heard.words(),
            problems: Vec::new(),
            took: heard.took,
        };
        let limits = case.request("").limits;
        verdict.say(Check::End, ends(case, &heard, limits.wall));
        let room = limits.memory_bytes + limits.disk_bytes + 2 * limits.output_bytes + ROOM;
        if let (Some(before), Some(peak)) = (before.memory, peak)
            && peak > before + room
        {
            let seen = format!("{before} bytes before, {peak} at the worst");
            verdict.say(Check::Memory, vec![seen]);
        }
        verdict.say(Check::Canary, self.traces(case, &heard).await);
        self.after(&mut verdict, before, Again::Program(case)).await;
        verdict
    }

    /// Runs a host's case.
    pub async fn run_host(&self, case: &HostCase) -> Verdict {
        let before = self.look();
        let start = Instant::now();
        let done = (case.act)(self.runner.clone()).await;
        let mut verdict = Verdict {
            name: case.name.to_owned(),
            title: case.title.to_owned(),
            expected: case.expected.to_owned(),
            outcome: done
                .as_ref()
                .map_or("not so", |()| case.expected)
                .to_owned(),
            problems: Vec::new(),
            took: start.elapsed(),
        };
        verdict.say(Check::End, done.err().into_iter().collect());
        self.after(&mut verdict, before, Again::Host(case)).await;
        verdict
    }

    /// The most memory that was held while `run` went on.
    async fn watched<T>(&self, run: impl Future<Output = T>) -> (T, Option<u64>) {
        let mut run = std::pin::pin!(run);
        let mut peak = None;
        loop {
            tokio::select! {
                done = &mut run => return (done, peak),
                () = tokio::time::sleep(SAMPLE) => peak = peak.max(self.surroundings.memory()),
            }
        }
    }

    /// What the second program of a case found.
    async fn traces(&self, case: &Case, first: &Heard) -> Vec<String> {
        let mut problems = Vec::new();
        if let Some(second) = case.second(&case.name) {
            let heard = Heard::run(&*self.runner, second).await;
            if heard.end != "exited 0" || heard.stdout != "clean\n" {
                problems.push(format!("the second program saw {heard:?}"));
            }
        }
        if case.differs {
            let heard = Heard::run(&*self.runner, case.request(&case.name)).await;
            let repeated = first.stdout.lines().zip(heard.stdout.lines());
            let repeated: Vec<_> = repeated.filter(|(a, b)| a == b).map(|(a, _)| a).collect();
            if !repeated.is_empty() || heard.stdout.is_empty() {
                problems.push(format!("two runs printed the same: {repeated:?}"));
            }
        }
        problems
    }

    async fn after(&self, verdict: &mut Verdict, before: Snapshot, again: Again<'_>) {
        let mut best = Duration::MAX;
        for _ in 0..CANARIES {
            let heard = Heard::run(&*self.runner, script(CANARY)).await;
            if heard.end != "exited 0" || heard.stdout != self.usual.stdout {
                verdict.say(Check::Canary, vec![format!("the canary said {heard:?}")]);
                break;
            }
            best = best.min(heard.took);
            if best <= self.slow {
                break;
            }
        }
        if verdict.passed(Check::Canary) && best > self.slow {
            let seen = format!("{best:?} instead of at most {:?}", self.slow);
            verdict.say(Check::Latency, vec![seen]);
        }
        let after = self.settled(&before).await;
        if grew(&before, &after) {
            verdict.say(Check::Memory, self.leaks(&after, again).await);
        }
        let [was, is] = [before.processes.len(), after.processes.len()];
        let is_same = match again {
            Again::Host(case) if case.restarts => is == was,
            _ => after.processes == before.processes,
        };
        if !is_same {
            let seen = format!(
                "processes {:?}, now {:?}",
                before.processes, after.processes
            );
            let check = if is > was {
                Check::Left
            } else {
                Check::Restart
            };
            verdict.say(check, vec![seen]);
        }
        if after.files > before.files || after.descriptors > before.descriptors {
            verdict.say(Check::Left, vec![format!("{before:?}, now {after:?}")]);
        }
    }

    /// Whether a case adds to the host's memory every time; `first` is what there was after once.
    async fn leaks(&self, first: &Snapshot, again: Again<'_>) -> Vec<String> {
        let mut seen = vec![first.clone()];
        for _ in 0..REPEATS {
            match again {
                Again::Program(case) => {
                    drop(Heard::run(&*self.runner, case.request(&case.name)).await);
                }
                Again::Host(case) => drop((case.act)(self.runner.clone()).await),
            }
            let before = &seen[seen.len() - 1];
            let after = self.settled(before).await;
            if !grew(before, &after) {
                return Vec::new();
            }
            seen.push(after);
        }
        let memory: Vec<_> = seen.iter().map(|at| at.memory).collect();
        vec![format!("grew each time, in bytes: {memory:?}")]
    }

    /// What is there now, without the line to each interpreter that the engine keeps ready: how many those
    /// are follows what was needed lately, and is no leak.
    fn look(&self) -> Snapshot {
        let mut now = self.surroundings.look();
        if let Some(pool) = self.runner.pool() {
            let kept = pool.statistics.available + pool.statistics.in_use;
            now.descriptors = now.descriptors.saturating_sub(kept);
        }
        now
    }

    /// What is there once the engine has cleared up, or when it had its time for that.
    async fn settled(&self, before: &Snapshot) -> Snapshot {
        let start = Instant::now();
        loop {
            let now = self.look();
            let is_settled = !grew(before, &now)
                && now.processes == before.processes
                && now.files <= before.files
                && now.descriptors <= before.descriptors;
            if is_settled || start.elapsed() > SETTLE {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// How to do a case once more.
#[derive(Clone, Copy)]
enum Again<'a> {
    Program(&'a Case),
    Host(&'a HostCase),
}

impl Verdict {
    fn say(&mut self, check: Check, seen: Vec<String>) {
        self.problems
            .extend(seen.into_iter().map(|seen| (check, seen)));
    }
}

fn grew(before: &Snapshot, after: &Snapshot) -> bool {
    match (before.memory, after.memory) {
        (Some(before), Some(after)) => after > before + MEMORY_SLACK,
        _ => false,
    }
}

/// What is wrong with the end of a program and with what it printed.
fn ends(case: &Case, heard: &Heard, wall: Duration) -> Vec<String> {
    let mut problems = Vec::new();
    if !case.expected.iter().any(|end| heard.ended(end)) {
        problems.push(format!("it ended as {heard:?}"));
    }
    if !case.notes.is_empty() && !case.notes.contains(&heard.note) {
        problems.push(format!("its note is {:?}", heard.note));
    }
    if heard.took > wall + OVERSHOOT {
        problems.push(format!("it took {:?} of {wall:?}", heard.took));
    }
    for Claim { of, how, text } in &case.output {
        let said = match of {
            Stream::Stdout => &heard.stdout,
            Stream::Stderr => &heard.stderr,
            Stream::Inside => &heard.inside,
        };
        let is_so = match how {
            How::Is => said == text,
            How::Contains => said.contains(text.as_str()),
            How::Lacks => !said.contains(text.as_str()),
        };
        if !is_so {
            problems.push(format!(
                "{of:?} {how:?} {text:?} is not so: {:?}",
                excerpt(said)
            ));
        }
    }
    problems
}

#[cfg(test)]
#[path = "suite_tests.rs"]
mod tests;
