//! Replies that come too late, too short, too long or as nonsense.

use crate::case::Move::{Gate, Listening, Pass, Release, Skip};
use crate::case::{
    BACK_OFF, Case, FIRST_TOKEN, IDLE, NEVER, TOTAL, bad, end, error_event, for_ever, good, raw,
    says, stays, tool, well,
};
use ha_llm::ClientSettings;
use ha_testkit::fake_chat::{Answer, Framing, Step};
use serde_json::json;
use std::time::Duration;

/// Waits, obeyed and not.
pub fn waits() -> Vec<Case> {
    let second = Duration::from_secs(1);
    let slow = || Answer::stream([Step::Gate, says("at last")]).ended();
    let pausing = || Answer::stream([says("so "), Step::Gate, says("on")]).ended();
    let alive = || Step::Repeat(Box::new(Step::KeepAlive), Some(3));
    vec![
        Case {
            moves: vec![Gate(1), Pass(FIRST_TOKEN - second), Release],
            ..good("a_slow_first_word", slow(), "at last")
        },
        Case {
            moves: vec![Gate(1), Pass(FIRST_TOKEN)],
            ..bad("too_slow_a_first_word", slow(), "first_token_timed_out")
        },
        Case {
            moves: vec![Gate(1), Pass(FIRST_TOKEN)],
            ..bad(
                "comments_are_no_words",
                Answer::stream([alive(), Step::Gate]),
                "first_token_timed_out",
            )
        },
        good(
            "comments_before_a_word",
            Answer::stream([alive(), says("hi")]).ended(),
            "hi",
        ),
        Case {
            moves: vec![Listening(IDLE), Pass(IDLE - second), Release],
            ..good("a_pause_in_the_middle", pausing(), "so on")
        },
        Case {
            moves: vec![Skip(IDLE)],
            words: Some("so "),
            ..bad("too_long_a_pause", pausing(), "idle_timed_out")
        },
        Case {
            moves: vec![
                Listening(IDLE),
                Pass(IDLE - second),
                Release,
                Listening(IDLE),
                Pass(IDLE - second),
                Release,
            ],
            ..good(
                "a_comment_ends_a_pause",
                Answer::stream([
                    says("so "),
                    Step::Gate,
                    Step::KeepAlive,
                    Step::Gate,
                    says("on"),
                ])
                .ended(),
                "so on",
            )
        },
        Case {
            moves: vec![Listening(NEVER), Pass(TOTAL)],
            words: Some("so "),
            settings: |settings| settings.idle = NEVER,
            ..bad("too_long_altogether", pausing(), "total_timed_out")
        },
        Case {
            answers: vec![Answer::error(503, ""), Answer::stream([Step::Gate])],
            moves: vec![Skip(BACK_OFF[0]), Gate(1), Pass(TOTAL - BACK_OFF[0])],
            settings: |settings| settings.first_token = NEVER,
            asked: 2,
            ..bad("all_tries_share_the_time", well(), "total_timed_out")
        },
        Case {
            moves: vec![Gate(1), Pass(FIRST_TOKEN)],
            ..bad(
                "no_answer_at_all",
                well().after(Step::Gate),
                "first_token_timed_out",
            )
        },
        Case {
            moves: vec![Gate(1), Pass(FIRST_TOKEN - second), Release],
            ..good("a_slow_header", well().after(Step::Gate), "well")
        },
        Case {
            moves: vec![Gate(1), Release, Pass(FIRST_TOKEN)],
            ..bad(
                "comments_for_ever",
                Answer::stream([Step::Gate, for_ever(Step::KeepAlive)]),
                "first_token_timed_out",
            )
        },
    ]
}

