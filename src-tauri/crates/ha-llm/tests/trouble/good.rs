//! Replies that are whole, however they are written.

use crate::case::{Case, DRAIN, Move::Skip, end, good, raw, says, tool};
use ha_testkit::fake_chat::{Answer, Framing, Step};
use serde_json::json;

/// Replies as they should be.
pub fn replies() -> Vec<Case> {
    vec![
        Case {
            tokens: Some(Some([100, 64, 20, 0])),
            ..good("words", Answer::words(&["你", "好"]), "你好")
        },
        Case {
            thinking: "hm, so",
            tokens: Some(Some([100, 64, 20, 5])),
            ..good(
                "thinking_then_words",
                Answer::stream([
                    Step::Thinking("hm, ".into()),
                    Step::Thinking("so".into()),
                    says("yes"),
                    end("stop"),
                    Step::Done,
                ]),
                "yes",
            )
        },
        Case {
            end: "toolcalls",
            calls: vec![("run", "{\"x\":1}")],
            ..good(
                "a_tool_call_in_pieces",
                Answer::stream([
                    says("let me look"),
                    tool(0, Some("c1"), ""),
                    tool(0, None, "{\"x\""),
                    tool(0, None, ":1}"),
                    end("tool_calls"),
                    Step::Done,
                ]),
                "let me look",
            )
        },
        Case {
            end: "toolcalls",
            calls: vec![("run", "[1]"), ("run", "[2]")],
            ..good(
                "two_tool_calls_at_once",
                Answer::stream([
                    tool(0, Some("c1"), "["),
                    tool(1, Some("c2"), "["),
                    tool(0, None, "1]"),
                    tool(1, None, "2]"),
                    end("tool_calls"),
                    Step::Done,
                ]),
                "",
            )
        },
        Case {
            end: "length",
            ..good(
                "the_token_limit",
                Answer::stream([says("hal"), end("length"), Step::Done]),
                "hal",
            )
        },
        Case {
            end: "contentfilter",
            ..good(
                "held_back",
                Answer::stream([end("content_filter"), Step::Done]),
                "",
            )
        },
        good(
            "byte_by_byte",
            Answer::words(&["你好 🦀 ", "ok"]).in_pieces(1),
            "你好 🦀 ok",
        ),
        good(
            "seven_bytes_at_a_time",
            Answer::words(&["你好 🦀 ", "ok"]).in_pieces(7),
            "你好 🦀 ok",
        ),
        good(
            "a_hundred_thousand_words",
            hundred_thousand(),
            Box::leak("x ".repeat(100_000).into_boxed_str()),
        ),
    ]
}

fn hundred_thousand() -> Answer {
    Answer::stream([Step::Repeat(Box::new(says("x ")), Some(100_000))]).ended()
}

/// Replies as other services write them.
pub fn dialects() -> Vec<Case> {
    let chunk = r#"data: {"choices":[{"delta":{"content":"hi"}}]}"#;
    let stop = r#"data: {"choices":[{"delta":{},"finish_reason":"stop"}]}"#;
    vec![
        good(
            "carriage_returns",
            Answer::stream([raw(&format!(
                "{chunk}\r\n\r\n{stop}\r\n\r\ndata: [DONE]\r\n\r\n"
            ))]),
            "hi",
        ),
        good(
            "a_byte_order_mark",
            Answer::stream([raw(&format!(
                "\u{feff}{chunk}\n\n{stop}\n\ndata: [DONE]\n\n"
            ))]),
            "hi",
        ),
        good(
            "names_ids_and_no_spaces",
            Answer::stream([raw(&format!(
                "event: message\nid: 1\n{}\n\n{stop}\n\ndata:[DONE]\n\n",
                chunk.replace(": ", ":")
            ))]),
            "hi",
        ),
        good(
            "no_mark_but_an_end",
            Answer::stream([raw(&format!("{chunk}\n\n{stop}\n\n"))]).framed(Framing::Close),
            "hi",
        ),
        good(
            "no_empty_line_at_the_end",
            Answer::stream([raw(&format!("{chunk}\n\n{stop}\n\ndata: [DONE]\n"))])
                .framed(Framing::Close),
            "hi",
        ),
        Case {
            tokens: Some(Some([7, 0, 2, 0])),
            ..good(
                "tokens_after_the_end",
                Answer::stream([
                    says("hi"),
                    Step::Event(json!({ "choices": [{ "delta": {}, "finish_reason": "stop" }] })),
                    Step::Event(
                        json!({ "choices": [], "usage": { "prompt_tokens": 7, "completion_tokens": 2 } }),
                    ),
                    Step::Done,
                ]),
                "hi",
            )
        },
        Case {
            tokens: Some(None),
            ..good(
                "no_tokens_at_all",
                Answer::stream([raw(&format!("{chunk}\n\n{stop}\n\ndata: [DONE]\n\n"))]),
                "hi",
            )
        },
        Case {
            end: "other",
            ..good(
                "a_reason_nobody_knows",
                Answer::stream([says("hi"), end("tired"), Step::Done]),
                "hi",
            )
        },
        Case {
            end: "other",
            ..good(
                "a_mark_without_a_reason",
                Answer::stream([says("hi"), Step::Done]),
                "hi",
            )
        },
        good(
            "words_after_the_mark",
            Answer::stream([says("hi"), end("stop"), Step::Done, says("more"), raw("}{")]),
            "hi",
        ),
        Case {
            moves: vec![Skip(DRAIN)],
            ..good(
                "silence_after_the_mark",
                Answer::stream([says("hi"), end("stop"), Step::Done, Step::Hold]),
                "hi",
            )
        },
    ]
}
