//! What a text says once its letters are put together or its codes are read: letters apart, escapes,
//! base64, hexadecimal, lists of character codes. Each is read once, and everything of the text at
//! once, without looking for where a code begins: of ordinary words nothing readable comes out.
//!
//! Left out: a code within a code, and every code that needs more than its signs to be read
//! (compressed, encrypted with a word). Words backwards and shifted alphabets are `tight`'s.

use super::plain::head;

/// So many single letters in a row are a word taken apart.
const APART: usize = 4;
/// Shorter pieces of readable bytes come out of ordinary words by chance.
const READABLE: usize = 10;

/// Every other way to read a plain text, where there is one.
pub(super) fn readings(text: &str) -> Vec<String> {
    let mut readings = Vec::new();
    readings.extend(put_together(text));
    readings.extend(unescaped(text));
    readings.extend((0..4).map(|skip| readable(&base64(text, skip))));
    readings.extend((0..2).map(|skip| readable(&hexadecimal(text, skip))));
    readings.extend([8, 10].map(|radix| readable(&numbers(text, radix))));
    readings.retain(|reading| !reading.is_empty());
    readings
}

/// The pieces of printable ASCII that are long enough.
fn readable(bytes: &[u8]) -> String {
    let mut text = String::new();
    for piece in bytes.split(|byte| !matches!(byte, b' '..=b'~' | b'\n' | b'\t')) {
        if piece.len() >= READABLE {
            text.extend(piece.iter().map(|byte| *byte as char));
            text.push('\n');
        }
    }
    text
}

/// `p a r t` and `p-a-r-t` as `part`.
fn put_together(text: &str) -> Option<String> {
    let mut whole = String::new();
    let mut run: Vec<char> = Vec::new();
    let mut apart = false;
    let words = text.split_inclusive(|c: char| c.is_whitespace());
    for word in words.chain([""]) {
        let bare = word.trim();
        if let Some(letter) = single(bare) {
            run.extend(letter);
            continue;
        }
        let is_blank = bare.is_empty() && !word.is_empty();
        if is_blank && !run.is_empty() {
            continue;
        }
        if !run.is_empty() {
            apart |= run.len() >= APART;
            let between = if run.len() >= APART { "" } else { " " };
            for letter in run.drain(..) {
                whole.push(letter);
                whole.push_str(between);
            }
            whole.push(' ');
        }
        match joined(bare) {
            Some(joined) => {
                apart = true;
                whole.push_str(&joined);
                whole.push_str(&word[bare.len()..]);
            }
            None => whole.push_str(word),
        }
    }
    apart.then_some(whole)
}

/// A word of one ASCII letter or sign, whatever frames it; `Some(None)` for a frame alone.
fn single(word: &str) -> Option<Option<char>> {
    if word == "|" {
        return Some(None);
    }
    if word.len() > 4 || !word.is_ascii() {
        return None;
    }
    let mut letters = word.chars().filter(char::is_ascii_alphanumeric);
    match (letters.next(), letters.next()) {
        (Some(letter), None) => Some(Some(letter)),
        (None, None) if word.len() == 1 => Some(word.chars().next()),
        _ => None,
    }
}

/// `p-a-r-t` without its dashes.
fn joined(word: &str) -> Option<String> {
    let signs: Vec<char> = word.chars().collect();
    let sign = *signs.get(1)?;
    let apart = signs.len() > 2 * APART
        && !sign.is_alphanumeric()
        && signs.iter().filter(|sign| sign.is_alphanumeric()).count() > APART
        && signs
            .chunks(2)
            .all(|pair| pair.get(1).is_none_or(|between| *between == sign));
    apart.then(|| signs.into_iter().step_by(2).collect())
}

/// `%70`, `\x70`, `\u0070`, `\160`, `\n`, `&#112;` and `&quot;` as what they stand for.
fn unescaped(text: &str) -> Option<String> {
    let mut whole = String::new();
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find(['%', '\\', '&', 'U']) {
        whole.push_str(&rest[..at]);
        rest = &rest[at..];
        let (sign, length) = match escape(rest) {
            Some(read) => read,
            None => (rest.chars().next(), 1),
        };
        found |= length > 1;
        whole.extend(sign);
        rest = &rest[length..];
    }
    whole.push_str(rest);
    found.then_some(whole)
}

/// The sign that an escape stands for, and the bytes it takes.
fn escape(rest: &str) -> Option<(Option<char>, usize)> {
    const NAMED: [(&str, char); 8] = [
        ("\\n", '\n'),
        ("\\t", '\t'),
        ("\\\"", '"'),
        ("&quot;", '"'),
        ("&apos;", '\''),
        ("&amp;", '&'),
        ("&lt;", '<'),
        ("&gt;", '>'),
    ];
    if let Some((name, sign)) = NAMED.iter().find(|(name, _)| rest.starts_with(name)) {
        return Some((Some(*sign), name.len()));
    }
    // What begins it, the base, the fewest and the most digits, what ends it.
    const CODED: [(&str, u32, usize, usize, &str); 9] = [
        ("%", 16, 2, 2, ""),
        ("\\x", 16, 2, 2, ""),
        ("\\u{", 16, 1, 6, "}"),
        ("\\u", 16, 4, 4, ""),
        ("\\U", 16, 8, 8, ""),
        ("U+", 16, 4, 6, ""),
        ("&#x", 16, 1, 6, ";"),
        ("&#", 10, 1, 7, ";"),
        ("\\", 8, 3, 3, ""),
    ];
    CODED.iter().find_map(|(begin, radix, least, most, end)| {
        let digits = rest.strip_prefix(begin)?;
        let count = digits
            .chars()
            .take(*most)
            .take_while(|c| c.is_digit(*radix));
        let count = count.count();
        let code = u32::from_str_radix(&digits[..count], *radix).ok()?;
        let is_whole = count >= *least && digits[count..].starts_with(end);
        is_whole.then(|| (char::from_u32(code), begin.len() + count + end.len()))
    })
}

