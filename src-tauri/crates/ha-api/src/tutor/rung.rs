//! The ladder of help: which rung an answer may reach. Decided here, in code, from what the learner
//! has tried; the model is only told.

use crate::wire::{AskKind, Rung, TutorStyle};
use ha_course::SolutionRule;
use ha_store::{RunKind, RunLine, Timestamp};

const LADDER: [Rung; 6] = [
    Rung::Nudge,
    Rung::Concept,
    Rung::Where,
    Rung::PseudoCode,
    Rung::OneLine,
    Rung::Solution,
];
/// Stuck for this long is worth one rung.
const PATIENCE_MS: i64 = 20 * 60 * 1000;
/// Checks that did not pass before the solution may be asked for.
const TRIES_FOR_SOLUTION: usize = 2;

/// How far somebody is with the exercise of a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tried {
    /// Checks since the last one that passed.
    pub(crate) failed: usize,
    /// Milliseconds since the first of them; 0 without one.
    pub(crate) stuck_ms: i64,
    /// The lesson passed once.
    pub(crate) passed: bool,
}

impl Tried {
    /// Reads the history of a lesson, newest first.
    pub(crate) fn of(history: &[RunLine], passed: bool, now: Timestamp) -> Tried {
        let checks = history.iter().filter(|line| line.kind == RunKind::Check);
        let is_pass = |line: &&RunLine| line.passed.is_some() && line.passed == line.total;
        let failed: Vec<_> = checks
            .take_while(|line| !is_pass(line))
            .filter(|line| line.passed.is_some())
            .collect();
        Tried {
            failed: failed.len(),
            stuck_ms: failed
                .last()
                .map_or(0, |first| (now.0 - first.started_at.0).max(0)),
            passed,
        }
    }
}

/// The rung for an answer. `before` is that of the last answer about the same exercise; *Say more*
/// goes one above it.
pub(crate) fn choose(kind: AskKind, tried: Tried, style: TutorStyle, before: Option<Rung>) -> Rung {
    // Who solved it may see everything.
    if tried.passed {
        return Rung::Solution;
    }
    let earned = match tried.failed {
        0 | 1 => 0,
        2 => 1,
        3 => 2,
        4 => 3,
        _ => 4,
    };
    let patience = usize::from(tried.stuck_ms >= PATIENCE_MS);
    let direct = usize::from(style == TutorStyle::Direct);
    // A question and an error name their subject themselves: a bare nudge would be no answer.
    let least = match kind {
        AskKind::Hint | AskKind::More => 0,
        AskKind::Question | AskKind::Cursor => 1,
        AskKind::Error => 2,
    };
    let earned = (earned + patience + direct).max(least).min(4);
    let asked = match (kind, before) {
        (AskKind::More, Some(before)) => before as usize + 1,
        _ => 0,
    };
    let most = match (tried.failed, style) {
        (tries, _) if tries >= TRIES_FOR_SOLUTION => 5,
        (_, TutorStyle::Direct) => 5,
        (0, TutorStyle::Socratic) => 3,
        (_, TutorStyle::Socratic) => 4,
    };
    LADDER[earned.max(asked).min(most)]
}

