//! What can go wrong between us and a service. One variant for everything a caller acts on.
//!
//! [`std::fmt::Display`] of an error is English, safe to log and to show: it holds no key, no prompt
//! and nothing the service said. What the service said is in [`ServiceWords`], for the learner only.

use std::fmt;
use std::time::Duration;

/// Why an answer did not come, or not whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LlmError {
    /// An address, a proxy or a certificate in the settings cannot be used.
    #[error("the settings cannot be used: {0}")]
    BadSettings(&'static str),
    /// This service wants a key and there is none.
    #[error("this service needs a key")]
    NoKey,
    /// The key would cross a network unencrypted. Nothing was sent.
    #[error("a key is sent to another machine over https only")]
    KeyInTheClear,
    /// The request is larger than [`crate::ClientSettings::request_bytes`]. Nothing was sent.
    #[error("the request has {bytes} bytes, at most {limit} are sent")]
    RequestTooLarge {
        /// Its size as it would be sent.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// Our own rate limit. Nothing was sent.
    #[error("too many questions in a short time; the next one may go in {} s", .retry_after.as_secs())]
    TooFast {
        /// When the next request may go.
        retry_after: Duration,
    },
    /// As many answers as allowed are on their way, and none ended in time. Nothing was sent.
    #[error("too many answers are on their way")]
    TooManyAtOnce,
    /// The service failed again and again and is left alone for a while. Nothing was sent.
    #[error("the service failed repeatedly; it is asked again in {} s", .retry_after.as_secs())]
    Paused {
        /// When it is asked again.
        retry_after: Duration,
    },
    /// The app is closing.
    #[error("the app is closing")]
    ShuttingDown,

    /// 400: the service cannot read the request.
    #[error("the service cannot read the request (400)")]
    BadRequest(ServiceWords),
    /// 401: the key is wrong.
    #[error("the service refused the key (401)")]
    KeyRefused,
    /// 402: the account has no money left.
    #[error("the account has no balance left (402)")]
    NoBalance,
    /// 403: the service does not serve this account or place.
    #[error("the service does not allow this (403)")]
    Forbidden(ServiceWords),
    /// 404 or a redirect: no such address or no such model there.
    #[error("the address or the model is not known there (404)")]
    NotFound(ServiceWords),
    /// 413, or 400 that says so: more text than the model takes.
    #[error("the conversation is longer than the model takes")]
    ContextTooLong,
    /// 422: a parameter is outside what the service takes.
    #[error("the service does not take a parameter of the request (422)")]
    InvalidParameters(ServiceWords),
    /// 429: the service asks us to slow down.
    #[error("the service is asked too often (429)")]
    RateLimited {
        /// How long it wants to be left alone, if it said so.
        retry_after: Option<Duration>,
    },
    /// 500, or an error object inside a reply that says nothing better.
    #[error("the service has a fault of its own (500)")]
    ServiceFault(ServiceWords),
    /// 502, 503 or 504: too many people ask it.
    #[error("the service is overloaded (503)")]
    Overloaded {
        /// How long it wants to be left alone, if it said so.
        retry_after: Option<Duration>,
    },
    /// A status that the protocol does not have.
    #[error("the service answered with status {0}")]
    UnexpectedStatus(u16),

    /// No connection: no network, no such host, nothing listens there.
    #[error("the service cannot be reached")]
    Unreachable,
    /// The other end is not who the address says, or this machine trusts nobody.
    #[error("the connection cannot be trusted (TLS)")]
    Untrusted,
    /// The proxy did not let us through.
    #[error("the proxy cannot be used")]
    ProxyFailed,
    /// It took too long.
    #[error("no answer in time ({})", .0.name())]
    TimedOut(Phase),
    /// The reply ended before it was complete. What came until then is real.
    #[error("the reply was cut off")]
    Cut,
    /// What came is not a reply of this protocol.
    #[error("the reply cannot be understood: {0}")]
    Malformed(&'static str),
    /// The reply is larger than we read. What came until then is real.
    #[error("the reply is larger than {limit} bytes")]
    ReplyTooLarge {
        /// The limit.
        limit: usize,
    },
}

/// Which wait was too long; see [`crate::ClientSettings`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Name, connection and TLS.
    Connect,
    /// From sending the question to the first word.
    FirstToken,
    /// Silence in the middle of a reply.
    Idle,
    /// The whole reply.
    Total,
}

/// What a service said about an error: at most 500 characters in one line, without our key.
///
/// It may repeat parts of a prompt, so it is shown to the learner and never logged: its `Debug`
/// tells the length alone.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ServiceWords(String);

/// Characters that are kept of what a service says.
const WORDS: usize = 500;

impl LlmError {
    /// A stable name, for logs, the command line and tables of words.
    pub fn name(&self) -> &'static str {
        match self {
            LlmError::BadSettings(_) => "bad_settings",
            LlmError::NoKey => "no_key",
            LlmError::KeyInTheClear => "key_in_the_clear",
            LlmError::RequestTooLarge { .. } => "request_too_large",
            LlmError::TooFast { .. } => "too_fast",
            LlmError::TooManyAtOnce => "too_many_at_once",
            LlmError::Paused { .. } => "paused",
            LlmError::ShuttingDown => "shutting_down",
            LlmError::BadRequest(_) => "bad_request",
            LlmError::KeyRefused => "key_refused",
            LlmError::NoBalance => "no_balance",
            LlmError::Forbidden(_) => "forbidden",
            LlmError::NotFound(_) => "not_found",
            LlmError::ContextTooLong => "context_too_long",
            LlmError::InvalidParameters(_) => "invalid_parameters",
            LlmError::RateLimited { .. } => "rate_limited",
            LlmError::ServiceFault(_) => "service_fault",
            LlmError::Overloaded { .. } => "overloaded",
            LlmError::UnexpectedStatus(_) => "unexpected_status",
            LlmError::Unreachable => "unreachable",
            LlmError::Untrusted => "untrusted",
            LlmError::ProxyFailed => "proxy_failed",
            LlmError::TimedOut(Phase::Connect) => "connect_timed_out",
            LlmError::TimedOut(Phase::FirstToken) => "first_token_timed_out",
            LlmError::TimedOut(Phase::Idle) => "idle_timed_out",
            LlmError::TimedOut(Phase::Total) => "total_timed_out",
            LlmError::Cut => "cut",
            LlmError::Malformed(_) => "malformed",
            LlmError::ReplyTooLarge { .. } => "reply_too_large",
        }
    }

    /// What the service said, for the learner; empty when it said nothing.
    pub fn words(&self) -> &str {
        match self {
            LlmError::BadRequest(words)
            | LlmError::Forbidden(words)
            | LlmError::NotFound(words)
            | LlmError::InvalidParameters(words)
            | LlmError::ServiceFault(words) => words.as_str(),
            _ => "",
        }
    }

    /// How long to wait before asking again has a chance, if that is known.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            LlmError::TooFast { retry_after } | LlmError::Paused { retry_after } => {
                Some(*retry_after)
            }
            LlmError::RateLimited { retry_after } | LlmError::Overloaded { retry_after } => {
                *retry_after
            }
            _ => None,
        }
    }

    /// Whether the service seems to say that it cannot do with the tools of a request: a model that
    /// knows none, a server that was not started for them, or one that wants the thinking beside
    /// each answer of the history once there are tools. A guess from its words, as no code says it.
    pub fn refuses_tools(&self) -> bool {
        let words = match self {
            LlmError::BadRequest(words)
            | LlmError::InvalidParameters(words)
            | LlmError::NotFound(words) => words.as_str().to_lowercase(),
            _ => return false,
        };
        ["tool", "function call", "reasoning_content"]
            .iter()
            .any(|word| words.contains(word))
    }

    /// Whether the same request may succeed a moment later, as long as nothing of the reply came.
    pub(crate) fn may_pass(&self) -> bool {
        matches!(
            self,
            LlmError::RateLimited { .. }
                | LlmError::ServiceFault(_)
                | LlmError::Overloaded { .. }
                | LlmError::Unreachable
                | LlmError::TimedOut(Phase::Connect)
                | LlmError::Cut
        )
    }

    /// Whether it says that the service is unwell. A refused key says that it is well.
    pub(crate) fn is_an_outage(&self) -> bool {
        match self {
            LlmError::ServiceFault(_)
            | LlmError::Overloaded { .. }
            | LlmError::Unreachable
            | LlmError::TimedOut(_)
            | LlmError::Cut
            | LlmError::Malformed(_) => true,
            LlmError::UnexpectedStatus(status) => *status >= 500,
            _ => false,
        }
    }
}

