//! Carries events from where they happen to the window, in batches: the first at once, then at
//! most one batch per frame, because the window's channel has no back-pressure of its own.

use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

/// Takes batches of events, in order. Called from a background task; must not block.
pub type Sink<E> = Box<dyn Fn(Vec<E>) + Send + Sync>;

/// One frame of a 60 Hz screen.
const FRAME: Duration = Duration::from_millis(16);
/// A batch this large is sent before its frame is over.
const BATCH_BYTES: usize = 64 * 1024;

/// An event that can be batched.
pub(crate) trait StreamEvent: Sized + Send + 'static {
    /// Bytes of text in it.
    fn weight(&self) -> usize;
    /// Whether it is the last one.
    fn is_terminal(&self) -> bool;
    /// Joins `next` into `self` when both are text of the same kind; gives it back otherwise.
    fn merge(&mut self, next: Self) -> Option<Self>;
}

/// Forwards events until the terminal one or until the sender is gone.
pub(crate) async fn forward<E: StreamEvent>(mut events: mpsc::Receiver<E>, sink: Sink<E>) {
    let mut next_frame = Instant::now();
    while let Some(first) = events.recv().await {
        let mut weight = first.weight();
        let mut terminal = first.is_terminal();
        let mut batch = vec![first];
        while !terminal && weight < BATCH_BYTES {
            let event = tokio::select! {
                biased;
                event = events.recv() => match event {
                    Some(event) => event,
                    None => break,
                },
                () = sleep_until(next_frame) => break,
            };
            weight += event.weight();
            terminal = event.is_terminal();
            push(&mut batch, event);
        }
        sink(batch);
        if terminal {
            return;
        }
        next_frame = Instant::now() + FRAME;
    }
}

fn push<E: StreamEvent>(batch: &mut Vec<E>, event: E) {
    let left = match batch.last_mut() {
        Some(last) => last.merge(event),
        None => Some(event),
    };
    batch.extend(left);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Debug, PartialEq, Clone)]
    enum Event {
        Text(String),
        End,
    }

    impl StreamEvent for Event {
        fn weight(&self) -> usize {
            match self {
                Event::Text(text) => text.len(),
                Event::End => 0,
            }
        }
        fn is_terminal(&self) -> bool {
            *self == Event::End
        }
        fn merge(&mut self, next: Self) -> Option<Self> {
            match (self, next) {
                (Event::Text(text), Event::Text(more)) => {
                    text.push_str(&more);
                    None
                }
                (_, next) => Some(next),
            }
        }
    }

    fn text(text: &str) -> Event {
        Event::Text(text.into())
    }

    async fn batches(send: impl AsyncFnOnce(mpsc::Sender<Event>)) -> Vec<Vec<Event>> {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let keep = seen.clone();
        let (sender, receiver) = mpsc::channel(1024);
        let sink = Box::new(move |batch| keep.lock().unwrap().push(batch));
        let forwarding = tokio::spawn(forward(receiver, sink));
        send(sender).await;
        forwarding.await.unwrap();
        Arc::into_inner(seen).unwrap().into_inner().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_event_does_not_wait_for_a_frame() {
        let began = Instant::now();
        let (sender, receiver) = mpsc::channel(8);
        let (seen, mut arrived) = mpsc::unbounded_channel();
        let sink = Box::new(move |batch: Vec<Event>| {
            seen.send((batch, began.elapsed())).unwrap();
        });
        let forwarding = tokio::spawn(forward(receiver, sink));
        sender.send(text("a")).await.unwrap();
        let (batch, after) = arrived.recv().await.unwrap();
        assert_eq!(batch, [text("a")]);
        assert!(after < Duration::from_millis(2), "{after:?}");
        sender.send(Event::End).await.unwrap();
        forwarding.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_becomes_few_batches_and_keeps_every_byte() {
        let got = batches(async |sender| {
            for _ in 0..1000 {
                sender.send(text("line\n")).await.unwrap();
            }
            sender.send(Event::End).await.unwrap();
        })
        .await;
        assert!(got.len() <= 4, "{} batches", got.len());
        let all: Vec<Event> = got.concat();
        let length: usize = all.iter().map(StreamEvent::weight).sum();
        assert_eq!(length, 5000);
        assert_eq!(all.last(), Some(&Event::End));
    }

    #[tokio::test(start_paused = true)]
    async fn the_terminal_event_is_sent_at_once() {
        let began = Instant::now();
        let got = batches(async |sender| {
            sender.send(text("a")).await.unwrap();
            sender.send(Event::End).await.unwrap();
        })
        .await;
        assert_eq!(got.concat(), [text("a"), Event::End]);
        assert!(began.elapsed() <= FRAME);
    }

    #[tokio::test(start_paused = true)]
    async fn a_sender_that_vanishes_ends_the_forwarding() {
        let got = batches(async |sender| sender.send(text("a")).await.unwrap()).await;
        assert_eq!(got, [[text("a")]]);
    }
}
