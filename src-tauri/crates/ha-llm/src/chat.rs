//! A reply on its way: what comes, how it ends, and how to stop it.

use crate::{LlmError, ToolCall};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// A reply on its way. Dropping `events` cancels it and closes its connection.
#[derive(Debug)]
pub struct Chat {
    /// Exactly one [`ChatEvent::Finished`] or [`ChatEvent::Failed`], and it is the last. A stream
    /// that ends without one is a fault of ours. Bounded: the connection waits when nobody reads.
    pub events: mpsc::Receiver<ChatEvent>,
    /// Cheap to clone.
    pub control: ChatControl,
}

/// Stops a reply.
#[derive(Debug, Clone)]
pub struct ChatControl {
    pub(crate) cancel: CancellationToken,
}

impl ChatControl {
    /// Closes the connection at once; `Finished` with [`Finish::Cancelled`] follows. Harmless after
    /// the end.
    pub fn cancel(&self) {
        self.cancel.cancel();
    }
}

/// What happens to a request. Words are real as soon as they are said, whatever comes after.
#[derive(Clone, PartialEq)]
pub enum ChatEvent {
    /// A try failed before any word came; the next one begins after a wait.
    Retrying {
        /// The try that failed, from 1.
        attempt: u32,
        /// Until the next one.
        wait: Duration,
        /// Why.
        error: LlmError,
    },
    /// The service took the request and answers; the first word is still to come.
    Started,
    /// A piece of what the model thinks.
    Thinking(String),
    /// A piece of what it says.
    Delta(String),
    /// A call that it asks for, complete.
    ToolCall(ToolCall),
    /// What the reply cost in tokens, if the service says so. Comes once, before the end.
    Usage(Usage),
    /// The end, and all is well.
    Finished(ChatReport),
    /// The end, and it is not.
    Failed(LlmError),
}

impl ChatEvent {
    /// Whether nothing comes after it.
    pub fn is_terminal(&self) -> bool {
        matches!(self, ChatEvent::Finished(_) | ChatEvent::Failed(_))
    }
}

impl std::fmt::Debug for ChatEvent {
    /// Sizes instead of words.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ChatEvent::Retrying {
                attempt,
                wait,
                error,
            } => {
                write!(formatter, "Retrying({attempt}, {wait:?}, {error:?})")
            }
            ChatEvent::Started => formatter.write_str("Started"),
            ChatEvent::Thinking(text) => write!(formatter, "Thinking({} bytes)", text.len()),
            ChatEvent::Delta(text) => write!(formatter, "Delta({} bytes)", text.len()),
            ChatEvent::ToolCall(call) => write!(formatter, "{call:?}"),
            ChatEvent::Usage(usage) => write!(formatter, "{usage:?}"),
            ChatEvent::Finished(report) => write!(formatter, "Finished({report:?})"),
            ChatEvent::Failed(error) => write!(formatter, "Failed({error:?})"),
        }
    }
}

/// How a reply ended that did not fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatReport {
    /// Why it ended.
    pub finish: Finish,
    /// The model that answered, in the service's words; empty when it did not say.
    pub model: String,
    /// The service's name of this request, for its support; empty when it did not say.
    pub request_id: String,
    /// Tokens, if the service counted them.
    pub usage: Option<Usage>,
    /// From the start of the try that succeeded to its first word; none when no word came.
    pub first_token: Option<Duration>,
    /// From the call to the end, every try and wait included.
    pub duration: Duration,
    /// Tries it took, from 1.
    pub attempts: u32,
}

/// Why a reply ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Finish {
    /// The model was done.
    Stop,
    /// The token limit was reached: the reply is not whole.
    Length,
    /// It waits for the answers of tools.
    ToolCalls,
    /// The service held words back.
    ContentFilter,
    /// We stopped it.
    Cancelled,
    /// A reason that the protocol does not have.
    Other,
}

/// Tokens of a request and its reply. `input` is `cached` + what was new.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// All that was sent.
    pub input: u64,
    /// The part of it that the service had in its cache.
    pub cached: u64,
    /// All that came, thinking included.
    pub output: u64,
    /// The part of it that was thinking.
    pub thinking: u64,
}
