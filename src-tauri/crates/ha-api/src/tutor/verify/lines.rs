//! Lines of the solution as patterns of tokens, found in a text over the ends of its lines.
//!
//! A name that is the author's own choice stands for every name: a solution does not become another
//! by calling its variables differently. The fewer marks of its own a line has (what it calls, its
//! texts and numbers), the more of the learner's names must stand in it: `messages.append(message)`
//! is a line of this exercise, `basket.append(apple)` an example on other data.

use super::plain::{self, Token, is_prefix, token_length};
use super::prose;
use super::words::{WORDS, is_name};
use std::collections::{BTreeSet, HashMap};

/// A part of a line is looked for alone from so many tokens on.
const LEAST_PART: usize = 8;
/// So much of a line may be on the screen before it is known how it goes on.
const LEAST_BEGUN: usize = 3;

/// What stands at one place of a line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    /// This and nothing else.
    Exact(String),
    /// A variable that the learner has, too.
    Known(String),
    /// A variable that the author chose.
    Own,
}

/// A line, or the part of it that says the most.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pattern {
    slots: Vec<Slot>,
    /// The sign behind it that a piece of code may leave away.
    tail: Option<String>,
    /// So many of the learner's names must stand as they are.
    needs: usize,
    /// The words of its marks.
    marks: BTreeSet<String>,
}

/// What every line is read with.
pub(super) struct Names<'n> {
    /// Names in the files that the learner has.
    pub(super) known: &'n BTreeSet<String>,
    /// Functions that the author added.
    pub(super) added: &'n BTreeSet<String>,
}

impl Pattern {
    /// A line of the author's. None where nothing in it is its own.
    pub(super) fn of(line: &str, names: &Names<'_>) -> Option<Pattern> {
        let pieces = pieces(line);
        let marks = prose::marks(line);
        let marks = marks
            .iter()
            .flat_map(|mark| plain::tokens(mark))
            .filter(|token| !WORDS.contains(&token.text) && token.text.len() > 1)
            .map(|token| token.text.to_string());
        Pattern::with(slots(&pieces, names), &marks.collect())
    }

    fn with(mut slots: Vec<Slot>, marks: &BTreeSet<String>) -> Option<Pattern> {
        let mut tail = None;
        while let Some(Slot::Exact(sign)) = slots.last() {
            match sign.as_str() {
                ":" | "{" => tail = Some(sign.clone()),
                ";" | "," => {}
                _ => break,
            }
            slots.pop();
        }
        let is_known = |slot: &&Slot| matches!(slot, Slot::Known(_));
        let known = slots.iter().filter(is_known).count();
        let is_mark = |word: &&String| {
            slots
                .iter()
                .any(|slot| matches!(slot, Slot::Exact(own) if own == *word))
        };
        let marks: BTreeSet<String> = marks.iter().filter(is_mark).cloned().collect();
        let needs = match marks.is_empty() {
            true => known.div_ceil(2),
            false => 0,
        };
        let says = !marks.is_empty() || needs > 0;
        says.then_some(Pattern {
            slots,
            tail,
            needs,
            marks,
        })
    }

    /// What is asked, returned or assigned in it, where that says enough alone; also without what is
    /// done with it at last: `a.b(c)[2].d()` is `a.b(c)[2]` and `a.b(c)`.
    pub(super) fn parts(&self) -> Vec<Pattern> {
        let mut parts = Vec::new();
        let mut slots = self.value();
        while slots.len() >= LEAST_PART {
            let part = Pattern::with(slots.to_vec(), &self.marks);
            // What is left must still say more than one name.
            let least = if parts.is_empty() { 1 } else { 2 };
            let says = |part: &Pattern| part.marks.len() >= least && part.slots != self.slots;
            parts.extend(part.filter(says));
            slots = without_last(slots);
        }
        parts
    }

    /// What is asked, returned or assigned.
    fn value(&self) -> &[Slot] {
        let is = |slot: &Slot, words: &[&str]| match slot {
            Slot::Exact(word) => words.contains(&word.as_str()),
            _ => false,
        };
        // What it is a part of may be left away.
        let of_self = self
            .slots
            .first()
            .is_some_and(|slot| is(slot, &["self", "this"]));
        let mut from = if of_self { 2 } else { 0 };
        while self.slots.get(from).is_some_and(|slot| {
            is(
                slot,
                &[
                    "if", "elif", "else", "while", "return", "not", "await", "yield",
                ],
            )
        }) {
            from += 1;
        }
        let assigned = self.slots.iter().position(|slot| is(slot, &["="]));
        if let Some(at) = assigned.filter(|at| from < *at) {
            let target = &self.slots[..at];
            let is_target = |slot: &Slot| {
                !matches!(slot, Slot::Exact(_))
                    || is(slot, &[",", ":", "+", ".", "const", "let", "var"])
            };
            let compares = self.slots.get(at + 1).is_some_and(|slot| is(slot, &["="]));
            if target.iter().all(is_target) && !compares {
                from = at + 1;
            }
        }
        &self.slots[from..]
    }

