//! The verdict on one check: what a program did against what the check expects.

use crate::declared;
use crate::lessons;
use crate::wire::{CheckKind, CheckResult, CheckStatus, Ignored, Language, RunNote, RunOutcome};
use ha_course::{Check, Expect, Ignore};
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

/// What a program said last; of an error the line that names it.
pub(crate) fn last_line(output: &str) -> &str {
    output.trim_end().lines().next_back().unwrap_or_default()
}

/// What a verdict is made of beside what the program did.
pub(crate) struct Verdict<'a> {
    pub(crate) check: &'a Check,
    /// The author's functions.
    pub(crate) tests: &'a str,
    pub(crate) language: Language,
}

impl Verdict<'_> {
    /// A check's result, complete.
    pub(crate) fn judge(&self, ran: Ran) -> CheckResult {
        let check = self.check;
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
            ignored: ignored(&check.kind),
            output: ran.output,
            duration_ms: ran.duration_ms,
            task: check.task,
            test_code: None,
        };
        match &check.kind {
            ha_course::CheckKind::Output {
                stdin,
                expect,
                ignore,
            } => {
                result.call = Some(stdin.clone()).filter(|input| !input.is_empty());
                judge_output(&mut result, expect, ignore, &ran.stdout);
            }
            ha_course::CheckKind::Python { function } => {
                judge_report(&mut result, ran.report.as_deref());
                result.test_code = source_of(self.tests, function);
            }
            _ => judge_report(&mut result, ran.report.as_deref()),
        }
        let own = declared::message(check.message.as_ref(), self.language);
        if check.hidden {
            conceal(&mut result, own);
        } else if result.message.is_empty() && result.status != CheckStatus::Pass {
            result.message = own;
        }
        result
    }
}

/// What a hidden check looked at stays unknown, also what an exception of the learner's code would
/// tell about it.
fn conceal(result: &mut CheckResult, message: String) {
    // What the solution answered travels in the message of a pass, and no further than this crate.
    if result.status != CheckStatus::Pass {
        result.message = message;
    }
    result.output.clear();
    result.ignored.clear();
    (result.call, result.expected, result.got, result.test_code) = (None, None, None, None);
}

/// What does not count for a check of this kind; nothing where values are compared and not texts.
fn ignored(kind: &ha_course::CheckKind) -> Vec<Ignored> {
    let named = match kind {
        ha_course::CheckKind::Output { ignore, .. } => ignore.as_slice(),
        ha_course::CheckKind::File { .. } => &[],
        _ => return Vec::new(),
    };
    let wire = |ignore: &Ignore| match ignore {
        Ignore::Case => Ignored::Case,
        Ignore::Blanks => Ignored::Blanks,
        Ignore::Order => Ignored::Order,
    };
    let named = named.iter().map(wire);
    std::iter::once(Ignored::LineEnds).chain(named).collect()
}

