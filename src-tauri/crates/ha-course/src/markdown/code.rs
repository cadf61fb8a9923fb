//! Colours for code: classes with the prefix `hl-`, one per part of the scope's name.
//!
//! `keyword.control.python` becomes `hl-keyword hl-control hl-python`. Spans are flat: of the
//! scopes around a token the innermost that themes colour wins. Nested spans would say nothing
//! more, weigh five times as much, and nest as deeply as hostile brackets do.

use super::push_escaped;
use std::collections::HashMap;
use std::sync::OnceLock;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};
use syntect::util::LinesWithEndings;

/// Bytes of code coloured in one text; the rest stays plain. Colouring is the slowest step.
pub(super) const BUDGET: usize = 128 * 1024;
/// Longest coloured line, in bytes: the patterns' cost can grow with its square.
const MAX_LINE: usize = 1000;
/// How many scopes are looked at from the inside out.
const MAX_SCOPES: usize = 16;
/// First words of the scopes that get a colour.
const COLOURED: [&str; 11] = [
    "comment",
    "constant",
    "entity",
    "invalid",
    "keyword",
    "markup",
    "punctuation",
    "storage",
    "string",
    "support",
    "variable",
];

static SYNTAXES: OnceLock<SyntaxSet> = OnceLock::new();

/// Appends code as escaped HTML, coloured when the language is known and `budget` allows.
pub(super) fn push_code(out: &mut String, source: &str, language: &str, budget: &mut usize) {
    let syntaxes = SYNTAXES.get_or_init(SyntaxSet::load_defaults_newlines);
    let syntax = syntax(syntaxes, language).filter(|_| source.len() <= *budget);
    let Some(syntax) = syntax else {
        return push_escaped(out, source);
    };
    *budget -= source.len();
    let mut colours = Colours {
        state: ParseState::new(syntax),
        scopes: ScopeStack::new(),
        classes: HashMap::new(),
        open: String::new(),
    };
    for line in LinesWithEndings::from(source) {
        colours.line(out, line, syntaxes);
    }
    colours.class(out, "");
}

/// The languages that are coloured, by every name a fence may give them. A list, because the
/// patterns of some languages outside it take minutes over hostile text.
fn syntax<'a>(syntaxes: &'a SyntaxSet, language: &str) -> Option<&'a SyntaxReference> {
    let name = match language {
        "py" | "python" | "python3" | "pycon" => "python",
        "sh" | "bash" | "shell" | "console" | "zsh" => "bash",
        "js" | "javascript" | "ts" | "typescript" | "jsx" | "tsx" => "js",
        "json" | "jsonc" | "jsonl" => "json",
        "yaml" | "yml" => "yaml",
        "md" | "markdown" => "md",
        "rust" | "rs" => "rs",
        "c" | "cpp" | "css" | "diff" | "go" | "html" | "java" | "sql" | "xml" => language,
        _ => return None,
    };
    syntaxes.find_syntax_by_token(name)
}

struct Colours {
    state: ParseState,
    scopes: ScopeStack,
    classes: HashMap<Scope, String>,
    /// Classes of the span that is open; empty when none is.
    open: String,
}

impl Colours {
    fn line(&mut self, out: &mut String, line: &str, syntaxes: &SyntaxSet) {
        let parsed = match line.len() <= MAX_LINE {
            true => self.state.parse_line(line, syntaxes).unwrap_or_default(),
            false => Vec::new(),
        };
        let mut written = 0;
        for (at, change) in parsed {
            self.token(out, &line[written..at]);
            written = at;
            // A scope that was never opened cannot be closed; the rest keeps the colour it has.
            if self.scopes.apply(&change).is_err() {
                break;
            }
        }
        self.token(out, &line[written..]);
    }

    fn token(&mut self, out: &mut String, token: &str) {
        if token.is_empty() {
            return;
        }
        // A blank has no colour, and ending the span for it would double the page.
        if !token.trim().is_empty() {
            let class = self.colour();
            self.class(out, &class);
        }
        push_escaped(out, token);
    }

    fn class(&mut self, out: &mut String, class: &str) {
        if self.open == class {
            return;
        }
        if !self.open.is_empty() {
            out.push_str("</span>");
        }
        if !class.is_empty() {
            out.push_str("<span class=\"");
            push_escaped(out, class);
            out.push_str("\">");
        }
        self.open = class.to_string();
    }

    /// Classes of the innermost scope that has a colour.
    fn colour(&mut self) -> String {
        let scopes = self.scopes.as_slice();
        for scope in scopes.iter().rev().take(MAX_SCOPES) {
            let class = self
                .classes
                .entry(*scope)
                .or_insert_with(|| classes(*scope));
            if !class.is_empty() {
                return class.clone();
            }
        }
        String::new()
    }
}

/// A scope's classes; none when it has no colour.
fn classes(scope: Scope) -> String {
    let name = scope.build_string();
    let mut parts = name.split('.');
    let first = parts.next().unwrap_or_default();
    // The quotes of a string and the # of a comment belong to what they begin.
    let is_edge = name.starts_with("punctuation.definition.string")
        || name.starts_with("punctuation.definition.comment");
    if !COLOURED.contains(&first) || is_edge {
        return String::new();
    }
    let classes: Vec<_> = name.split('.').map(|part| format!("hl-{part}")).collect();
    classes.join(" ")
}