/// Replies that end too early, after words: never a silent end, never asked again.
pub fn cuts() -> Vec<Case> {
    let cut = |name, answer| Case {
        words: Some("so "),
        ..bad(name, answer, "cut")
    };
    vec![
        cut(
            "closed_after_words",
            Answer::stream([says("so "), Step::Close]),
        ),
        cut("ended_after_words", Answer::stream([says("so ")])),
        cut(
            "closed_in_a_half_event",
            Answer::stream([says("so "), raw("data: {\"choi"), Step::Close]),
        ),
        cut(
            "closed_without_a_length",
            Answer::stream([says("so ")]).framed(Framing::Close),
        ),
        Case {
            // The words are read before the reset, which would throw them away otherwise.
            moves: vec![Listening(IDLE), Release],
            ..cut(
                "reset_after_words",
                Answer::stream([says("so "), Step::Gate, Step::Reset]),
            )
        },
        cut(
            "shorter_than_its_length",
            Answer::stream([says("so "), Step::Close, says("on")]).framed(Framing::Length),
        ),
        Case {
            end: "overloaded",
            ..cut(
                "out_of_machines",
                Answer::stream([says("so "), end("insufficient_system_resource"), Step::Done]),
            )
        },
    ]
}

/// Answers that are no replies.
pub fn nonsense() -> Vec<Case> {
    let after_words = |name, step: Step, end| Case {
        words: Some("so "),
        ..bad(
            name,
            Answer::stream([says("so "), step, says("on")]).ended(),
            end,
        )
    };
    vec![
        after_words("garbage_in_an_event", raw("data: }{\n\n"), "malformed"),
        after_words(
            "an_event_that_is_a_number",
            raw("data: 17\n\n"),
            "malformed",
        ),
        after_words(
            "a_field_of_the_wrong_kind",
            Step::Event(json!({ "choices": "many" })),
            "malformed",
        ),
        after_words(
            "an_error_in_the_middle",
            error_event("server_error"),
            "service_fault",
        ),
        after_words(
            "a_full_account_in_the_middle",
            error_event("insufficient_quota"),
            "no_balance",
        ),
        good(
            "lines_that_mean_nothing",
            Answer::stream([raw("hello\n\nfoo: bar\n\n"), says("hi")]).ended(),
            "hi",
        ),
        bad(
            "a_page_instead_of_a_stream",
            well().content_type("text/html"),
            "malformed",
        ),
        bad(
            "json_instead_of_a_stream",
            Answer::json(&json!({ "choices": [] })),
            "malformed",
        ),
        stays(
            "an_error_with_a_good_status",
            Answer {
                status: 200,
                ..Answer::error(200, "something")
            },
            "service_fault",
        ),
        bad(
            "no_content_type",
            Answer {
                headers: vec![("X-Nothing".into(), "1".into())],
                ..well()
            },
            "malformed",
        ),
    ]
}

/// Answers without measure.
pub fn floods() -> Vec<Case> {
    fn small(settings: &mut ClientSettings) {
        settings.reply_bytes = 64 << 10;
        settings.event_bytes = 64 << 10;
    }
    let flood = |name, answer, end| Case {
        settings: small,
        words: None,
        ..bad(name, answer, end)
    };
    let thousand = "x".repeat(1_000);
    vec![
        flood(
            "a_huge_word",
            Answer::stream([says(&"x".repeat(80 << 10))]).ended(),
            "malformed",
        ),
        flood(
            "words_for_ever",
            Answer::stream([for_ever(says(&thousand))]),
            "reply_too_large",
        ),
        flood(
            "arguments_for_ever",
            Answer::stream([tool(0, Some("c1"), ""), for_ever(tool(0, None, &thousand))]),
            "reply_too_large",
        ),
        flood(
            "a_line_for_ever",
            Answer::stream([raw("data: "), for_ever(raw(&thousand))]),
            "malformed",
        ),
        flood(
            "an_event_for_ever",
            Answer::stream([for_ever(raw("data: x\n"))]),
            "malformed",
        ),
        flood(
            "tools_for_ever",
            Answer::stream((0..70).map(|index| tool(index, Some("c"), "{}"))),
            "malformed",
        ),
        flood(
            "an_error_for_ever",
            Answer {
                framing: Framing::Chunked,
                steps: vec![for_ever(raw(&thousand))],
                ..Answer::error(400, "")
            },
            "bad_request",
        ),
    ]
}
