//! One request from its first try to its terminal event.
//!
//! ```text
//! turn ─▶ try ─ failed before a word, and may pass? ─ Retrying, wait ─▶ try …
//!           │                                                          │
//!           └──────────────── Finished | Failed ◀──────────────────────┘
//! ```

use crate::attempt::{Attempt, Sleep, Stop, Tried};
use crate::breaker::Pass;
use crate::client::Inner;
use crate::limits::back_off;
use crate::reply::Reply;
use crate::{ChatEvent, ChatReport, Finish, LlmError, Phase};
use reqwest::Response;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{SemaphorePermit, mpsc};
use tokio_util::sync::CancellationToken;

/// After the end, the rest of the connection may take this long to be read.
const DRAIN: Duration = Duration::from_millis(250);

/// A request on its way.
pub(crate) struct Asked {
    pub(crate) inner: Arc<Inner>,
    /// For the log.
    pub(crate) model: String,
    pub(crate) start: Instant,
}

impl Asked {
    /// Answers it. Ends when the reply has, or soon after `cancel` or the reader's going.
    pub(crate) async fn answer(
        self,
        body: Vec<u8>,
        pass: Pass,
        events: mpsc::Sender<ChatEvent>,
        cancel: CancellationToken,
    ) {
        // The place of the last event is kept free, so that a reader who fell behind delays nothing.
        let Ok(last) = events.clone().try_reserve_owned() else {
            return;
        };
        let (mut tried, tries) = self.try_often(body, pass, &events, &cancel).await;
        let rest = tried.rest.take();
        let terminal = self.terminal(tried, tries, &events, &cancel).await;
        last.send(terminal);
        drop(events);
        if let Some(rest) = rest {
            self.drain(rest, &cancel).await;
        }
    }

    /// Says what is left to say and makes the last event.
    async fn terminal(
        &self,
        tried: Tried,
        tries: u32,
        events: &mpsc::Sender<ChatEvent>,
        cancel: &CancellationToken,
    ) -> ChatEvent {
        let Tried {
            end,
            mut reply,
            first_token,
            request_id,
            ..
        } = tried;
        let duration = self.inner.around.clock.now() - self.start;
        let finish = match end {
            Ok(()) => {
                let mut left = reply.calls();
                left.extend(reply.usage.map(ChatEvent::Usage));
                let said = say_all(left, events, cancel).await;
                said.map_or(Finish::Cancelled, |()| {
                    reply.finish.unwrap_or(Finish::Other)
                })
            }
            Err(Stop::Cancelled) => Finish::Cancelled,
            Err(Stop::Failed(error)) => {
                self.log_failure(&error, tries, first_token, duration);
                return ChatEvent::Failed(error);
            }
        };
        let report = ChatReport {
            finish,
            model: reply.model,
            request_id: match request_id.is_empty() {
                true => reply.id,
                false => request_id,
            },
            usage: reply.usage,
            first_token,
            duration,
            attempts: tries,
        };
        self.log(&report);
        ChatEvent::Finished(report)
    }

    /// Tries until it works, cannot work, or was tried often enough.
    async fn try_often(
        &self,
        body: Vec<u8>,
        pass: Pass,
        events: &mpsc::Sender<ChatEvent>,
        cancel: &CancellationToken,
    ) -> (Tried, u32) {
        let inner = &*self.inner;
        let mut total = inner.around.clock.sleep(inner.settings.total);
        let mut attempt = Attempt {
            inner,
            events,
            cancel,
            total: &mut total,
        };
        let _turn = match self.turn(&mut attempt).await {
            Ok(turn) => turn,
            Err(stop) => return (Tried::stopped(stop), 1),
        };
        let mut pass = Some(pass);
        let mut tries = 1;
        loop {
            let tried = attempt.run(body.clone()).await;
            self.judge(pass.take(), &tried.end);
            let Err(Stop::Failed(error)) = &tried.end else {
                return (tried, tries);
            };
            let wait = self.wait_before_next(error, tries);
            let (Some(wait), false) = (wait, tried.reply.spoke) else {
                return (tried, tries);
            };
            // The breaker may have opened over this very failure.
            let Ok(next) = inner.breaker.pass(inner.around.clock.now()) else {
                return (tried, tries);
            };
            pass = Some(next);
            if let Err(stop) = self.pause(&mut attempt, error, tries, wait).await {
                return (Tried::stopped(stop), tries);
            }
            tries += 1;
        }
    }

