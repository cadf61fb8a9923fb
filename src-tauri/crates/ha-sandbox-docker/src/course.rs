//! The time in which a program runs: frames come, input and the wish to stop go, and silence is noticed.

use crate::frame::{Frame, Say};
use crate::order::Exit;
use crate::program::{Heard, Job, Program};
use crate::session::Session;
use ha_sandbox::{HostAnswer, Limits, RunEvent, RunOutcome, RunSignals, Stdin};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

/// How long a program may have been over by the runner's clock without our hearing of it.
const OVERDUE: Duration = Duration::from_secs(1);
/// How long the end may take after a stop. A program that holds on longer, one that has forked sixty
/// times for example, goes with its container.
const GRACE: Duration = Duration::from_millis(80);
/// Silence after which a container is asked for a sign of life, and how often from then on.
const PULSE: Duration = Duration::from_secs(1);
/// Silence after which the engine is asked what is the matter: a paused container, a hanging engine.
const SILENCE: Duration = Duration::from_secs(3);
/// Silence that no program explains.
const DEATH: Duration = Duration::from_secs(10);
/// Bytes of input that lie ready at most; what nobody reads waits where its sender is.
const AHEAD: usize = 64 << 10;

/// How the time of a program ended.
pub(crate) enum Ended {
    /// The runner said so.
    Over(Exit),
    /// The container is in the way of the end.
    Overdue(String),
    /// The container is gone, or as good as gone. Whether the engine is to blame.
    Lost { engine: bool, reason: String },
}

/// One program in one container.
pub(crate) struct Course<'a> {
    session: &'a mut Session,
    pub program: Program,
    listener: mpsc::Sender<RunEvent>,
    /// Whether lines may still come.
    may_speak: bool,
    /// When the program must be over, by our clock; later by what it has waited for its host.
    deadline: Instant,
    /// When a program that was told to stop must be over.
    stop_by: Option<Instant>,
    /// Calls that wait for their answers, since when, and how long others have waited before.
    calls: BTreeSet<u32>,
    waiting: Instant,
    waited: Duration,
    /// When the container was heard last, and asked last.
    heard: Instant,
    asked: Instant,
}

impl<'a> Course<'a> {
    /// The course of `program`, whose order lies ready with the session's pen.
    pub fn new(session: &'a mut Session, program: Program, job: &Job) -> Course<'a> {
        let now = Instant::now();
        Course {
            listener: program.listener(),
            session,
            program,
            may_speak: job.request.stdin == Stdin::Interactive,
            deadline: now + job.request.limits.wall + OVERDUE,
            stop_by: None,
            calls: BTreeSet::new(),
            waiting: now,
            waited: Duration::ZERO,
            heard: now,
            asked: now,
        }
    }

    /// Drives the program to its end.
    pub async fn follow(&mut self, signals: &mut RunSignals) -> Ended {
        let RunSignals {
            input,
            answers,
            cancel,
        } = signals;
        loop {
            let late = self.program.is_late();
            let unsent = self.session.pen.unsent();
            let due = self.due(late);
            tokio::select! {
                biased;
                () = self.session.pen.send(), if unsent > 0 => {}
                frame = self.session.ears.next(), if !late => match frame {
                    Ok(frame) => {
                        self.heard = Instant::now();
                        if frame.run != self.session.run && frame.run != 0 {
                            continue;
                        }
                        if let Some(ended) = self.hear(&frame) {
                            return ended;
                        }
                    }
                    Err(reason) => return lost(false, reason),
                },
                () = self.program.catch_up(), if late => {
                    // While its reader stood still the container was not listened to.
                    self.heard = Instant::now();
                }
                () = stopped(cancel), if self.stop_by.is_none() => self.stop(),
                () = self.listener.closed(), if self.stop_by.is_none() => self.stop(),
                Some(answer) = answers.recv(), if unsent < AHEAD => self.answer(&answer),
                line = input.recv(), if self.may_speak && unsent < AHEAD => self.give(line.flatten()),
                () = tokio::time::sleep_until(due) => {
                    if let Some(ended) = self.look_after(late).await {
                        return ended;
                    }
                }
            }
        }
    }

    fn hear(&mut self, frame: &Frame) -> Option<Ended> {
        match self.program.hear(frame) {
            Ok(Heard::Words) => None,
            Ok(Heard::TooMuch) => {
                self.say_stop();
                None
            }
            Ok(Heard::Call(id)) => {
                if self.calls.is_empty() {
                    self.waiting = Instant::now();
                }
                self.calls.insert(id);
                None
            }
            Ok(Heard::Over(exit)) => Some(Ended::Over(exit)),
            Err(reason) => Some(lost(false, format!("the container broke: {reason}"))),
        }
    }

    /// Somebody wants the program to stop, or nobody wants it any more.
    fn stop(&mut self) {
        self.program.decide(RunOutcome::Cancelled, None);
        self.say_stop();
    }

    fn say_stop(&mut self) {
        self.stop_by = Some(Instant::now() + GRACE);
        let run = self.session.run;
        self.session.pen.say(Say::Cancel, run, &[]);
    }

    fn give(&mut self, line: Option<String>) {
        let run = self.session.run;
        match line {
            Some(line) => {
                let line = line + "\n";
                self.session.pen.say(Say::Input, run, line.as_bytes());
            }
            None => {
                self.may_speak = false;
                self.session.pen.say(Say::EndOfInput, run, &[]);
            }
        }
    }

    fn answer(&mut self, answer: &HostAnswer) {
        if answer.is_last && self.calls.remove(&answer.id) && self.calls.is_empty() {
            self.waited += self.waiting.elapsed();
        }
        let mut payload = answer.id.to_be_bytes().to_vec();
        payload.push(answer.is_last.into());
        payload.extend_from_slice(answer.text.as_bytes());
        let run = self.session.run;
        self.session.pen.say(Say::Answer, run, &payload);
    }

    /// When the program must be over. Its time stands still while it waits for its host.
    fn over_by(&self) -> Instant {
        if let Some(stop_by) = self.stop_by {
            return stop_by;
        }
        let now = match self.calls.is_empty() {
            true => Duration::ZERO,
            false => self.waiting.elapsed(),
        };
        self.deadline + (self.waited + now).min(Limits::MAX_WAITING)
    }

    /// When there is something to look after, if nothing happens before.
    fn due(&self, late: bool) -> Instant {
        match late {
            true => self.over_by(),
            false => self.over_by().min(self.asked.max(self.heard) + PULSE),
        }
    }

    async fn look_after(&mut self, late: bool) -> Option<Ended> {
        let now = Instant::now();
        if now >= self.over_by() {
            self.program.decide(RunOutcome::TimedOut, None);
            let reason = "the program did not end in time with its runner's help";
            return Some(Ended::Overdue(reason.into()));
        }
        if late {
            return None;
        }
        let silent = now - self.heard;
        if silent >= DEATH {
            return Some(lost(false, "the container does not answer"));
        }
        if silent >= SILENCE
            && let Some((engine, reason)) = self.session.diagnose().await
        {
            return Some(lost(engine, reason));
        }
        self.asked = Instant::now();
        let run = self.session.run;
        self.session.pen.say(Say::Ping, run, &[]);
        None
    }
}

/// Resolves when the program must stop, or nobody holds the run any more.
async fn stopped(cancel: &mut watch::Receiver<bool>) {
    cancel.wait_for(|stop| *stop).await.ok();
}

fn lost(engine: bool, reason: impl Into<String>) -> Ended {
    let reason = reason.into();
    Ended::Lost { engine, reason }
}
