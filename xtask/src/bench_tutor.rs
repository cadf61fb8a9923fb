//! The tutor's numbers beside what they must not exceed, as a table.

use serde_json::Value;
use std::fmt::Write;

/// A measure: what it is called, where it stands in the report, its limit, and the unit.
struct Measure {
    name: &'static str,
    at: &'static str,
    limit: Limit,
    unit: &'static str,
}

enum Limit {
    Most(f64),
    Least(f64),
}

const MEASURES: [Measure; 7] = [
    Measure {
        name: "first word, beyond a bare request (median)",
        at: "/first_word_added_ms",
        limit: Limit::Most(3.0),
        unit: "ms",
    },
    Measure {
        name: "cancel until the connection is closed (slowest)",
        at: "/cancel_to_closed_ms/max",
        limit: Limit::Most(50.0),
        unit: "ms",
    },
    Measure {
        name: "memory after 1,000 answers and after 10,000 (growth)",
        at: "/memory/growth_mb",
        limit: Limit::Most(1.0),
        unit: "MB",
    },
    Measure {
        name: "open one of 200 conversations of 100 messages (slowest)",
        at: "/conversations/open_ms/slowest",
        limit: Limit::Most(30.0),
        unit: "ms",
    },
    Measure {
        name: "search in them (slowest)",
        at: "/conversations/search_ms/slowest",
        limit: Limit::Most(20.0),
        unit: "ms",
    },
    Measure {
        name: "window at 1,000 tokens a second",
        at: "/window/frames_per_second",
        limit: Limit::Least(50.0),
        unit: "fps",
    },
    Measure {
        name: "its main thread blocked (longest)",
        at: "/window/blocked_ms/worst",
        limit: Limit::Most(50.0),
        unit: "ms",
    },
];

/// The table; a measure that was not taken says so.
pub fn table(report: &Value) -> String {
    let mut table = String::new();
    for Measure {
        name,
        at,
        limit,
        unit,
    } in &MEASURES
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

    #[test]
    fn each_measure_is_held_against_its_limit() {
        let report = json!({
            "first_word_added_ms": 3.0,
            "cancel_to_closed_ms": { "max": 50.1 },
            "window": { "frames_per_second": 50.0 },
        });
        let table = table(&report);
        let verdicts: Vec<&str> = table
            .lines()
            .filter_map(|line| line.rsplit("  ").next())
            .collect();
        assert_eq!(
            verdicts,
            [
                "kept",
                "MISSED",
                "not measured",
                "not measured",
                "not measured",
                "kept",
                "not measured"
            ]
        );
    }
}
