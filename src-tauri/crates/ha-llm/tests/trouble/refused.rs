//! Requests that are answered with an error, for good or for a while.

use crate::case::{BACK_OFF, Case, bad, error_event, raw, recovers, stays, well};
use ha_testkit::fake_chat::{Answer, Cut, Framing, Step};
use std::time::Duration;

/// Errors that are told by a status and are not tried again.
pub fn statuses() -> Vec<Case> {
    let long = "This model's maximum context length is 65536 tokens.";
    vec![
        bad(
            "status_400",
            Answer::error(400, "Model Not Exist"),
            "bad_request",
        ),
        bad(
            "status_400_too_long",
            Answer::error(400, long),
            "context_too_long",
        ),
        bad(
            "status_401",
            Answer::error(401, "no such key"),
            "key_refused",
        ),
        bad(
            "status_402",
            Answer::error(402, "Insufficient Balance"),
            "no_balance",
        ),
        bad("status_403", Answer::error(403, "not here"), "forbidden"),
        bad(
            "status_404",
            Answer::error(404, "no such model"),
            "not_found",
        ),
        bad(
            "status_413",
            Answer::error(413, "too much"),
            "context_too_long",
        ),
        bad(
            "status_422",
            Answer::error(422, "temperature"),
            "invalid_parameters",
        ),
        bad(
            "status_418",
            Answer::error(418, "teapot"),
            "unexpected_status",
        ),
        bad(
            "a_redirect_is_not_followed",
            Answer::error(302, "").header("Location", "/elsewhere"),
            "not_found",
        ),
        bad(
            "an_error_page",
            Answer::error(402, "").content_type("text/html"),
            "no_balance",
        ),
        bad(
            "an_error_that_breaks_off",
            Answer {
                framing: Framing::Chunked,
                steps: vec![raw("{\"err"), Step::Close],
                ..Answer::error(422, "")
            },
            "invalid_parameters",
        ),
    ]
}

/// Errors that are tried again.
pub fn retries() -> Vec<Case> {
    let busy = || Answer::error(503, "busy");
    let seven = Duration::from_secs(7);
    vec![
        recovers(
            "429_with_a_wait",
            &[Answer::error(429, "slow").header("Retry-After", "7")],
            &[seven],
        ),
        recovers(
            "429_without_a_wait",
            &[Answer::error(429, "slow")],
            &BACK_OFF[..1],
        ),
        bad(
            "429_with_a_long_wait",
            Answer::error(429, "slow").header("Retry-After", "3600"),
            "rate_limited",
        ),
        stays("429_for_ever", Answer::error(429, "slow"), "rate_limited"),
        recovers("500_once", &[Answer::error(500, "oops")], &BACK_OFF[..1]),
        stays("500_for_ever", Answer::error(500, "oops"), "service_fault"),
        recovers("503_for_a_while", &[busy(), busy()], &BACK_OFF),
        recovers(
            "503_with_a_wait",
            &[busy().header("Retry-After", "7")],
            &[seven],
        ),
        stays("503_for_ever", busy(), "overloaded"),
        recovers(
            "a_gateway_without_a_service",
            &[Answer::error(502, "").content_type("text/html")],
            &BACK_OFF[..1],
        ),
        recovers(
            "a_gateway_that_waited",
            &[Answer::error(504, "")],
            &BACK_OFF[..1],
        ),
        recovers(
            "closed_before_a_word",
            &[Answer::stream([Step::KeepAlive, Step::Close])],
            &BACK_OFF[..1],
        ),
        recovers(
            "closed_before_a_header",
            &[Answer::words(&[]).cut(0)],
            &BACK_OFF[..1],
        ),
        recovers(
            "reset_before_a_header",
            &[Answer {
                cut: Some(Cut {
                    after: 20,
                    reset: true,
                }),
                ..well()
            }],
            &BACK_OFF[..1],
        ),
        stays("an_empty_stream", Answer::stream([]), "cut"),
        recovers(
            "rate_limited_inside_the_stream",
            &[Answer::stream([error_event("rate_limit_error")])],
            &BACK_OFF[..1],
        ),
    ]
}
