//! Colours for code: classes with the prefix `hl-`, one per part of the scope's name.
//!
//! `keyword.control.python` becomes `hl-keyword hl-control hl-python`. Spans are flat: of the
//! scopes around a token the innermost that themes colour wins. Nested spans would say nothing
//! more, weigh five times as much, and nest as deeply as hostile brackets do.
//!
//! Finding them takes three quarters of the time of a page, and the same code comes again: in the
//! other language, when somebody goes back, when its author saves another paragraph, in each frame of
//! an answer that grows. So what was coloured is kept for a while.

use super::push_escaped;
use blake3::Hash;
use hashlink::LruCache;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};
use syntect::util::LinesWithEndings;

/// Bytes of code coloured in one text; the rest stays plain. Colouring is the slowest step.
pub(super) const BUDGET: usize = 128 * 1024;
/// Longest coloured line, in bytes: the patterns' cost can grow with its square.
const MAX_LINE: usize = 1000;
/// Bytes of coloured code that are kept: thirty long chapters of a book.
const MAX_KEPT: usize = 4 * 1024 * 1024;
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
static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(|| Mutex::new(Kept::up_to(MAX_KEPT)));

/// Appends code as escaped HTML, coloured when the language is known and `budget` allows.
pub(super) fn push_code(out: &mut String, source: &str, language: &str, budget: &mut usize) {
    let syntaxes = SYNTAXES.get_or_init(SyntaxSet::load_defaults_newlines);
    let syntax = syntax(syntaxes, language).filter(|_| source.len() <= *budget);
    let Some(syntax) = syntax else {
        return push_escaped(out, source);
    };
    *budget -= source.len();
    let block = blake3::hash(format!("{}\n{source}", syntax.name).as_bytes());
    let known = kept().get(block);
    // Not under the lock: others colour meanwhile.
    let html = known.unwrap_or_else(|| {
        let html: Arc<str> = coloured(source, syntax, syntaxes).into();
        kept().insert(block, html.clone());
        html
    });
    out.push_str(&html);
}

/// Blocks that were coloured lately.
struct Kept {
    blocks: LruCache<Hash, Arc<str>>,
    /// Of all of them together.
    bytes: usize,
    most: usize,
}

impl Kept {
    fn up_to(most: usize) -> Kept {
        Kept {
            blocks: LruCache::new_unbounded(),
            bytes: 0,
            most,
        }
    }

    fn get(&mut self, block: Hash) -> Option<Arc<str>> {
        self.blocks.get(&block).cloned()
    }

    fn insert(&mut self, block: Hash, html: Arc<str>) {
        self.bytes += html.len();
        let before = self.blocks.insert(block, html);
        self.bytes -= before.map_or(0, |html| html.len());
        while self.bytes > self.most {
            let Some((_, oldest)) = self.blocks.remove_lru() else {
                return;
            };
            self.bytes -= oldest.len();
        }
    }
}

fn kept() -> MutexGuard<'static, Kept> {
    // It is whole whenever the lock is free.
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

fn coloured(source: &str, syntax: &SyntaxReference, syntaxes: &SyntaxSet) -> String {
    let mut out = String::with_capacity(source.len() * 8);
    let mut colours = Colours {
        state: ParseState::new(syntax),
        scopes: ScopeStack::new(),
        classes: HashMap::new(),
        open: String::new(),
    };
    for line in LinesWithEndings::from(source) {
        colours.line(&mut out, line, syntaxes);
    }
    colours.class(&mut out, "");
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of `blocks` are still there.
    fn held(kept: &mut Kept, blocks: &[&str]) -> Vec<bool> {
        let there = |block: &&str| kept.get(blake3::hash(block.as_bytes())).is_some();
        blocks.iter().map(there).collect()
    }

    fn insert(kept: &mut Kept, block: &str, html: &str) {
        kept.insert(blake3::hash(block.as_bytes()), html.into());
    }

    #[test]
    fn the_same_text_in_another_language_has_other_colours() {
        let html = |language| {
            let (mut out, mut budget) = (String::new(), 100);
            push_code(&mut out, "def x", language, &mut budget);
            (out, budget)
        };
        let (python, left) = html("python");
        assert!(python.contains("hl-storage") && left == 95, "{python}");
        assert_eq!(html("python"), (python.clone(), left), "coloured before");
        assert_ne!(html("json").0, python);
    }

    #[test]
    fn what_was_shown_longest_ago_goes_first_and_not_before_the_place_is_used_up() {
        let mut kept = Kept::up_to(10);
        insert(&mut kept, "a", "12345");
        insert(&mut kept, "b", "12345");
        assert_eq!(held(&mut kept, &["b", "a"]), [true, true]);
        insert(&mut kept, "c", "1");
        assert_eq!(held(&mut kept, &["a", "b", "c"]), [true, false, true]);
    }

    #[test]
    fn a_block_coloured_twice_counts_once() {
        let mut kept = Kept::up_to(10);
        insert(&mut kept, "a", "12345");
        insert(&mut kept, "a", "12345");
        insert(&mut kept, "b", "12345");
        assert_eq!(held(&mut kept, &["a", "b"]), [true, true]);
    }

    #[test]
    fn a_block_larger_than_the_place_is_not_kept() {
        let mut kept = Kept::up_to(10);
        insert(&mut kept, "a", "12345678901");
        assert_eq!((held(&mut kept, &["a"]), kept.bytes), (vec![false], 0));
    }
}
