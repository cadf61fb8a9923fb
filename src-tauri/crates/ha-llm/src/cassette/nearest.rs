//! Of the recorded requests, the one that is nearest to a request that fits none: what an author, or
//! a learner who changed a prompt, wants to see.

use super::normal::{Asked, Said};
use super::{Cassette, Exchange};
use std::collections::HashMap;

/// Characters of a message that are compared, and of a line that are shown.
const COMPARED: usize = 2_000;
const SHOWN: usize = 300;
/// Lines of each side that are compared, and of the difference that are shown.
const LINES: usize = 200;
const DIFF: usize = 40;

/// The recorded request that is nearest, and the first message in which it differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearest {
    /// Where it begins in the cassette's file, 1-based.
    pub line: u32,
    /// The first message that differs, from 0; none when only the tools differ.
    pub message: Option<usize>,
    /// The role of ours; of the recorded one where we have no such message.
    pub role: String,
    /// Lines that begin with `- ` (recorded only), `+ ` (ours only) or two spaces (both).
    pub diff: Vec<String>,
}

/// The nearest to a conversation.
pub(super) fn nearest(cassette: &Cassette, ours: &[Said], tools: &[String]) -> Option<Nearest> {
    let chats = cassette.exchanges.iter();
    let chats = chats.filter(|exchange| matches!(exchange.asked, Asked::Chat(_)));
    let begins = |exchange: &Exchange| {
        let theirs = exchange.asked.messages().iter();
        theirs.zip(ours).take_while(|(a, b)| a == b).count()
    };
    let most = chats.clone().map(begins).max()?;
    let close = chats.filter(|exchange| begins(exchange) == most);
    let bag = bag(ours.get(most));
    let mut best: Option<(f64, &Exchange)> = None;
    for exchange in close {
        let theirs = exchange.asked.messages();
        let mut score = likeness(&bag, theirs.get(most));
        if theirs.len() == ours.len() {
            score += 0.1;
        }
        // The first of equals, so that the answer is the same every time.
        if best.is_none_or(|(known, _)| score > known) {
            best = Some((score, exchange));
        }
    }
    let (_, exchange) = best?;
    Some(difference(exchange, ours, tools, most))
}

fn difference(exchange: &Exchange, ours: &[Said], tools: &[String], at: usize) -> Nearest {
    let theirs = exchange.asked.messages();
    if at == ours.len() && at == theirs.len() {
        let recorded = exchange.tools.clone().unwrap_or_default().join(", ");
        return Nearest {
            line: exchange.line,
            message: None,
            role: String::new(),
            diff: vec![
                format!("- tools: {recorded}"),
                format!("+ tools: {}", tools.join(", ")),
            ],
        };
    }
    let (recorded, own) = (theirs.get(at), ours.get(at));
    let role = own.or(recorded).map(|said| said.role.clone());
    let with_role = recorded.map(|said| &said.role) != own.map(|said| &said.role);
    Nearest {
        line: exchange.line,
        message: Some(at),
        role: role.unwrap_or_default(),
        diff: diff(&lines(recorded, with_role), &lines(own, with_role)),
    }
}

fn lines(said: Option<&Said>, with_role: bool) -> Vec<String> {
    let Some(said) = said else { return Vec::new() };
    let role = with_role.then(|| format!("[{}]", said.role));
    let calls = said.calls.iter();
    let calls = calls.map(|(name, arguments)| format!("→ {name}({arguments})"));
    let text = said.text.lines().map(String::from);
    let all = role.into_iter().chain(text).chain(calls);
    let short = |line: String| match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    };
    all.take(LINES).map(short).collect()
}

/// A difference of lines by their longest common sequence.
fn diff(recorded: &[String], own: &[String]) -> Vec<String> {
    let width = own.len() + 1;
    let mut longest = vec![0_u32; (recorded.len() + 1) * width];
    for r in (0..recorded.len()).rev() {
        for o in (0..own.len()).rev() {
            longest[r * width + o] = match recorded[r] == own[o] {
                true => longest[(r + 1) * width + o + 1] + 1,
                false => longest[(r + 1) * width + o].max(longest[r * width + o + 1]),
            };
        }
    }
    let (mut r, mut o, mut diff) = (0, 0, Vec::new());
    while r < recorded.len() || o < own.len() {
        if r < recorded.len() && o < own.len() && recorded[r] == own[o] {
            diff.push(format!("  {}", own[o]));
            (r, o) = (r + 1, o + 1);
        } else if r < recorded.len()
            && (o == own.len() || longest[(r + 1) * width + o] >= longest[r * width + o + 1])
        {
            diff.push(format!("- {}", recorded[r]));
            r += 1;
        } else {
            diff.push(format!("+ {}", own[o]));
            o += 1;
        }
    }
    if diff.len() > DIFF {
        // What is the same says the least.
        diff.retain(|line| !line.starts_with("  "));
        diff.truncate(DIFF);
    }
    diff
}

type Bag = HashMap<(char, char), u32>;

/// How often each pair of characters comes.
fn bag(said: Option<&Said>) -> Bag {
    let mut bag = Bag::new();
    let text = said.map_or("", |said| said.text.as_str());
    let mut before = ' ';
    for sign in text.chars().take(COMPARED) {
        *bag.entry((before, sign)).or_default() += 1;
        before = sign;
    }
    bag
}

/// How much of two texts is the same, from 0 to 1.
fn likeness(ours: &Bag, said: Option<&Said>) -> f64 {
    let theirs = bag(said);
    let count = |bag: &Bag| bag.values().sum::<u32>();
    let all = count(ours) + count(&theirs);
    if all == 0 {
        return 1.0;
    }
    let shared: u32 = theirs
        .iter()
        .map(|(pair, times)| ours.get(pair).copied().unwrap_or(0).min(*times))
        .sum();
    f64::from(2 * shared) / f64::from(all)
}