    /// Each piece between two variables, with how many of the line's marks are in it.
    pub(super) fn pieces(&self) -> Vec<(Vec<String>, usize)> {
        self.slots
            .split(|slot| !matches!(slot, Slot::Exact(_)))
            .map(|piece| {
                let exact = piece.iter().filter_map(|slot| match slot {
                    Slot::Exact(word) => Some(word.clone()),
                    _ => None,
                });
                let exact: Vec<String> = exact.collect();
                let is_mark = |word: &&String| self.marks.contains(*word);
                let marks = exact.iter().filter(is_mark).count();
                (exact, marks)
            })
            .collect()
    }

    /// Whether these tokens are the line; `next` is what stands behind them.
    fn matches(&self, tokens: &[&Token<'_>], next: Option<&Token<'_>>) -> bool {
        let Some(last) = tokens.last() else {
            return false;
        };
        let closed = self.tail.as_deref().is_none_or(|tail| {
            (last.in_code && last.ends) || next.is_some_and(|next| next.text == tail)
        });
        closed && self.holds(tokens).is_some_and(|kept| kept >= self.needs)
    }

    /// How many of the learner's names stand as they are, where every token fits.
    fn holds(&self, tokens: &[&Token<'_>]) -> Option<usize> {
        let mut kept = 0;
        for (slot, token) in self.slots.iter().zip(tokens) {
            let is_free = || is_name(token.text) && !WORDS.contains(&token.text);
            match slot {
                Slot::Exact(word) if word == token.text => {}
                Slot::Known(name) if name == token.text => kept += 1,
                Slot::Known(_) | Slot::Own if is_free() => {}
                _ => return None,
            }
        }
        Some(kept)
    }

    /// The place and text of what tells it best from other lines.
    fn anchor(&self) -> Option<(usize, &str)> {
        let exact = self
            .slots
            .iter()
            .enumerate()
            .filter_map(|(at, slot)| match slot {
                Slot::Exact(word) => Some((at, word.as_str())),
                _ => None,
            });
        exact.max_by_key(|(_, word)| (!WORDS.contains(word), word.len()))
    }
}

/// Every line, by the token that tells it best.
#[derive(Debug, Default)]
pub(super) struct Lines {
    by_anchor: HashMap<String, Vec<(usize, Pattern, usize)>>,
}

impl Lines {
    /// Looks for this pattern from now on, as what gives away `line`.
    pub(super) fn add(&mut self, pattern: Pattern, line: usize) {
        if let Some((at, word)) = pattern.anchor() {
            let same = self.by_anchor.entry(word.to_string()).or_default();
            same.push((at, pattern, line));
        }
    }

    /// Tells of each line among the tokens, with the bytes where it stands.
    pub(super) fn find(&self, tokens: &[&Token<'_>], mut found: impl FnMut(usize, usize, usize)) {
        for (place, token) in tokens.iter().enumerate() {
            for (at, pattern, line) in self.by_anchor.get(token.text).into_iter().flatten() {
                let Some(from) = place.checked_sub(*at) else {
                    continue;
                };
                let to = from + pattern.slots.len();
                let Some(window) = tokens.get(from..to) else {
                    continue;
                };
                if pattern.matches(window, tokens.get(to).copied()) {
                    found(*line, window[0].at, window[window.len() - 1].end());
                }
            }
        }
    }

    /// Where a line begins that may go on behind these tokens. `half`: only when half of it is there.
    pub(super) fn begins(&self, tokens: &[&Token<'_>], half: bool) -> Option<usize> {
        let begun = |pattern: &Pattern| {
            let least = match half {
                true => pattern.slots.len().div_ceil(2).max(LEAST_BEGUN + 1),
                false => LEAST_BEGUN,
            };
            let most = tokens.len().min(pattern.slots.len());
            let mut lengths = (least..=most).rev();
            lengths.find_map(|length| {
                let tail = &tokens[tokens.len() - length..];
                pattern.holds(tail).map(|_| tail[0].at)
            })
        };
        let patterns = self.by_anchor.values().flatten();
        patterns.filter_map(|(_, pattern, _)| begun(pattern)).min()
    }
}

/// A token of the author's, and whether it stands in a text.
struct Piece {
    word: String,
    is_text: bool,
}

/// The tokens of a line without its comment: of a text its words, of what it fills in the code.
fn pieces(line: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut quote, mut fills, mut depth) = (None, false, 0_usize);
    let mut rest = line.trim();
    while let Some(first) = rest.chars().next() {
        let length = token_length(rest, first);
        let (word, after) = rest.split_at(length);
        rest = after;
        let is_text = quote.is_some() && depth == 0;
        match (first, quote) {
            ('#', None) => break,
            ('"' | '\'' | '`', None) => {
                quote = Some(first);
                fills |= first == '`';
                continue;
            }
            (c, Some(open)) if c == open => {
                (quote, fills, depth) = (None, false, 0);
                continue;
            }
            ('{', Some(_)) if fills => depth += 1,
            ('}', Some(_)) if fills => depth = depth.saturating_sub(1),
            _ => {}
        }
        if quote.is_none() && is_prefix(word) && after.starts_with(['"', '\'']) {
            fills = word.contains('f');
            continue;
        }
        let is_glue = ['"', '\'', '`', '|', '\\', '#'].contains(&first);
        if !first.is_whitespace() && !is_glue {
            pieces.push(Piece {
                word: word.to_string(),
                is_text,
            });
        }
    }
    pieces
}

fn slots(pieces: &[Piece], names: &Names<'_>) -> Vec<Slot> {
    let word = |at: Option<usize>| {
        let piece = at.and_then(|at| pieces.get(at));
        piece.map_or("", |piece| piece.word.as_str())
    };
    let slot = |(at, piece): (usize, &Piece)| {
        let (before, next) = (word(at.checked_sub(1)), word(Some(at + 1)));
        let name = piece.word.clone();
        let is_called = next == "(" && !names.added.contains(&name);
        let is_key = next == "="
            && word(Some(at + 2)) != "="
            && ["(", ","].contains(&before)
            && at > 1
            && pieces[..at].iter().any(|piece| piece.word == "(");
        let is_field = next == ":" && before == "{";
        let is_given = piece.is_text
            || !is_name(&name)
            || WORDS.contains(&name.as_str())
            || before == "."
            || is_called
            || is_key
            || is_field;
        match (is_given, names.known.contains(&name)) {
            (true, _) => Slot::Exact(name),
            (false, true) => Slot::Known(name),
            (false, false) => Slot::Own,
        }
    };
    pieces.iter().enumerate().map(slot).collect()
}

/// The tokens of a line; and with the letters before its texts, which stay in a line that is turned
/// around.
pub(super) fn whole(line: &str) -> [Vec<String>; 2] {
    let without = pieces(line).into_iter().map(|piece| piece.word);
    let apart = line.replace(['"', '\''], " ");
    let with = plain::tokens(&apart);
    let with = with.iter().map(|token| token.text.to_string());
    [without.collect(), with.collect()]
}

/// How many tokens of it are code. A text counts once, and what is filled into it as well.
pub(super) fn size(line: &str) -> usize {
    let pieces = pieces(line);
    let runs = pieces.chunk_by(|a, b| a.is_text && b.is_text);
    runs.count()
}

/// An expression without its last call or index; nothing where that is all of it.
fn without_last(slots: &[Slot]) -> &[Slot] {
    let is = |slot: &Slot, words: [&str; 2]| match slot {
        Slot::Exact(word) => words.contains(&word.as_str()),
        _ => false,
    };
    let mut depth = 0_usize;
    for (at, slot) in slots.iter().enumerate().rev() {
        depth += usize::from(is(slot, [")", "]"]));
        if is(slot, ["(", "["]) {
            depth = depth.saturating_sub(1);
        }
        if depth > 0 {
            continue;
        }
        // An index ends where it opens, a call where its name's point is.
        return match slot {
            slot if is(slot, ["[", "."]) => &slots[..at],
            slot if is(slot, ["(", "("]) || at + 1 < slots.len() => continue,
            _ => &[],
        };
    }
    &[]
}

/// Functions and classes that a program makes.
pub(super) fn made(program: &str) -> BTreeSet<String> {
    let tokens = plain::tokens(program);
    let makes =
        |pair: &[Token<'_>]| ["def", "class", "function", "func", "const"].contains(&pair[0].text);
    let pairs = tokens.windows(2).filter(|pair| makes(pair));
    pairs.map(|pair| pair[1].text.to_string()).collect()
}
