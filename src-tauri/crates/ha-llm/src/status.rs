//! Answers that are errors: a status and what the service said, as one of our errors.

use crate::wire::WireError;
use crate::{LlmError, ServiceWords};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde::Deserialize;
use std::time::Duration;

/// What an answer with an error status is; `body` is its beginning.
pub(crate) fn error(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    key: Option<&str>,
) -> LlmError {
    let said = words(body);
    let words = || ServiceWords::new(&said, key);
    let retry_after = retry_after(headers);
    match status.as_u16() {
        400 if is_too_long(&said) => LlmError::ContextTooLong,
        400 => LlmError::BadRequest(words()),
        401 => LlmError::KeyRefused,
        402 => LlmError::NoBalance,
        403 => LlmError::Forbidden(words()),
        404 | 405 | 301 | 302 | 303 | 307 | 308 => LlmError::NotFound(words()),
        407 => LlmError::ProxyFailed,
        413 => LlmError::ContextTooLong,
        422 => LlmError::InvalidParameters(words()),
        429 => LlmError::RateLimited { retry_after },
        // llama.cpp that was not started for tools: asking again the same way helps nothing.
        500 if is_about_tools(&said) => LlmError::InvalidParameters(words()),
        500 => LlmError::ServiceFault(words()),
        502..=504 => LlmError::Overloaded { retry_after },
        other => LlmError::UnexpectedStatus(other),
    }
}

/// What an error object inside a stream is.
pub(crate) fn in_stream(error: &WireError, key: Option<&str>) -> LlmError {
    let kind = error.kind().to_lowercase();
    let has = |word: &str| kind.contains(word);
    if has("rate_limit") || has("429") {
        LlmError::RateLimited { retry_after: None }
    } else if has("overloaded") || has("unavailable") || has("503") {
        LlmError::Overloaded { retry_after: None }
    } else if has("context_length") || is_too_long(error.message()) {
        LlmError::ContextTooLong
    } else if has("insufficient_balance") || has("insufficient_quota") || has("402") {
        LlmError::NoBalance
    } else if has("authentication") || has("invalid_api_key") || has("401") {
        LlmError::KeyRefused
    } else {
        LlmError::ServiceFault(ServiceWords::new(error.message(), key))
    }
}

fn is_too_long(said: &str) -> bool {
    let said = said.to_lowercase();
    said.contains("maximum context length") || said.contains("exceeds the available context")
}

fn is_about_tools(said: &str) -> bool {
    said.contains("tools param") || said.contains("param: tools")
}

/// The service's words: its error object's message, or the beginning of whatever it said.
fn words(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Answer {
        error: Option<WireError>,
        message: Option<String>,
    }
    let text = String::from_utf8_lossy(body);
    let message = serde_json::from_str::<Answer>(&text)
        .ok()
        .and_then(|answer| {
            let error = answer.error.map(|error| error.message().to_owned());
            error.or(answer.message)
        });
    match message {
        Some(message) => message,
        // A page of HTML helps nobody.
        None if text.trim_start().starts_with('<') => String::new(),
        None => text.into_owned(),
    }
}

/// `Retry-After` in whole or broken seconds. A date is not heeded: our clock may differ from theirs.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    let seconds: f64 = text.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn answer(status: u16, body: &str) -> LlmError {
        let status = StatusCode::from_u16(status).unwrap();
        error(status, &HeaderMap::new(), body.as_bytes(), Some("sk-1"))
    }

    fn check(status: u16, body: &str, name: &str, words: &str) {
        let error = answer(status, body);
        assert_eq!((error.name(), error.words()), (name, words), "{status}");
    }

    #[test]
    fn every_documented_error_of_deepseek_is_one_of_ours() {
        let said = r#"{"error":{"message":"Model Not Exist","type":"invalid_request_error"}}"#;
        check(400, said, "bad_request", "Model Not Exist");
        let tools = r#"{"error":{"code":500,"message":"tools param requires --jinja flag"}}"#;
        check(
            500,
            tools,
            "invalid_parameters",
            "tools param requires --jinja flag",
        );
        check(401, said, "key_refused", "");
        check(402, said, "no_balance", "");
        check(422, said, "invalid_parameters", "Model Not Exist");
        check(429, said, "rate_limited", "");
        check(500, said, "service_fault", "Model Not Exist");
        check(503, said, "overloaded", "");
    }

    #[test]
    fn what_others_answer_is_told_apart() {
        check(302, "", "not_found", "");
        check(403, "no sk-1", "forbidden", "no …");
        check(
            404,
            r#"{"error":"model 'x' not found"}"#,
            "not_found",
            "model 'x' not found",
        );
        check(404, r#"{"message":"gone"}"#, "not_found", "gone");
        check(407, "", "proxy_failed", "");
        check(413, "", "context_too_long", "");
        check(502, "<html>nginx</html>", "overloaded", "");
        check(500, "<html>nginx</html>", "service_fault", "");
        check(418, "", "unexpected_status", "");
        let long =
            r#"{"error":{"message":"This model's maximum context length is 65536 tokens."}}"#;
        check(400, long, "context_too_long", "");
    }

    fn check_retry(value: &str, expected: Option<Duration>) {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, value.parse().unwrap());
        let status = StatusCode::TOO_MANY_REQUESTS;
        let error = error(status, &headers, b"", None);
        assert_eq!(error.retry_after(), expected, "{value}");
    }

    #[test]
    fn retry_after_is_read_in_seconds() {
        check_retry("7", Some(Duration::from_secs(7)));
        check_retry("0.5", Some(Duration::from_millis(500)));
        check_retry("-1", None);
        check_retry("Wed, 21 Oct 2026 07:28:00 GMT", None);
        check_retry("1e300", None);
    }
}
