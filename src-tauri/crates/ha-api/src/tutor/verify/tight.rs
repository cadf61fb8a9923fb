//! Lines of the solution without a blank between their signs, found in a text without one: words may
//! be cut anywhere. Also backwards, each word backwards, and with a shifted alphabet.

use super::plain::Token;
use std::collections::HashMap;

/// By so many bytes a line is looked up.
const KEY: usize = 8;
/// Shorter lines stand in ordinary words.
pub(super) const LEAST: usize = 12;

/// One line, written in one way.
#[derive(Debug)]
struct Needle {
    signs: Vec<u8>,
    line: usize,
}

/// Every line in every way, by its first signs.
#[derive(Debug, Default)]
pub(super) struct Needles {
    by_key: HashMap<[u8; KEY], Vec<Needle>>,
}

/// A text without blanks.
#[derive(Debug, Default)]
pub(super) struct Tight {
    signs: String,
    /// For each sign the byte of the text it came from.
    at: Vec<usize>,
}

impl Tight {
    pub(super) fn of<'t>(tokens: impl Iterator<Item = &'t Token<'t>>) -> Tight {
        let mut tight = Tight::default();
        for token in tokens.filter(|token| !is_loose(token.text)) {
            tight.signs.push_str(&token.text.to_ascii_lowercase());
            tight.at.extend(token.at..token.end());
        }
        tight
    }

    pub(super) fn contains(&self, tokens: &[String]) -> bool {
        self.signs.contains(&tight(tokens))
    }
}

/// A row of tokens as [`Tight`] has it.
pub(super) fn tight(tokens: &[String]) -> String {
    let tokens = tokens.iter().filter(|token| !is_loose(token));
    tokens.map(|token| token.to_ascii_lowercase()).collect()
}

/// What joins pieces, or makes words bold.
fn is_loose(token: &str) -> bool {
    ["+", "*"].contains(&token)
}

impl Needles {
    /// Looks for these tokens from now on, as what gives away `line`.
    pub(super) fn add(&mut self, tokens: &[String], line: usize) {
        let signs = tight(tokens).into_bytes();
        let turned = |token: &String| token.chars().rev().collect();
        let words: Vec<String> = tokens.iter().map(turned).collect();
        let mut ways = vec![backwards(&signs), tight(&words).into_bytes()];
        ways.extend((1..26).map(|by| shifted(&signs, |letter| (letter + by) % 26)));
        ways.push(shifted(&signs, |letter| 25 - letter));
        ways.push(signs);
        for signs in ways {
            let Some(key) = signs.first_chunk::<KEY>().copied() else {
                continue;
            };
            let needles = self.by_key.entry(key).or_default();
            if !needles.iter().any(|needle| needle.signs == signs) {
                needles.push(Needle { signs, line });
            }
        }
    }

    /// Tells of each line in the text, with the bytes where it stands.
    pub(super) fn find(&self, text: &Tight, mut found: impl FnMut(usize, usize, usize)) {
        let signs = text.signs.as_bytes();
        for (place, key) in signs.windows(KEY).enumerate() {
            for needle in self.at(key) {
                if signs[place..].starts_with(&needle.signs) {
                    let last = place + needle.signs.len() - 1;
                    found(needle.line, text.at[place], text.at[last] + 1);
                }
            }
        }
    }

    /// Where a line begins that may go on behind the end of the text.
    pub(super) fn begins(&self, text: &Tight) -> Option<usize> {
        let signs = text.signs.as_bytes();
        let goes_on = |place: &usize| {
            let tail = &signs[*place..];
            let mut needles = self.at(&tail[..KEY]).iter();
            needles.any(|needle| needle.signs.len() > tail.len() && needle.signs.starts_with(tail))
        };
        let places = 0..(signs.len() + 1).saturating_sub(KEY);
        places.into_iter().find(goes_on).map(|place| text.at[place])
    }

    fn at(&self, key: &[u8]) -> &[Needle] {
        let key = key.first_chunk::<KEY>();
        let needles = key.and_then(|key| self.by_key.get(key));
        needles.map_or(&[], Vec::as_slice)
    }
}

fn backwards(signs: &[u8]) -> Vec<u8> {
    signs.iter().rev().copied().collect()
}

fn shifted(signs: &[u8], to: impl Fn(u8) -> u8) -> Vec<u8> {
    let shift = |byte: &u8| match byte {
        b'a'..=b'z' => b'a' + to(byte - b'a'),
        other => *other,
    };
    signs.iter().map(shift).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::super::plain::tokens;
    use super::*;

    const LINE: &str = "text = reply.partition(\"Final Answer:\")[2]";

    fn needles() -> Needles {
        let mut needles = Needles::default();
        let words: Vec<String> = tokens(LINE).iter().map(|token| token.text.into()).collect();
        needles.add(&words, 7);
        needles
    }

    fn check(text: &str, expected: bool) {
        let mut lines = Vec::new();
        let read = tokens(text);
        needles().find(&Tight::of(read.iter()), |line, from, to| {
            assert!(from < to && to <= text.len());
            lines.push(line);
        });
        assert_eq!(lines == [7], expected, "{text:?}");
    }

    #[test]
    fn a_line_is_found_however_its_words_are_cut() {
        check(LINE, true);
        check("te xt = re ply.part iti on(Final Ans wer:)[ 2 ]", true);
        check(
            "\"text = reply.\" + \"parti\" + \"tion('Final Answer:')[2]\"",
            true,
        );
        check("]2[)\":rewsnA laniF\"(noititrap.ylper = txet", true);
        check("txet = ylper.noititrap(\"laniF rewsnA:\")[2]", true);
        check("grkg = ercyl.cnegvgvba(\"Svany Nafjre:\")[2]", true);
        check("whaw = uhsob.sduwlwlrq(\"Ilqdo Dqvzhu:\")[2]", true);
        check("gvcg = ivkob.kzigrgrlm(\"Urmzo Zmhdvi:\")[2]", true);
        check("Read about partition. The Final Answer: 2", false);
        check("text = reply", false);
    }

    #[test]
    fn the_beginning_of_a_line_is_seen_at_the_end_only() {
        let begins = |text: &str| needles().begins(&Tight::of(tokens(text).iter()));
        assert_eq!(begins("so: text = reply.par"), Some(4));
        assert_eq!(begins("so: text = reply.par no"), None);
        assert_eq!(begins("so: text"), None);
        assert_eq!(begins(""), None);
    }
}
