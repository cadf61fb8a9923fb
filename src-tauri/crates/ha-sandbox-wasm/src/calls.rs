//! Calls of a program to its host, and the time it spends waiting for the answers.
//!
//! The engine numbers the calls and hands the answers over in their order; who waits for which is the
//! guest's business.

use crate::lock;
use ha_sandbox::{HostAnswer, Limits};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

/// The calls of one run.
pub(crate) struct Calls {
    last: u32,
    /// Those whose last answer was not read yet.
    open: HashSet<u32>,
    /// None while there is no program.
    answers: Option<mpsc::UnboundedReceiver<HostAnswer>>,
    waiting: Waiting,
}

impl Calls {
    /// Of an interpreter without a program.
    pub fn none() -> Calls {
        Calls {
            last: 0,
            open: HashSet::new(),
            answers: None,
            waiting: Waiting::default(),
        }
    }

    /// Of a run.
    pub fn new(answers: mpsc::UnboundedReceiver<HostAnswer>, waiting: Waiting) -> Calls {
        Calls {
            answers: Some(answers),
            waiting,
            ..Calls::none()
        }
    }

    /// The number of a new call.
    pub fn begin(&mut self) -> u32 {
        self.last += 1;
        self.open.insert(self.last);
        self.last
    }

    /// The next piece of any answer. None when `patience` is over, and when none can come.
    pub async fn next(&mut self, patience: Option<Duration>) -> Option<HostAnswer> {
        let answers = self.answers.as_mut().filter(|_| !self.open.is_empty())?;
        let _waits = self.waiting.begin();
        let open = &mut self.open;
        let next = async {
            loop {
                let answer = answers.recv().await?;
                let is_known = match answer.is_last {
                    true => open.remove(&answer.id),
                    false => open.contains(&answer.id),
                };
                if is_known {
                    return Some(answer);
                }
            }
        };
        match patience {
            Some(patience) => timeout(patience, next).await.ok().flatten(),
            None => next.await,
        }
    }
}

/// How long a run has waited for its host. Clones are the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Waiting(Arc<Mutex<Waited>>);

#[derive(Debug, Default)]
struct Waited {
    before: Duration,
    since: Option<Instant>,
}

impl Waiting {
    /// All together until `now`, at most [`Limits::MAX_WAITING`].
    pub fn until(&self, now: Instant) -> Duration {
        let waited = lock(&self.0);
        let present = waited
            .since
            .map(|since| now.saturating_duration_since(since));
        (waited.before + present.unwrap_or_default()).min(Limits::MAX_WAITING)
    }

    /// Resolves when a run that began at `start` has used up its time, `wall`.
    pub async fn used_up(&self, start: Instant, wall: Duration) {
        loop {
            let due = start + wall + self.until(Instant::now());
            if due <= Instant::now() {
                return;
            }
            sleep_until(due).await;
        }
    }

    fn begin(&self) -> Waits {
        lock(&self.0).since = Some(Instant::now());
        Waits(self.clone())
    }
}

/// A wait that goes on. It is over also when the program is stopped in the middle of it.
struct Waits(Waiting);

impl Drop for Waits {
    fn drop(&mut self) {
        let mut waited = lock(&self.0.0);
        if let Some(since) = waited.since.take() {
            waited.before += since.elapsed();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn answer(id: u32, text: &str, is_last: bool) -> HostAnswer {
        let text = text.into();
        HostAnswer { id, text, is_last }
    }

    #[tokio::test(start_paused = true)]
    async fn answers_come_in_their_order_and_nothing_comes_unasked() {
        let (host, answers) = mpsc::unbounded_channel();
        let mut calls = Calls::new(answers, Waiting::default());
        assert_eq!(calls.next(None).await, None, "nothing was asked");
        let (first, second) = (calls.begin(), calls.begin());
        assert_eq!(calls.next(Some(SECOND)).await, None);
        let expected = [
            answer(second, "a", false),
            answer(first, "b", true),
            answer(second, "c", true),
        ];
        for piece in [&expected[..1], &[answer(9, "x", true)], &expected[1..]].concat() {
            host.send(piece).ok();
        }
        host.send(answer(first, "again", true)).ok();
        for piece in expected {
            assert_eq!(calls.next(None).await, Some(piece));
        }
        assert_eq!(calls.next(None).await, None, "all are answered");
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_is_not_counted_and_everything_else_is() {
        let (_host, answers) = mpsc::unbounded_channel();
        let waiting = Waiting::default();
        let mut calls = Calls::new(answers, waiting.clone());
        let start = Instant::now();
        let program = async {
            calls.begin();
            tokio::time::sleep(SECOND).await;
            calls.next(Some(30 * SECOND)).await;
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = program => {}
            () = waiting.used_up(start, 3 * SECOND) => {}
        }
        assert_eq!(start.elapsed(), 33 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_never_answers_keeps_no_program_for_ever() {
        let (_host, answers) = mpsc::unbounded_channel();
        let waiting = Waiting::default();
        let mut calls = Calls::new(answers, waiting.clone());
        let start = Instant::now();
        calls.begin();
        tokio::select! {
            _ = calls.next(None) => {}
            () = waiting.used_up(start, SECOND) => {}
        }
        assert_eq!(start.elapsed(), Limits::MAX_WAITING + SECOND);
    }
}
