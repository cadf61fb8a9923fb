//! The code check, tried with small programs: what must be found, what must pass, and what must not
//! hurt it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod hostile;
mod names;
mod scopes;
mod verdict;

use ha_sandbox::SourceFile;
use ha_sandbox::policy::{Finding, Policy};

fn findings(source: &str) -> Vec<Finding> {
    Policy::default().check(&[SourceFile::text("main.py", source)])
}

/// Every finding as `line:column rule`.
fn check(source: &str, expected: &[&str]) {
    let found = findings(source);
    let said: Vec<String> = found
        .iter()
        .map(|found| format!("{}:{} {}", found.line, found.column, found.rule.name()))
        .collect();
    assert_eq!(said, expected, "{source}");
}

/// Nothing is said about any of these programs.
fn passes(sources: &[&str]) {
    for source in sources {
        check(source, &[]);
    }
}