/// A rung below the whole solution where the author keeps that back, or asks for more tries first.
/// To wait for a pass is what an author says who says nothing, and what the ladder itself is about.
pub(crate) fn within(rung: Rung, rule: SolutionRule, tried: Tried) -> Rung {
    let withheld = match rule {
        SolutionRule::Never => true,
        SolutionRule::Failed(needed) => !tried.passed && tried.failed < needed as usize,
        SolutionRule::Passed | SolutionRule::Always => false,
    };
    match withheld {
        true => rung.min(Rung::OneLine),
        false => rung,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn check(kind: AskKind, failed: usize, minutes: i64, before: Option<Rung>, expected: Rung) {
        let tried = Tried {
            failed,
            stuck_ms: minutes * MINUTE,
            passed: false,
        };
        let rung = choose(kind, tried, TutorStyle::Socratic, before);
        assert_eq!(
            rung, expected,
            "{kind:?} after {failed} checks, {minutes} min, {before:?}"
        );
    }

    #[test]
    fn each_try_earns_a_rung_but_never_the_solution() {
        check(AskKind::Hint, 0, 0, None, Rung::Nudge);
        check(AskKind::Hint, 1, 0, None, Rung::Nudge);
        check(AskKind::Hint, 2, 0, None, Rung::Concept);
        check(AskKind::Hint, 3, 0, None, Rung::Where);
        check(AskKind::Hint, 4, 0, None, Rung::PseudoCode);
        check(AskKind::Hint, 5, 0, None, Rung::OneLine);
        check(AskKind::Hint, 99, 999, None, Rung::OneLine);
        check(AskKind::Hint, 2, 30, None, Rung::Where);
    }

    #[test]
    fn more_goes_one_further_as_far_as_was_tried() {
        check(AskKind::More, 1, 0, Some(Rung::Nudge), Rung::Concept);
        check(AskKind::More, 1, 0, Some(Rung::PseudoCode), Rung::OneLine);
        check(AskKind::More, 1, 0, Some(Rung::OneLine), Rung::OneLine);
        check(AskKind::More, 2, 0, Some(Rung::OneLine), Rung::Solution);
        check(
            AskKind::More,
            0,
            0,
            Some(Rung::PseudoCode),
            Rung::PseudoCode,
        );
        check(AskKind::More, 5, 0, Some(Rung::Nudge), Rung::OneLine);
    }

    #[test]
    fn a_question_and_an_error_are_answered_not_nudged() {
        check(AskKind::Question, 0, 0, None, Rung::Concept);
        check(AskKind::Cursor, 0, 0, None, Rung::Concept);
        check(AskKind::Error, 0, 0, None, Rung::Where);
        check(AskKind::Question, 4, 0, None, Rung::PseudoCode);
    }

    #[test]
    fn who_wants_it_direct_and_who_has_passed_gets_further() {
        let tried = |failed, passed| Tried {
            failed,
            stuck_ms: 0,
            passed,
        };
        let direct = TutorStyle::Direct;
        assert_eq!(
            choose(AskKind::Hint, tried(1, false), direct, None),
            Rung::Concept
        );
        let more = choose(AskKind::More, tried(0, false), direct, Some(Rung::OneLine));
        assert_eq!(more, Rung::Solution);
        let passed = choose(AskKind::Hint, tried(0, true), TutorStyle::Socratic, None);
        assert_eq!(passed, Rung::Solution);
    }

    #[test]
    fn the_authors_rule_about_the_solution_holds_for_the_tutor_too() {
        let check = |rule, failed, passed, expected| {
            let tried = Tried {
                failed,
                stuck_ms: 0,
                passed,
            };
            let rung = within(Rung::Solution, rule, tried);
            assert_eq!(rung, expected, "{rule:?} after {failed}, {passed}");
        };
        check(SolutionRule::Never, 99, true, Rung::OneLine);
        check(SolutionRule::Failed(3), 2, false, Rung::OneLine);
        check(SolutionRule::Failed(3), 3, false, Rung::Solution);
        check(SolutionRule::Failed(3), 0, true, Rung::Solution);
        check(SolutionRule::Passed, 2, false, Rung::Solution);
        let tried = Tried {
            failed: 0,
            stuck_ms: 0,
            passed: false,
        };
        assert_eq!(within(Rung::Nudge, SolutionRule::Never, tried), Rung::Nudge);
    }

    #[test]
    fn the_history_tells_how_often_and_how_long() {
        let line = |at: i64, numbers: Option<(u32, u32)>, kind| RunLine {
            id: String::new(),
            kind,
            status: ha_store::RunStatus::Finished,
            course: String::new(),
            lesson: String::new(),
            engine: String::new(),
            started_at: Timestamp(at),
            duration_ms: None,
            passed: numbers.map(|numbers| numbers.0),
            total: numbers.map(|numbers| numbers.1),
            outcome: None,
        };
        let history = [
            line(90, Some((1, 2)), RunKind::Check),
            line(80, None, RunKind::Run),
            // The lesson's rules refused it: nothing was checked.
            line(75, None, RunKind::Check),
            line(70, Some((0, 2)), RunKind::Check),
            line(60, Some((2, 2)), RunKind::Check),
            line(50, Some((0, 2)), RunKind::Check),
        ];
        let tried = Tried::of(&history, false, Timestamp(100));
        assert_eq!((tried.failed, tried.stuck_ms), (2, 30));
        assert_eq!(Tried::of(&[], false, Timestamp(100)).failed, 0);
    }
}
