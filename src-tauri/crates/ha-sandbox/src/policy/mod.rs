//! The code check before a run: what a program is about to use, found by its syntax and judged by
//! a [`Policy`].
//!
//! This is advice and teaching, not the wall: the wall is the engine. So what can only be known
//! while a program runs is left out: names put together from pieces (`getattr(os, "sys" + "tem")`),
//! attributes and containers that hold a function, values that come back from calls of the
//! learner's own, text that is run by `eval`. Within a file, names are followed through imports,
//! assignments and scopes; what is imported from another file of the learner's is judged where
//! that file imports it. Where two values of a name may meet, both count.

mod place;
mod rules;
mod scope;
pub(crate) mod syntax;

pub use rules::RuleId;

use crate::SourceFile;
use place::Lines;
use std::collections::HashSet;

/// Findings of one check, at most. Nobody reads more, and a hostile file has no end of them.
const MAX_FINDINGS: usize = 200;

/// What a rule does about what it finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Say it in the editor; the program runs.
    Advise,
    /// The program does not start.
    Deny,
    /// Say nothing.
    Allow,
}

/// What a policy does about one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Which.
    pub id: RuleId,
    /// What happens.
    pub action: Action,
    /// A sentence instead of [`RuleId::reason`].
    pub message: Option<String>,
}

/// What may be used, and what is said about the rest. A rule that is not listed advises.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// At most one entry a rule; the last wins.
    pub rules: Vec<Rule>,
}

/// Something a program is about to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Path of the file, as it was given.
    pub file: String,
    /// 1-based.
    pub line: u32,
    /// 1-based, in UTF-16 units, as editors count. A byte order mark does not count.
    pub column: u32,
    /// 1-based; the line of the first character behind.
    pub end_line: u32,
    /// 1-based, in UTF-16 units; the first character behind.
    pub end_column: u32,
    /// Which rule it is.
    pub rule: RuleId,
    /// What it really is, whatever it is called here: `os.system` for the `s` of
    /// `from os import system as s`.
    pub name: String,
    /// What happens, never [`Action::Allow`].
    pub action: Action,
    /// Why, for the learner.
    pub reason: String,
}

impl Policy {
    /// What this policy does about a rule.
    pub fn action(&self, rule: RuleId) -> Action {
        self.rule(rule).map_or(Action::Advise, |rule| rule.action)
    }

    /// Whether anything can keep a program from starting.
    pub fn denies(&self) -> bool {
        let rules = RuleId::ALL.into_iter();
        rules
            .map(|rule| self.action(rule))
            .any(|a| a == Action::Deny)
    }

    fn rule(&self, id: RuleId) -> Option<&Rule> {
        self.rules.iter().rev().find(|rule| rule.id == id)
    }

    /// What the Python files among `files` are about to use, file by file and from top to bottom,
    /// at most 200 findings, those that deny first to be kept. Broken code is judged where it can
    /// be read, so this never fails. Time is bounded by the amount of text and by a budget for
    /// text that no grammar fits; a file on which it runs out has no findings.
    pub fn check(&self, files: &[SourceFile]) -> Vec<Finding> {
        let own: HashSet<&str> = files.iter().filter_map(|file| module(&file.path)).collect();
        let mut budget = syntax::Budget::default();
        let mut findings = Vec::new();
        for file in files.iter().filter(|file| file.path.ends_with(".py")) {
            findings.extend(self.check_file(file, &own, &mut budget));
        }
        keep_most_important(&mut findings, |finding| finding.action == Action::Deny);
        findings
    }

    fn check_file(
        &self,
        file: &SourceFile,
        own: &HashSet<&str>,
        budget: &mut syntax::Budget,
    ) -> Vec<Finding> {
        let text = String::from_utf8_lossy(&file.bytes);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let Some(program) = syntax::read(text, own, budget) else {
            return Vec::new();
        };
        let lines = Lines::new(text);
        let find = |(range, rule, name): (std::ops::Range<usize>, RuleId, String)| {
            let action = self.action(rule);
            let message = self.rule(rule).and_then(|rule| rule.message.clone());
            let (line, column) = lines.place(range.start);
            let (end_line, end_column) = lines.place(range.end);
            Finding {
                file: file.path.clone(),
                line,
                column,
                end_line,
                end_column,
                rule,
                name,
                action,
                reason: message.unwrap_or_else(|| rule.reason().into()),
            }
        };
        let mut uses = program.uses(|rule| self.action(rule) != Action::Allow);
        keep_most_important(&mut uses, |(_, rule, _)| self.action(*rule) == Action::Deny);
        uses.into_iter().map(find).collect()
    }
}

/// Shortens a list to [`MAX_FINDINGS`], in its order; the important ones are kept first.
fn keep_most_important<T>(items: &mut Vec<T>, important: impl Fn(&T) -> bool) {
    if items.len() <= MAX_FINDINGS {
        return;
    }
    let mut first = items.iter().filter(|item| important(item)).count();
    first = first.min(MAX_FINDINGS);
    let mut others = MAX_FINDINGS - first;
    items.retain(|item| {
        let room = match important(item) {
            true => &mut first,
            false => &mut others,
        };
        let keep = *room > 0;
        *room -= usize::from(keep);
        keep
    });
}

/// The name under which a program imports one of its own files: `tools` for `tools.py` and for
/// `tools/weather.py`.
fn module(path: &str) -> Option<&str> {
    match path.split_once('/') {
        Some((package, _)) => Some(package),
        None => path.strip_suffix(".py"),
    }
}
