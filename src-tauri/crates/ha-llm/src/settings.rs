//! Every number that decides how the client behaves under trouble, by name.

use std::time::Duration;

/// How long, how often, how much. [`Default`] is what the app uses.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// Name, connection and TLS together.
    pub connect: Duration,
    /// From sending the question to the first word of the reply, thinking included. A service under
    /// load sends comments meanwhile; they are not words.
    pub first_token: Duration,
    /// The longest silence in the middle of a reply. Any byte ends it, a comment too.
    pub idle: Duration,
    /// The whole reply, every try and every wait between tries.
    pub total: Duration,
    /// How often one request is tried, the first time included.
    pub tries: u32,
    /// The wait after the first try; it doubles from try to try. Half of each wait is chance.
    pub back_off: Duration,
    /// The longest wait between two tries. A service that wants a longer one is not asked again.
    pub back_off_most: Duration,
    /// This many failures in a row and the service is left alone.
    pub failures_to_pause: u32,
    /// For this long; then one request may try.
    pub pause: Duration,
    /// Replies on their way at once.
    pub at_once: usize,
    /// How long a further one waits for its turn.
    pub turn: Duration,
    /// Requests in a minute, evenly refilled.
    pub per_minute: u32,
    /// The request as it is sent, in bytes.
    pub request_bytes: usize,
    /// Text, thinking and tool calls of one reply together, in bytes.
    pub reply_bytes: usize,
    /// One event of a stream, and one answer that is not a stream, in bytes.
    pub event_bytes: usize,
    /// How long a shutdown lets replies run to their end before it cancels them.
    pub shutdown: Duration,
}

impl Default for ClientSettings {
    fn default() -> Self {
        ClientSettings {
            connect: Duration::from_secs(10),
            first_token: Duration::from_secs(90),
            idle: Duration::from_secs(45),
            total: Duration::from_secs(600),
            tries: 3,
            back_off: Duration::from_millis(500),
            back_off_most: Duration::from_secs(20),
            failures_to_pause: 5,
            pause: Duration::from_secs(30),
            at_once: 4,
            turn: Duration::from_secs(15),
            per_minute: 60,
            request_bytes: 2 << 20,
            reply_bytes: 4 << 20,
            event_bytes: 1 << 20,
            shutdown: Duration::from_millis(500),
        }
    }
}
