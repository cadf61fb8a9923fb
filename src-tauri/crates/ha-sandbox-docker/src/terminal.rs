//! A shell on a terminal in a container of its own, from its opening to its end.
//!
//! ```text
//! typed, size, close ──▶ frames ──▶ runner ──▶ terminal ──▶ shell
//! events ◀── a place in the channel, and then a frame ◀───────┘
//! ```
//!
//! A frame is only read once there is room for what it says: a reader that stands still makes the shell
//! stand still, however much it prints. The container is thrown away afterwards.

use crate::frame::{Frame, Say, Tell};
use crate::order::{self, Exit};
use crate::session::{After, Session};
use crate::stream::Ears;
use crate::work::Work;
use ha_sandbox::{
    RunError, RunOutcome, TerminalEvent, TerminalRequest, TerminalSignals, TerminalSize,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant as Clock};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Events that wait in the channel of one terminal. Each holds at most 64 KiB.
pub(crate) const EVENTS: usize = 8;
/// How long the end may take after it was asked for.
const GRACE: Duration = Duration::from_millis(80);
/// Silence after which a container is asked for a sign of life, and how often from then on.
const PULSE: Duration = Duration::from_secs(2);
/// Silence after which the engine is asked what is the matter.
const SILENCE: Duration = Duration::from_secs(5);
/// Silence that nothing explains.
const DEATH: Duration = Duration::from_secs(20);
/// Bytes of typing that lie ready at most; further ones wait where they were typed.
const AHEAD: usize = 64 << 10;
/// Bytes of typing in one frame.
const PIECE: usize = 32 << 10;

/// How many terminals are open on one engine.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places(Arc<AtomicUsize>);

impl Places {
    /// How many are taken.
    pub fn taken(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// Takes one, if there are fewer than `most`.
    pub fn take(&self, most: usize) -> Option<Place> {
        let more = |taken| (taken < most).then_some(taken + 1);
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more)
            .ok()?;
        Some(Place(self.0.clone()))
    }
}

/// The right to one terminal, until it is dropped.
#[derive(Debug)]
pub(crate) struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A terminal on its way to a container.
pub(crate) struct Visit {
    pub request: TerminalRequest,
    pub events: mpsc::Sender<TerminalEvent>,
    pub signals: TerminalSignals,
    /// When the request was taken.
    pub accepted: Clock,
    /// Containers that died before it began.
    pub attempts: u32,
    /// Held for as long as it is on its way or open.
    pub _place: Place,
}

impl Visit {
    /// Says the last word; whoever reads late gets it late.
    pub fn end(self, last: TerminalEvent) {
        let events = self.events;
        tokio::spawn(async move { events.send(last).await.ok() });
    }
}

/// How the time of a terminal ended.
enum Ended {
    /// The runner said so.
    Over(Exit),
    /// The container is in the way of the end.
    Overdue,
    /// The container is gone, or as good as gone. Whether the engine is to blame.
    Lost { engine: bool, reason: String },
}

impl Session {
    /// Opens a terminal and serves it to its end. Tells whoever listens everything, the end included.
    pub async fn host(&mut self, mut visit: Visit) -> After {
        let run = self.next_run();
        self.pen
            .say_all(order::terminal_frames(&visit.request, run));
        let mut begun = false;
        match self.serve(&mut visit, &mut begun).await {
            Ended::Over(exit) => {
                visit.end(last_word(&exit));
                After::Discard("a terminal was open in it".into())
            }
            Ended::Overdue => match self.halt().await {
                Ok(()) => {
                    visit.end(TerminalEvent::Closed);
                    After::Discard("a terminal did not end in time".into())
                }
                Err(trouble) => {
                    let engine = trouble.is_the_engines();
                    let reason = trouble.to_string();
                    visit.end(TerminalEvent::Failed(RunError::Lost(reason.clone())));
                    After::Lost { engine, reason }
                }
            },
            Ended::Lost { reason, .. } if !begun => {
                After::Unused(Box::new(Work::Terminal(visit)), reason)
            }
            Ended::Lost { engine, reason } => {
                visit.end(TerminalEvent::Failed(RunError::Lost(reason.clone())));
                After::Lost { engine, reason }
            }
        }
    }

