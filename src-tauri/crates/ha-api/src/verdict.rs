//! The verdict on one check: what a program did against what the check expects.

use crate::lessons;
use crate::wire::{CheckKind, CheckResult, CheckStatus, RunNote, RunOutcome};
use ha_course::{Check, Expect};
use serde::Deserialize;

/// What a program under a check did.
pub(crate) struct Ran {
    pub(crate) outcome: RunOutcome,
    pub(crate) note: Option<RunNote>,
    pub(crate) duration_ms: f64,
    pub(crate) stdout: String,
    /// Standard output and error as they came.
    pub(crate) output: String,
    pub(crate) report: Option<String>,
}

/// A check's result, complete.
pub(crate) fn judge(check: &Check, ran: Ran) -> CheckResult {
    let mut result = CheckResult {
        id: check.id.clone(),
        title: lessons::words(&check.title),
        kind: CheckKind::Python,
        status: CheckStatus::Error,
        outcome: ran.outcome,
        note: ran.note,
        message: String::new(),
        call: None,
        expected: None,
        got: None,
        output: ran.output,
        duration_ms: ran.duration_ms,
    };
    match &check.kind {
        ha_course::CheckKind::Python { .. } => judge_report(&mut result, ran.report.as_deref()),
        ha_course::CheckKind::Output { stdin, expect } => {
            result.call = Some(stdin.clone()).filter(|input| !input.is_empty());
            judge_output(&mut result, expect, &ran.stdout);
        }
    }
    result
}

/// The document the harness sends.
#[derive(Deserialize)]
struct HarnessReport {
    status: CheckStatus,
    message: String,
    call: Option<String>,
    expected: Option<String>,
    got: Option<String>,
}

/// A harness that sent nothing was ended before it could: the outcome says why.
fn judge_report(result: &mut CheckResult, report: Option<&str>) {
    let Some(report) = report.and_then(|text| serde_json::from_str::<HarnessReport>(text).ok())
    else {
        return;
    };
    result.status = report.status;
    result.message = report.message;
    result.call = report.call;
    result.expected = report.expected;
    result.got = report.got;
}

/// Trailing blanks of lines and trailing empty lines do not count; everything else does.
fn judge_output(result: &mut CheckResult, expect: &Expect, stdout: &str) {
    let got = normalised(stdout);
    let clean_end = result.outcome == RunOutcome::Exited { code: 0 };
    let (kind, expected) = match expect {
        Expect::Whole(text) => {
            let expected = normalised(text);
            (CheckKind::Output, (expected != got).then_some(expected))
        }
        Expect::Contains(pieces) => (CheckKind::Contains, first_missing(pieces, &got)),
    };
    result.kind = kind;
    result.status = match (&expected, clean_end) {
        (_, false) => CheckStatus::Error,
        (Some(_), true) => CheckStatus::Fail,
        (None, true) => CheckStatus::Pass,
    };
    if result.status != CheckStatus::Pass {
        result.expected = expected;
        result.got = Some(got);
    }
}

fn normalised(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_string()
}

/// The first piece that does not come after the ones before it.
fn first_missing(pieces: &[String], text: &str) -> Option<String> {
    let mut rest = text;
    for piece in pieces {
        match rest.find(piece.as_str()) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return Some(piece.clone()),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expect: Expect, stdout: &str, code: i32, expected: CheckStatus) {
        let check = Check {
            id: "c".into(),
            title: ha_course::Words {
                zh: "检查".into(),
                en: "check".into(),
            },
            kind: ha_course::CheckKind::Output {
                stdin: String::new(),
                expect,
            },
        };
        let ran = Ran {
            outcome: RunOutcome::Exited { code },
            note: None,
            duration_ms: 1.0,
            stdout: stdout.into(),
            output: stdout.into(),
            report: None,
        };
        assert_eq!(judge(&check, ran).status, expected, "{stdout:?}");
    }

    fn whole(text: &str) -> Expect {
        Expect::Whole(text.into())
    }

    fn contains(pieces: &[&str]) -> Expect {
        Expect::Contains(pieces.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn trailing_blanks_do_not_count_and_all_other_blanks_do() {
        check(whole("a\nb"), "a  \nb\r\n\n", 0, CheckStatus::Pass);
        check(whole("a\n\nb"), "a\nb\n", 0, CheckStatus::Fail);
        check(whole("a b"), "a  b\n", 0, CheckStatus::Fail);
        check(whole("  a"), "a\n", 0, CheckStatus::Fail);
        check(whole("你好"), "你好\n", 0, CheckStatus::Pass);
    }

    #[test]
    fn pieces_must_come_in_order() {
        check(contains(&["one", "two"]), "one\ntwo", 0, CheckStatus::Pass);
        check(contains(&["two", "one"]), "one\ntwo", 0, CheckStatus::Fail);
        check(contains(&["a", "a"]), "a", 0, CheckStatus::Fail);
    }

    #[test]
    fn a_program_that_ended_badly_is_an_error_even_with_the_right_output() {
        check(whole("a"), "a\n", 1, CheckStatus::Error);
    }
}