impl Phase {
    fn name(self) -> &'static str {
        match self {
            Phase::Connect => "connecting",
            Phase::FirstToken => "waiting for the first word",
            Phase::Idle => "silence in the middle",
            Phase::Total => "the whole reply",
        }
    }
}

impl ServiceWords {
    /// Keeps what may be shown of `text`; `key` is taken out wherever it stands.
    pub(crate) fn new(text: &str, key: Option<&str>) -> ServiceWords {
        let text = match key {
            Some(key) if !key.is_empty() => text.replace(key, "…"),
            _ => text.to_owned(),
        };
        let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let shown = one_line.chars().filter(|sign| !sign.is_control());
        ServiceWords(shown.take(WORDS).collect())
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ServiceWords {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(said: &str, key: Option<&str>, expected: &str) {
        assert_eq!(ServiceWords::new(said, key).as_str(), expected);
    }

    #[test]
    fn words_of_a_service_are_one_line_and_bounded() {
        check("Model\n  Not\tExist\u{7}", None, "Model Not Exist");
        check(&"字".repeat(900), None, &"字".repeat(WORDS));
    }

    #[test]
    fn the_key_is_taken_out_of_what_a_service_says() {
        check("bad key sk-1: sk-1", Some("sk-1"), "bad key …: …");
        check("nothing", Some(""), "nothing");
    }

    fn check_tools(error: fn(ServiceWords) -> LlmError, said: &str, expected: bool) {
        assert_eq!(
            error(ServiceWords::new(said, None)).refuses_tools(),
            expected,
            "{said}"
        );
    }

    #[test]
    fn a_service_that_cannot_do_with_tools_is_understood() {
        let ollama = "registry.ollama.ai/library/gemma:2b does not support tools";
        check_tools(LlmError::BadRequest, ollama, true);
        check_tools(
            LlmError::InvalidParameters,
            "Extra inputs: body.tools",
            true,
        );
        check_tools(
            LlmError::NotFound,
            "No endpoints found that support Tool use",
            true,
        );
        check_tools(LlmError::BadRequest, "Model Not Exist", false);
        check_tools(LlmError::ServiceFault, "the tool crashed", false);
        assert!(!LlmError::NoBalance.refuses_tools());
    }

    #[test]
    fn neither_display_nor_debug_repeats_the_service() {
        let error = LlmError::BadRequest(ServiceWords::new("your prompt was: secret", None));
        assert!(!format!("{error} {error:?}").contains("secret"));
        assert_eq!(error.words(), "your prompt was: secret");
    }
}
