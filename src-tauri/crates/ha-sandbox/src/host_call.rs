//! Calls a program makes to whoever started it: how an agent in a sandbox without a network reaches a
//! model. The engine carries them and knows nothing of what they ask.

use serde::{Deserialize, Serialize};

/// What a program asks of its host. Text of the program: whoever answers it trusts nothing in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostCall {
    /// Names the call within its run; the answers bear it.
    pub id: u32,
    /// A JSON document, at most [`HostCall::MAX_BYTES`].
    pub request: String,
}

impl HostCall {
    /// Bytes of one request, and of one piece of an answer. A larger request is an error inside the
    /// program. A conversation that fills a model's window of 128,000 tokens is half of it.
    pub const MAX_BYTES: usize = 1 << 20;
}

impl HostCall {
    /// The answer of a host that has none, so that no program waits for it.
    pub fn unanswered(&self) -> HostAnswer {
        HostAnswer {
            id: self.id,
            text: r#"{"error":{"code":"unanswered","message":"nobody answers calls of this program"}}"#
                .into(),
            is_last: true,
        }
    }
}

/// A piece of the answer to a call. A call that is streamed has several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostAnswer {
    /// The call's.
    pub id: u32,
    /// A JSON document.
    pub text: String,
    /// Whether nothing more follows.
    pub is_last: bool,
}