/// Everything as base64, from its letter number `skip` on. Lines of it may be numbered.
fn base64(text: &str, skip: usize) -> Vec<u8> {
    let lines = text.lines().flat_map(|line| line[head(line)..].bytes());
    let digits = lines.filter_map(|byte| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    });
    let digits: Vec<u8> = digits.skip(skip).collect();
    let mut bytes = Vec::new();
    for four in digits.chunks(4) {
        let mut bits = [0; 4];
        bits[..four.len()].copy_from_slice(four);
        let bits = bits
            .iter()
            .fold(0, |all, digit| all << 6 | u32::from(*digit));
        // An end without its filling is shorter.
        bytes.extend_from_slice(&bits.to_be_bytes()[1..=four.len() * 6 / 8]);
    }
    bytes
}

/// Hexadecimal digits as bytes, from the digit number `skip` on: any word between them ends a piece,
/// and what marks such numbers (`0x`, `\x`) or parts them does not.
fn hexadecimal(text: &str, skip: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut digits: Vec<u8> = Vec::new();
    let mut flush = |digits: &mut Vec<u8>| {
        let pairs = digits.get(skip..).unwrap_or_default().chunks_exact(2);
        let read = pairs.map(|pair| pair[0] << 4 | pair[1]);
        // Two bytes a letter have a nothing in each.
        bytes.extend(read.filter(|byte| *byte != 0));
        bytes.push(0);
        digits.clear();
    };
    for c in text.chars() {
        match c.to_digit(16) {
            Some(digit) => digits.push(digit as u8),
            None if c == 'x' && digits.last() == Some(&0) => {
                digits.pop();
            }
            None if !c.is_alphabetic() || "xuU".contains(c) => {}
            None => flush(&mut digits),
        }
    }
    flush(&mut digits);
    bytes
}

/// Numbers as the characters they stand for; eight noughts and ones are one, too.
fn numbers(text: &str, radix: u32) -> Vec<u8> {
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    let codes = numbers.filter(|digits| !digits.is_empty()).map(|digits| {
        let is_binary = matches!(digits.len(), 7 | 8) && !digits.contains(|c| c > '1');
        let radix = if is_binary { 2 } else { radix };
        u8::from_str_radix(digits, radix).unwrap_or(0)
    });
    codes.collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn check(text: &str, expected: &str) {
        let readings = readings(text);
        let found = readings.iter().any(|reading| reading.contains(expected));
        assert!(found, "{text:?} reads {readings:?}");
    }

    #[test]
    fn each_way_to_write_a_line_is_read() {
        check("so p a r t i t i o n is", "partition");
        check("p\na\nr\nt", "part");
        check("| p | a | r | t |", "part");
        check("`p` `a` `r` `t`", "part");
        check("p, a, r, t, i", "parti");
        check("p-a-r-t-i-t-i-o-n", "partition");
        check("a%20%3D%20b", "a = b");
        check("\\x61\\u0062\\u{63}\\144", "abcd");
        check("&#112;&#x61;&quot;", "pa\"");
        check("U+0061U+0062", "ab");
        check("cmVwbHkucGFydGl0aW9u", "reply.partition");
        check("it is cmVwbHku\ncGFydGl0aW9u", "reply.partition");
        check("1. cmVwbHku\n2. cGFydGl0aW9u", "reply.partition");
        check("7265706c792e706172746974696f6e", "reply.partition");
        check("72 65 70 6c 79 2e 70 61 72 74", "reply.part");
        check(
            "0x72, 0x65, 0x70, 0x6c, 0x79, 0x2e, 0x70, 0x61, 0x72, 0x74",
            "reply.part",
        );
        check(
            "chr(114)+chr(101)+chr(112)+chr(108)+chr(121)+chr(46)+chr(112)+chr(97)+chr(114)+chr(116)",
            "reply.part",
        );
        check("162 145 160 154 171 056 160 141 162 164", "reply.part");
        check(
            "01110010 01100101 01110000 01101100 01111001 01100101 01110000 01101100 01111001 00101110",
            "replyeply.",
        );
    }

    #[test]
    fn ordinary_words_read_as_nothing_else() {
        for text in [
            "",
            "Look at the first line again: what is `name` when nobody types anything?",
            "看看第 3 行：`name` 是空的时候，会怎样？",
            "| a | b |\n|---|---|\n| 1 | 2 |\n",
            "1. First\n2. Second\n3. Third",
            "That is 100 % of it, and a & b are well.",
            "Lake Baikal is 1642 metres deep, Tanganyika 1470; 1642 - 1470 = 172.",
        ] {
            assert_eq!(readings(text), Vec::<String>::new(), "{text:?}");
        }
    }
}
