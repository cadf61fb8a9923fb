//! One request from the window or the command line: its id, its span in the log, its time.

use crate::wire::Language;
use crate::{ApiError, ErrorCode};
use ha_course::Words;
use std::time::{Duration, Instant};
use tracing::Instrument;

/// Slower than this is worth a warning in the log.
const SLOW: Duration = Duration::from_secs(1);

tokio::task_local! {
    static REQUEST_ID: String;
}

/// Runs one use case under a fresh request id, logs it, and warns when it was slow. `name` is the
/// command's name; nothing the learner wrote goes into the log.
pub async fn request<T>(name: &'static str, work: impl Future<Output = T>) -> T {
    let id = uuid::Uuid::new_v4().simple().to_string();
    let span = tracing::info_span!("request", name, id);
    let timed = async {
        let began = Instant::now();
        let answer = work.await;
        let took = began.elapsed();
        let ms = took.as_secs_f64() * 1e3;
        if took > SLOW {
            tracing::warn!(ms, "slow request");
        } else {
            tracing::debug!(ms, "done");
        }
        answer
    };
    REQUEST_ID.scope(id, timed.instrument(span)).await
}

/// The id of the request this task works for, or a fresh one outside of any.
fn current_id() -> String {
    REQUEST_ID
        .try_with(Clone::clone)
        .unwrap_or_else(|_| uuid::Uuid::new_v4().simple().to_string())
}

impl ApiError {
    /// An error of the current request, written to the log as it is made.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> ApiError {
        let error = ApiError {
            code,
            message: message.into(),
            message_zh: None,
            request_id: current_id(),
        };
        tracing::warn!(code = ?error.code, request = error.request_id, "{}", error.message);
        error
    }

    /// An error that says in both languages what happened.
    pub fn said(code: ErrorCode, words: Words) -> ApiError {
        ApiError {
            message_zh: Some(words.zh),
            ..ApiError::new(code, words.en)
        }
    }

    /// The message in a language, as far as it is there.
    pub fn message_in(&self, language: Language) -> &str {
        match (language, &self.message_zh) {
            (Language::Zh, Some(message)) => message,
            _ => &self.message,
        }
    }

    /// For what the request itself got wrong.
    pub(crate) fn invalid(message: impl Into<String>) -> ApiError {
        ApiError::new(ErrorCode::InvalidRequest, message)
    }
}