    /// Waits until fewer than [`crate::ClientSettings::at_once`] are on their way.
    async fn turn(&self, attempt: &mut Attempt<'_>) -> Result<SemaphorePermit<'_>, Stop> {
        let mut patience = self.inner.around.clock.sleep(self.inner.settings.turn);
        let turn = self.inner.turns.acquire();
        match attempt.wait(turn, &mut patience, Phase::Idle).await {
            Ok(turn) => turn.map_err(|_| LlmError::ShuttingDown.into()),
            Err(Stop::Failed(_)) => Err(LlmError::TooManyAtOnce.into()),
            Err(Stop::Cancelled) => Err(Stop::Cancelled),
        }
    }

    /// Says that there will be another try, and waits for it.
    async fn pause(
        &self,
        attempt: &mut Attempt<'_>,
        error: &LlmError,
        tries: u32,
        wait: Duration,
    ) -> Result<(), Stop> {
        tracing::info!(
            error = error.name(),
            tries,
            ?wait,
            "asking the service again"
        );
        let retrying = ChatEvent::Retrying {
            attempt: tries,
            wait,
            error: error.clone(),
        };
        attempt.say(retrying).await?;
        let mut never: Sleep = Box::pin(std::future::pending());
        let sleep = self.inner.around.clock.sleep(wait);
        attempt.wait(sleep, &mut never, Phase::Total).await
    }

    /// How long to wait before the next try; none when there is no next try.
    fn wait_before_next(&self, error: &LlmError, tries: u32) -> Option<Duration> {
        let settings = &self.inner.settings;
        if !error.may_pass() || tries >= settings.tries {
            return None;
        }
        match error.retry_after() {
            Some(wanted) if wanted > settings.back_off_most => None,
            Some(wanted) => Some(wanted),
            None => Some(back_off(settings, tries, (self.inner.around.chance)())),
        }
    }

    fn judge(&self, pass: Option<Pass>, end: &Result<(), Stop>) {
        let Some(pass) = pass else { return };
        match end {
            Ok(()) => pass.well(),
            Err(Stop::Failed(error)) if error.is_an_outage() => {
                pass.failed(self.inner.around.clock.now());
            }
            Err(Stop::Failed(_)) => pass.well(),
            // Somebody changed their mind; that says nothing about the service.
            Err(Stop::Cancelled) => drop(pass),
        }
    }

    /// Reads what follows the end, which is next to nothing, so that the connection can be used
    /// again. One that has more to say is closed.
    async fn drain(&self, mut rest: Response, cancel: &CancellationToken) {
        let limit = self.inner.around.clock.sleep(DRAIN);
        tokio::select! {
            () = cancel.cancelled() => {}
            () = limit => {}
            _ = rest.chunk() => {}
        }
    }

    fn log(&self, report: &ChatReport) {
        let usage = report.usage.unwrap_or_default();
        tracing::info!(
            provider = self.inner.endpoint.provider().id(),
            model = self.model,
            finish = ?report.finish,
            tries = report.attempts,
            first_token = ?report.first_token,
            duration = ?report.duration,
            input = usage.input,
            cached = usage.cached,
            output = usage.output,
            "a reply ended"
        );
    }

    fn log_failure(&self, error: &LlmError, tries: u32, first: Option<Duration>, took: Duration) {
        tracing::warn!(
            provider = self.inner.endpoint.provider().id(),
            model = self.model,
            error = error.name(),
            tries,
            first_token = ?first,
            duration = ?took,
            "a reply failed"
        );
    }
}

impl Tried {
    /// A try that never began.
    fn stopped(stop: Stop) -> Tried {
        Tried {
            end: Err(stop),
            reply: Reply::new(0),
            first_token: None,
            request_id: String::new(),
            rest: None,
        }
    }
}

async fn say_all(
    left: Vec<ChatEvent>,
    events: &mpsc::Sender<ChatEvent>,
    cancel: &CancellationToken,
) -> Option<()> {
    for event in left {
        tokio::select! {
            biased;
            () = cancel.cancelled() => return None,
            sent = events.send(event) => sent.ok()?,
        }
    }
    Some(())
}
