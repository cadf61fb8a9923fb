//! Numbers of a report beside what they must not exceed, as a table: which ones, and their limits.

use serde_json::Value;
use std::fmt::Write;

/// A measure: what it is called, where it stands in the report, its limit, and the unit.
pub struct Measure {
    name: &'static str,
    at: &'static str,
    limit: Limit,
    unit: &'static str,
}

enum Limit {
    Most(f64),
    Least(f64),
}

const fn most(name: &'static str, at: &'static str, bound: f64, unit: &'static str) -> Measure {
    let limit = Limit::Most(bound);
    Measure {
        name,
        at,
        limit,
        unit,
    }
}

const fn least(name: &'static str, at: &'static str, bound: f64, unit: &'static str) -> Measure {
    let limit = Limit::Least(bound);
    Measure {
        name,
        at,
        limit,
        unit,
    }
}

/// The window's, of what is read and written in it.
pub const WINDOW: &[Measure] = &[
    most(
        "open the largest chapter of a book (95 of 100)",
        "/largest_chapter_open_ms/again/p95",
        100.0,
        "ms",
    ),
    most(
        "a save of a lesson to its preview (95 of 100)",
        "/save_to_shown/lesson/ms/p95",
        200.0,
        "ms",
    ),
    most(
        "a save of the largest chapter to its preview (95 of 100)",
        "/save_to_shown/largest_chapter/ms/p95",
        200.0,
        "ms",
    ),
];

/// The courses'.
pub const COURSES: &[Measure] = &[
    most("import a book of 5 MB", "/import_ms", 2000.0, "ms"),
    most("pack it", "/pack_ms", 1000.0, "ms"),
    most(
        "install it, every file proven",
        "/verified_install_ms",
        1000.0,
        "ms",
    ),
    most("list the courses (median)", "/list_ms/median", 5.0, "ms"),
    most(
        "open its largest chapter, in Rust, right after Home",
        "/open_largest_ms/first",
        30.0,
        "ms",
    ),
    most(
        "the same, its code never seen before (median)",
        "/open_largest_ms/unseen_code/median",
        30.0,
        "ms",
    ),
    most(
        "the same, seen before (median)",
        "/open_largest_ms/again/median",
        30.0,
        "ms",
    ),
    most("search (p95)", "/search_ms/p95", 20.0, "ms"),
];

/// The tutor's.
pub const TUTOR: &[Measure] = &[
    most(
        "first word, beyond a bare request (median)",
        "/first_word_added_ms",
        3.0,
        "ms",
    ),
    most(
        "cancel until the connection is closed (slowest)",
        "/cancel_to_closed_ms/max",
        50.0,
        "ms",
    ),
    most(
        "memory after 1,000 answers and after 10,000 (growth)",
        "/memory/growth_mb",
        1.0,
        "MB",
    ),
    most(
        "open one of 200 conversations of 100 messages (slowest)",
        "/conversations/open_ms/slowest",
        30.0,
        "ms",
    ),
    most(
        "search in them (slowest)",
        "/conversations/search_ms/slowest",
        20.0,
        "ms",
    ),
    least(
        "window at 1,000 tokens a second",
        "/window/frames_per_second",
        50.0,
        "fps",
    ),
    most(
        "its main thread blocked (longest)",
        "/window/blocked_ms/worst",
        50.0,
        "ms",
    ),
];

/// The agents', on both engines.
pub const AGENTS: &[Measure] = &[
    most(
        "a question and its recorded reply, built in (median)",
        "/wasm/round_trip_ms/p50",
        0.3,
        "ms",
    ),
    most(
        "a question and its recorded reply, Docker (median)",
        "/docker/round_trip_ms/p50",
        1.0,
        "ms",
    ),
    most(
        "first piece of a stream, built in (median)",
        "/wasm/first_piece_ms/p50",
        3.0,
        "ms",
    ),
    most(
        "first piece of a stream, Docker (median)",
        "/docker/first_piece_ms/p50",
        3.0,
        "ms",
    ),
    most(
        "a run of 8 steps, built in (median)",
        "/wasm/react_of_8_steps_ms/p50",
        20.0,
        "ms",
    ),
    most(
        "a run of 8 steps, Docker (median)",
        "/docker/react_of_8_steps_ms/p50",
        20.0,
        "ms",
    ),
    most(
        "open a trace of 5,000 steps (slowest)",
        "/window/open_ms/worst",
        150.0,
        "ms",
    ),
    least(
        "scroll through it",
        "/window/scroll/frames_per_second",
        50.0,
        "fps",
    ),
];

/// The table; a measure that was not taken says so.
pub fn table(measures: &[Measure], report: &Value) -> String {
    let mut table = String::new();
    for Measure {
        name,
        at,
        limit,
        unit,
    } in measures
    {
        let (bound, sign) = match limit {
            Limit::Most(bound) => (bound, "≤"),
            Limit::Least(bound) => (bound, "≥"),
        };
        let measured = report.pointer(at).and_then(Value::as_f64);
        let verdict = measured.map_or("not measured", |value| match limit {
            Limit::Most(bound) if value <= *bound => "kept",
            Limit::Least(bound) if value >= *bound => "kept",
            _ => "MISSED",
        });
        let measured = measured.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"));
        writeln!(
            table,
            "{name:<56} {sign} {bound:>4} {unit:<4} {measured:>9}  {verdict}"
        )
        .expect("a string takes everything");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(measures: &[Measure], report: &Value, expected: &[&str]) {
        let table = table(measures, report);
        let verdicts = table.lines().filter_map(|line| line.rsplit("  ").next());
        assert_eq!(verdicts.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn each_measure_is_held_against_its_limit() {
        let report = json!({
            "first_word_added_ms": 3.0,
            "cancel_to_closed_ms": { "max": 50.1 },
            "window": { "frames_per_second": 50.0 },
        });
        let missing = "not measured";
        let expected = ["kept", "MISSED", missing, missing, missing, "kept", missing];
        check(TUTOR, &report, &expected);
    }

    #[test]
    fn agents_without_containers_have_the_rest_of_their_numbers() {
        let report = json!({
            "wasm": { "round_trip_ms": { "p50": 0.31 }, "react_of_8_steps_ms": { "p50": 20.0 } },
            "docker": { "not_measured": "there is none" },
            "window": { "open_ms": { "worst": 90 }, "scroll": { "frames_per_second": 49.9 } },
        });
        let missing = "not measured";
        let expected = [
            "MISSED", missing, missing, missing, "kept", missing, "kept", "MISSED",
        ];
        check(AGENTS, &report, &expected);
    }
}
