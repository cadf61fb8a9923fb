//! Times, and how they are shown: as a line of a table and as JSON.

use serde_json::{Value, json};
use std::time::Duration;

/// Times of one thing that was done often.
pub struct Row {
    name: String,
    /// `fresh`: nothing of an earlier run is there; `reused`: all of it. Two classes, never compared.
    state: &'static str,
    times: Vec<Duration>,
}

impl Row {
    /// A row without times.
    pub fn new(name: impl Into<String>, state: &'static str) -> Row {
        Row {
            name: name.into(),
            state,
            times: Vec::new(),
        }
    }

    /// One more time.
    pub fn add(&mut self, time: Duration) {
        self.times.push(time);
    }

    /// The time that so many of a hundred do not exceed, in milliseconds.
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.times.clone();
        sorted.sort();
        let index = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
        sorted
            .get(index)
            .map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    }

    /// As one object; milliseconds.
    pub fn json(&self) -> Value {
        let at = |percent| rounded(self.percentile(percent), 3);
        json!({
            "name": self.name,
            "state": self.state,
            "p50_ms": at(50),
            "p95_ms": at(95),
            "p99_ms": at(99),
            "max_ms": at(100),
            "iqr_ms": rounded(self.percentile(75) - self.percentile(25), 3),
            "n": self.times.len(),
        })
    }
}

/// `number` with so many digits behind the point.
pub fn rounded(number: f64, digits: i32) -> f64 {
    let scale = 10f64.powi(digits);
    (number * scale).round() / scale
}

/// Prints the report: the rows as a table, everything else as lines.
pub fn print(report: &Value) {
    println!(
        "{:>9} {:>9} {:>9} {:>9} {:>9} {:>6}",
        "p50 ms", "p95 ms", "p99 ms", "max ms", "IQR ms", "n"
    );
    for row in report["rows"].as_array().into_iter().flatten() {
        for key in ["p50_ms", "p95_ms", "p99_ms", "max_ms", "iqr_ms"] {
            print!("{:9.2} ", row[key].as_f64().unwrap_or_default());
        }
        println!(
            "{:6}  {:7} {}",
            row["n"],
            text(&row["state"]),
            text(&row["name"])
        );
    }
    for (key, value) in report.as_object().into_iter().flatten() {
        match value {
            _ if key == "rows" => {}
            Value::Array(lines) => {
                println!("{key}");
                for line in lines {
                    println!("  {}", fields(line));
                }
            }
            other => println!("{key}: {}", fields(other)),
        }
    }
}

/// An object's fields in one line.
fn fields(value: &Value) -> String {
    let Some(fields) = value.as_object() else {
        return text(value);
    };
    let fields = fields.iter();
    let words: Vec<String> = fields
        .map(|(key, value)| format!("{key} {}", text(value)))
        .collect();
    words.join(" · ")
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