/// The lines of a function at the left edge of a Python file.
fn source_of(python: &str, function: &str) -> Option<String> {
    let start = format!("def {function}(");
    let mut lines = python.lines().skip_while(|line| !line.starts_with(&start));
    let first = lines.next()?;
    let body = lines.take_while(|line| line.is_empty() || line.starts_with([' ', '\t']));
    let lines: Vec<&str> = std::iter::once(first).chain(body).collect();
    Some(lines.join("\n").trim_end().to_string())
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

/// Trailing blanks of lines and trailing empty lines do not count; everything else does, unless
/// the author says so.
fn judge_output(result: &mut CheckResult, expect: &Expect, ignore: &[Ignore], stdout: &str) {
    let got = normalised(stdout);
    let clean_end = result.outcome == RunOutcome::Exited { code: 0 };
    let (kind, expected) = match expect {
        Expect::Whole(text) => {
            let expected = normalised(text);
            let differs = reduced(&expected, ignore) != reduced(&got, ignore);
            (CheckKind::Output, differs.then_some(expected))
        }
        Expect::Contains(pieces) => {
            let missing = first_missing(pieces, &reduced(&got, ignore), ignore);
            (CheckKind::Contains, missing)
        }
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

/// A text without blanks at the ends of its lines and empty lines at its end.
pub(crate) fn normalised(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_string()
}

/// A text without what does not count.
fn reduced(text: &str, ignore: &[Ignore]) -> String {
    let mut text = text.to_string();
    if ignore.contains(&Ignore::Case) {
        text = text.to_lowercase();
    }
    if ignore.contains(&Ignore::Blanks) {
        let lines = text.lines().map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            words.join(" ")
        });
        let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
        text = lines.join("\n");
    }
    if ignore.contains(&Ignore::Order) {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        text = lines.join("\n");
    }
    text
}

/// The first piece that does not come after the ones before it; where the order does not count,
/// the first that does not come at all.
fn first_missing(pieces: &[String], text: &str, ignore: &[Ignore]) -> Option<String> {
    let in_order = !ignore.contains(&Ignore::Order);
    let mut rest = text;
    for piece in pieces {
        let wanted = reduced(piece, ignore);
        match rest.find(&wanted) {
            Some(at) if in_order => rest = &rest[at + wanted.len()..],
            Some(_) => {}
            None => return Some(piece.clone()),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn check(expect: Expect, stdout: &str, code: i32, expected: CheckStatus) {
        assert_eq!(
            judged(expect, &[], stdout, code).status,
            expected,
            "{stdout:?}"
        );
    }

    fn judged(expect: Expect, ignore: &[Ignore], stdout: &str, code: i32) -> CheckResult {
        let check = output(expect, ignore);
        judged_as(&check, stdout, code)
    }

    fn output(expect: Expect, ignore: &[Ignore]) -> Check {
        Check {
            id: "c".into(),
            title: ha_course::Words {
                zh: "检查".into(),
                en: "check".into(),
            },
            kind: ha_course::CheckKind::Output {
                stdin: "7".into(),
                expect,
                ignore: ignore.to_vec(),
            },
            message: None,
            task: Some(2),
            hidden: false,
        }
    }

    fn judged_as(check: &Check, stdout: &str, code: i32) -> CheckResult {
        let ran = Ran {
            outcome: RunOutcome::Exited { code },
            note: None,
            duration_ms: 1.0,
            stdout: stdout.into(),
            output: stdout.into(),
            report: None,
        };
        let verdict = Verdict {
            check,
            tests: "",
            language: Language::En,
        };
        verdict.judge(ran)
    }

    #[test]
    fn what_the_author_ignores_does_not_count() {
        let passes = |expect: Expect, ignore: &[Ignore], stdout: &str| {
            judged(expect, ignore, stdout, 0).status == CheckStatus::Pass
        };
        assert!(passes(whole("A b"), &[Ignore::Case], "a B"));
        assert!(passes(
            whole("a b\nc"),
            &[Ignore::Blanks],
            "\n a   b \n\n c"
        ));
        assert!(!passes(whole("a b"), &[Ignore::Blanks], "ab"));
        assert!(passes(whole("b\na"), &[Ignore::Order], "a\nb"));
        assert!(!passes(whole("a\na"), &[Ignore::Order], "a\nb"));
        assert!(passes(
            contains(&["two", "ONE"]),
            &[Ignore::Order, Ignore::Case],
            "One\ntwo"
        ));
    }

    #[test]
    fn what_does_not_count_is_said_with_the_result() {
        let said = |ignore: &[Ignore]| judged(whole("a"), ignore, "b", 0).ignored;
        assert_eq!(said(&[]), [Ignored::LineEnds]);
        let all = said(&[Ignore::Order, Ignore::Case, Ignore::Blanks]);
        let expected = [
            Ignored::LineEnds,
            Ignored::Order,
            Ignored::Case,
            Ignored::Blanks,
        ];
        assert_eq!(all, expected);
        let values = ha_course::CheckKind::Python {
            function: "test".into(),
        };
        assert_eq!(ignored(&values), []);
    }

    #[test]
    fn a_hidden_check_tells_only_what_its_author_wrote() {
        let mut check = output(whole("secret"), &[]);
        check.hidden = true;
        check.message = Some(ha_course::Words::same("Think of the border."));
        let result = judged_as(&check, "7 and more", 0);
        assert_eq!(result.status, CheckStatus::Fail);
        assert_eq!(result.message, "Think of the border.");
        let told = (
            result.call,
            result.expected,
            result.got,
            result.output.as_str(),
        );
        assert_eq!(told, (None, None, None, ""));
        assert_eq!(result.ignored, []);
        assert_eq!(result.task, Some(2));
    }

    #[test]
    fn a_test_is_shown_without_its_neighbours() {
        let python =
            "import x\n\ndef test_a():\n    one()\n\n    two()\n\n\ndef test_ab():\n    no()\n";
        let source = source_of(python, "test_a").unwrap();
        assert_eq!(source, "def test_a():\n    one()\n\n    two()");
        assert_eq!(source_of(python, "missing"), None);
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
