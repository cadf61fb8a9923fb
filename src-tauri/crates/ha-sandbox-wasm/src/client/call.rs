//! One run as the app sees it: its events on their way to their reader, and the task that serves it.

use super::link::Link;
use crate::frame::{Order, WINDOW, cost};
use crate::lock;
use ha_sandbox::{RunEvent, RunSignals};
use std::collections::VecDeque;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio::sync::mpsc::{self, error::TrySendError};

/// How often a worker is asked for a sign of life while runs are under way. An idle app asks nothing.
pub(crate) const PULSE: Duration = Duration::from_secs(1);

/// Bytes of input that may be sent ahead of a program; more is sent once it asks. What nobody reads
/// waits on this side, where its sender is.
const AHEAD: usize = 64 << 10;

/// A run between its start and the last that is heard of it.
pub(crate) struct Call {
    pub accepted: Instant,
    state: Mutex<State>,
    changed: Notify,
}

struct State {
    /// Gone when the stream may close.
    events: Option<mpsc::Sender<RunEvent>>,
    /// What the reader's channel had no room for.
    late: VecDeque<RunEvent>,
    /// The cost of all of that.
    late_cost: u32,
    /// The cost of what reached its reader since the worker was told.
    heard: u32,
    /// Whether the program has read all it was sent, since the task last looked.
    asks: bool,
    ended: bool,
    gone: bool,
}

/// The worker broke the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Breach {
    #[error("it sent more than it was allowed to")]
    TooMuch,
    #[error("it spoke of a run that had ended")]
    AfterTheEnd,
}

impl Call {
    /// A call whose events go to `events`.
    pub fn new(events: mpsc::Sender<RunEvent>, accepted: Instant) -> Arc<Call> {
        Arc::new(Call {
            accepted,
            state: Mutex::new(State {
                events: Some(events),
                late: VecDeque::new(),
                late_cost: 0,
                heard: 0,
                asks: false,
                ended: false,
                gone: false,
            }),
            changed: Notify::new(),
        })
    }

    /// Takes an event from the worker; never waits. What the worker is to be told was heard, if it is
    /// time to.
    ///
    /// # Errors
    /// When the worker must not have sent it.
    pub fn deliver(&self, event: RunEvent) -> Result<Option<u32>, Breach> {
        let mut state = lock(&self.state);
        if state.ended {
            return Err(Breach::AfterTheEnd);
        }
        if state.late_cost + cost(&event) > WINDOW {
            return Err(Breach::TooMuch);
        }
        state.ended = matches!(event, RunEvent::Finished(_) | RunEvent::Failed(_));
        if event == RunEvent::NeedsInput {
            state.asks = true;
            self.changed.notify_one();
        }
        Ok(self.pass(&mut state, event))
    }

    /// The worker has ended the run, or itself: `lost` is the last event of a run that had none yet.
    pub fn close(&self, lost: Option<RunEvent>) {
        let mut state = lock(&self.state);
        if let Some(lost) = lost
            && !state.ended
        {
            state.ended = true;
            self.pass(&mut state, lost);
        }
        state.gone = true;
        self.changed.notify_one();
    }

    /// Whether its terminal event was seen.
    pub fn ended(&self) -> bool {
        lock(&self.state).ended
    }

    fn pass(&self, state: &mut State, event: RunEvent) -> Option<u32> {
        let its_cost = cost(&event);
        let Some(events) = &state.events else {
            return state.count(its_cost);
        };
        let refused = match state.late.is_empty() {
            true => events.try_send(event),
            false => Err(TrySendError::Full(event)),
        };
        match refused {
            Err(TrySendError::Full(event)) => {
                state.late.push_back(event);
                state.late_cost += its_cost;
                self.changed.notify_one();
                None
            }
            // Nobody reads any more; the task has the program stopped.
            Ok(()) | Err(TrySendError::Closed(_)) => state.count(its_cost),
        }
    }

    /// Gives the reader, who has room for one more, the first late event.
    fn pass_late(&self, room: mpsc::Permit<'_, RunEvent>) -> Option<u32> {
        let mut state = lock(&self.state);
        let event = state.late.pop_front()?;
        let its_cost = cost(&event);
        state.late_cost -= its_cost;
        room.send(event);
        state.count(its_cost)
    }

    /// Nobody will read any more: what was late counts as heard.
    fn drop_late(&self) -> Option<u32> {
        let mut state = lock(&self.state);
        state.events = None;
        state.late.clear();
        let dropped = std::mem::take(&mut state.late_cost);
        state.count(dropped)
    }

    fn took_all(&self) -> bool {
        std::mem::take(&mut lock(&self.state).asks)
    }

    fn is_late(&self) -> bool {
        !lock(&self.state).late.is_empty()
    }

    fn is_done(&self) -> bool {
        let state = lock(&self.state);
        state.gone && state.late.is_empty()
    }
}

impl State {
    /// Counts what reached its reader. The worker is told of half a window at a time: then it
    /// never waits for a quick reader, and a short run needs no telling at all.
    fn count(&mut self, cost: u32) -> Option<u32> {
        self.heard += cost;
        let enough = self.heard >= WINDOW / 2 && !self.ended;
        enough.then(|| std::mem::take(&mut self.heard))
    }
}

/// Serves one run until nothing is left of it: passes input and stops on, waits for a slow reader, and
/// looks after the worker.
pub(crate) async fn serve(link: Arc<Link>, run: u32, call: Arc<Call>, signals: RunSignals) {
    let Some(events) = lock(&call.state).events.clone() else {
        return;
    };
    let _abandoned = Abandoned {
        link: &link,
        run,
        call: &call,
    };
    let RunSignals {
        mut input,
        mut answers,
        mut cancel,
    } = signals;
    let (mut may_speak, mut stopped, mut ahead) = (true, false, 0);
    let mut pulse = Box::pin(tokio::time::sleep(PULSE));
    while !call.is_done() {
        if call.took_all() {
            ahead = 0;
        }
        let late = call.is_late();
        let room = async {
            match late {
                true => events.reserve().await,
                false => pending().await,
            }
        };
        tokio::select! {
            room = room => match room {
                Ok(room) => link.tell_heard(run, call.pass_late(room)),
                Err(_) => link.tell_heard(run, call.drop_late()),
            },
            () = call.changed.notified() => {}
            _ = cancel.wait_for(|stop| *stop), if !stopped => {
                link.send(&Order::Cancel { run });
                stopped = true;
            }
            () = events.closed(), if !stopped => {
                link.send(&Order::Cancel { run });
                stopped = true;
            }
            line = input.recv(), if may_speak && ahead < AHEAD => {
                let line = line.flatten();
                may_speak = line.is_some();
                ahead += line.as_ref().map_or(0, |line| line.len() + 1);
                link.send(&Order::Input { run, line });
            }
            Some(answer) = answers.recv() => link.send(&Order::Answer { run, answer }),
            () = &mut pulse => {
                link.pulse();
                pulse.as_mut().reset(tokio::time::Instant::now() + PULSE);
            }
        }
    }
}

/// Stops the program when its task is dropped with the runtime it lived in.
struct Abandoned<'a> {
    link: &'a Link,
    run: u32,
    call: &'a Call,
}

impl Drop for Abandoned<'_> {
    fn drop(&mut self) {
        if !self.call.is_done() {
            self.link.send(&Order::Cancel { run: self.run });
            self.link.tell_heard(self.run, self.call.drop_late());
        }
    }
}
