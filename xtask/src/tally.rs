//! How many tests passed and failed, read from what each tool says.
//!
//! A tool that fails without a failed test (it did not compile, it crashed) counts as one failure:
//! nothing that went wrong may leave the sum at zero.

use crate::progress::Finished;

/// Tests counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// That passed.
    pub passed: usize,
    /// That failed.
    pub failed: usize,
}

impl Tally {
    /// One failure, for what could not even start.
    pub const FAILURE: Tally = Tally {
        passed: 0,
        failed: 1,
    };

    /// Adds another tally.
    pub fn add(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// A check that passes or fails as a whole.
    pub fn gate(finished: &Finished) -> Tally {
        Tally::default().settled(finished.ok)
    }

    /// `Summary [  1.2s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 0 skipped`
    pub fn nextest(finished: &Finished) -> Tally {
        let plain = without_colours(&finished.output);
        let summary = plain.lines().rev().find(|line| {
            let line = line.trim_start();
            line.starts_with("Summary [") && line.contains(" run: ")
        });
        let mut tally = Tally::default();
        for part in summary
            .and_then(|line| line.split(" run: ").nth(1))
            .unwrap_or_default()
            .split(", ")
        {
            let mut words = part.split_whitespace();
            let Some(Ok(count)) = words.next().map(str::parse::<usize>) else {
                continue;
            };
            match words.next() {
                Some("passed") => tally.passed += count,
                Some("skipped") | None => {}
                // failed, timed out, exec failed
                Some(_) => tally.failed += count,
            }
        }
        tally.settled(finished.ok)
    }

    /// `Ran 12 tests in 0.1s` and `FAILED (failures=1, errors=2)`.
    pub fn unittest(finished: &Finished) -> Tally {
        let number_after = |text: &str, key: &str| -> usize {
            let rest = text.split(key).nth(1).unwrap_or_default();
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().unwrap_or(0)
        };
        let ran = finished
            .output
            .lines()
            .rev()
            .find(|line| line.starts_with("Ran "));
        let verdict = finished
            .output
            .lines()
            .rev()
            .find(|line| line.starts_with("FAILED ("));
        let verdict = verdict.unwrap_or_default();
        let failed = number_after(verdict, "failures=") + number_after(verdict, "errors=");
        let ran = number_after(ran.unwrap_or_default(), "Ran ");
        let passed = ran.saturating_sub(failed);
        Tally { passed, failed }.settled(finished.ok)
    }

    /// Vitest's JSON report.
    pub fn vitest(finished: &Finished, report: &str) -> Tally {
        let report: serde_json::Value = serde_json::from_str(report).unwrap_or_default();
        let count = |key: &str| {
            report[key]
                .as_u64()
                .and_then(|count| usize::try_from(count).ok())
        };
        Tally {
            passed: count("numPassedTests").unwrap_or(0),
            failed: count("numFailedTests").unwrap_or(0),
        }
        .settled(finished.ok)
    }

    /// Counts the tool's own verdict where its tests do not account for it.
    fn settled(mut self, ok: bool) -> Tally {
        if !ok && self.failed == 0 {
            self.failed = 1;
        }
        if ok && self.passed + self.failed == 0 {
            self.passed = 1;
        }
        self
    }
}

fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(escape) = rest.find("\x1b[") {
        plain.push_str(&rest[..escape]);
        let sequence = &rest[escape + 2..];
        let end = sequence.find(|c: char| c.is_ascii_alphabetic());
        rest = end.map_or("", |end| &sequence[end + 1..]);
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(ok: bool, output: &str) -> Finished {
        Finished {
            ok,
            output: output.to_owned(),
        }
    }

    fn check(tally: Tally, passed: usize, failed: usize) {
        assert_eq!(tally, Tally { passed, failed });
    }

    #[test]
    fn nextest_counts_every_kind_of_failure() {
        let line = "     Summary [   1.2s] 14 tests run: 10 passed (1 slow), 1 failed, 2 timed out, 1 exec failed, 3 skipped\n";
        check(Tally::nextest(&finished(false, line)), 10, 4);
    }

    #[test]
    fn nextest_is_read_through_colours() {
        let line = "\x1b[32;1m     Summary\x1b[0m [   0.004s] \x1b[1m1\x1b[0m test run: \x1b[1m1\x1b[0m \x1b[32;1mpassed\x1b[0m, \x1b[1m0\x1b[0m skipped";
        check(Tally::nextest(&finished(true, line)), 1, 0);
    }

    #[test]
    fn what_does_not_compile_is_one_failure() {
        check(
            Tally::nextest(&finished(false, "error[E0308]: mismatched types")),
            0,
            1,
        );
        check(Tally::unittest(&finished(false, "SyntaxError")), 0, 1);
        check(Tally::vitest(&finished(false, ""), ""), 0, 1);
    }

    #[test]
    fn unittest_subtracts_failures_and_errors() {
        check(
            Tally::unittest(&finished(true, "Ran 12 tests in 0.1s\n\nOK\n")),
            12,
            0,
        );
        check(
            Tally::unittest(&finished(
                false,
                "Ran 12 tests in 0.1s\n\nFAILED (failures=1, errors=2)\n",
            )),
            9,
            3,
        );
    }

    #[test]
    fn vitest_reads_its_report() {
        let report = r#"{"numPassedTests": 40, "numFailedTests": 2}"#;
        check(Tally::vitest(&finished(false, ""), report), 40, 2);
    }

    #[test]
    fn a_failed_tool_without_failed_tests_still_fails() {
        let report = r#"{"numPassedTests": 40, "numFailedTests": 0}"#;
        check(Tally::vitest(&finished(false, ""), report), 40, 1);
    }
}