    async fn serve(&mut self, visit: &mut Visit, begun: &mut bool) -> Ended {
        let run = self.run;
        let Visit {
            events, signals, ..
        } = visit;
        let TerminalSignals { typed, size, close } = signals;
        let mut watched = Watched::new();
        loop {
            let unsent = self.pen.unsent();
            let stopping = watched.stop_by.is_some();
            tokio::select! {
                biased;
                () = self.pen.send(), if unsent > 0 => {}
                // Before what it prints: no flood may keep the end away.
                () = wanted(close, events), if !stopping => {
                    watched.stop_by = Some(Instant::now() + GRACE);
                    self.pen.say(Say::Cancel, run, &[]);
                }
                heard = next(events, &mut self.ears, stopping) => {
                    watched.heard = Instant::now();
                    let (room, frame) = match heard {
                        Ok(heard) => heard,
                        Err(reason) => return lost(false, reason),
                    };
                    if frame.run != run && frame.run != 0 {
                        continue;
                    }
                    match hear(room, frame, begun) {
                        Ok(None) => {}
                        Ok(Some(exit)) => return Ended::Over(exit),
                        Err(reason) => return lost(false, reason),
                    }
                }
                Some(bytes) = typed.recv(), if unsent < AHEAD => {
                    for piece in bytes.chunks(PIECE) {
                        self.pen.say(Say::Input, run, piece);
                    }
                }
                Ok(()) = size.changed() => {
                    let size: TerminalSize = *size.borrow_and_update();
                    self.pen.say(Say::Resize, run, &order::screen(size));
                }
                () = tokio::time::sleep_until(watched.due()) => {
                    if stopping {
                        return Ended::Overdue;
                    }
                    let is_read = events.capacity() > 0;
                    if let Some(ended) = self.look_after(&mut watched, is_read).await {
                        return ended;
                    }
                }
            }
        }
    }

    /// Asks a silent container for a sign of life, and then its engine.
    async fn look_after(&mut self, watched: &mut Watched, is_read: bool) -> Option<Ended> {
        let now = Instant::now();
        if !is_read {
            // While its reader stands still the container is not listened to.
            watched.heard = now;
        }
        let silent = now - watched.heard;
        if silent >= DEATH {
            return Some(lost(false, "the container does not answer"));
        }
        if silent >= SILENCE
            && let Some((engine, reason)) = self.diagnose().await
        {
            return Some(lost(engine, reason));
        }
        watched.asked = Instant::now();
        let run = self.run;
        self.pen.say(Say::Ping, run, &[]);
        None
    }
}

/// When a container was heard last and asked last, and when it must have ended.
struct Watched {
    heard: Instant,
    asked: Instant,
    stop_by: Option<Instant>,
}

impl Watched {
    fn new() -> Watched {
        let now = Instant::now();
        Watched {
            heard: now,
            asked: now,
            stop_by: None,
        }
    }

    /// When there is something to look after, if nothing happens before.
    fn due(&self) -> Instant {
        self.stop_by
            .unwrap_or_else(|| self.asked.max(self.heard) + PULSE)
    }
}

/// Resolves when somebody wants the terminal to close, or nobody holds or reads it any more.
async fn wanted(
    close: &mut tokio::sync::watch::Receiver<bool>,
    events: &mpsc::Sender<TerminalEvent>,
) {
    tokio::select! {
        _ = close.wait_for(|close| *close) => {}
        () = events.closed() => {}
    }
}

type Room<'a> = mpsc::Permit<'a, TerminalEvent>;

/// The next frame, once there is room for what it says; when nobody is to hear it, at once.
async fn next<'a>(
    events: &'a mpsc::Sender<TerminalEvent>,
    ears: &mut Ears,
    stopping: bool,
) -> Result<(Option<Room<'a>>, Frame), String> {
    let room = match stopping {
        true => None,
        // An error means that nobody reads, which ends the terminal in its own way.
        false => Some(match events.reserve().await {
            Ok(room) => room,
            Err(_) => std::future::pending().await,
        }),
    };
    Ok((room, ears.next().await?))
}

/// Takes a frame; its exit, when it is that.
fn hear(room: Option<Room<'_>>, frame: Frame, begun: &mut bool) -> Result<Option<Exit>, String> {
    let event = match frame.tell {
        Tell::Started => {
            *begun = true;
            TerminalEvent::Started
        }
        Tell::Stdout => TerminalEvent::Output(frame.payload.to_vec()),
        Tell::Exit => {
            let exit = serde_json::from_slice(&frame.payload);
            return Ok(Some(exit.map_err(|error| error.to_string())?));
        }
        Tell::Broken => return Err(String::from_utf8_lossy(&frame.payload).into_owned()),
        _ => return Ok(None),
    };
    if let Some(room) = room {
        room.send(event);
    }
    Ok(None)
}

fn last_word(exit: &Exit) -> TerminalEvent {
    match exit.outcome() {
        Ok((RunOutcome::Exited { code }, _)) => TerminalEvent::Exited { code },
        // The system ended the shell itself, as `kill -9` would.
        Ok((RunOutcome::OutOfMemory, _)) => TerminalEvent::Exited { code: 137 },
        Ok(_) => TerminalEvent::Closed,
        Err(reason) => TerminalEvent::Failed(RunError::Lost(reason)),
    }
}

fn lost(engine: bool, reason: impl Into<String>) -> Ended {
    let reason = reason.into();
    Ended::Lost { engine, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_and_given_back() {
        let places = Places::default();
        let (one, two) = (places.take(2), places.take(2));
        assert!(one.is_some() && two.is_some() && places.take(2).is_none());
        drop(one);
        assert!(places.take(1).is_none(), "the limit was lowered meanwhile");
        assert!(places.take(2).is_some());
        assert_eq!(places.taken(), 1);
    }
}
