//! A text as its reader sees it: signs that only look different are made equal, what is invisible is
//! gone. And its tokens, in the order in which they are read: what Markdown adds to code (fences,
//! ticks, bullets, numbers, bars of a table) is left out, so that a line in pieces is a line.
//!
//! Left out: signs of scripts that look like others only in some fonts.

/// Joins pieces of code, or quotes it, and says nothing.
const GLUE: [char; 6] = ['`', '"', '\'', '|', '\\', '#'];

/// A text made plain, and for each of its bytes where that stood before.
#[derive(Debug, Default)]
pub(super) struct Plain {
    pub(super) text: String,
    pub(super) at: Vec<usize>,
}

impl Plain {
    pub(super) fn of(text: &str) -> Plain {
        let mut plain = Plain::default();
        for (at, c) in text.char_indices() {
            let Some(c) = seen(c) else { continue };
            plain.text.push(c);
            plain.at.resize(plain.text.len(), at);
        }
        plain
    }
}

/// What one sees for this sign; nothing for what is invisible.
fn seen(c: char) -> Option<char> {
    let moved = |from: u32, to: char| char::from_u32(c as u32 - from + to as u32);
    match c {
        ' '..='~' | '\n' | '\t' => Some(c),
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{feff}' => None,
        '\u{300}'..='\u{36f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' => None,
        // Invisible doubles of ASCII.
        '\u{e0020}'..='\u{e007e}' => moved(0xe0020, ' '),
        '\u{ff01}'..='\u{ff5e}' => moved(0xff01, '!'),
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Some(' '),
        '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '“' | '”' | '„' | '«' | '»' | '″' => Some('"'),
        '‘' | '’' | '‚' | '′' => Some('\''),
        '‐'..='―' | '−' => Some('-'),
        '│' | '┃' => Some('|'),
        '\u{1f130}'..='\u{1f149}' => moved(0x1f130, 'A'),
        '\u{1f150}'..='\u{1f169}' => moved(0x1f150, 'A'),
        '\u{1f170}'..='\u{1f189}' => moved(0x1f170, 'A'),
        '\u{1f1e6}'..='\u{1f1ff}' => moved(0x1f1e6, 'A'),
        'ⓐ'..='ⓩ' => moved('ⓐ' as u32, 'a'),
        'Ⓐ'..='Ⓩ' => moved('Ⓐ' as u32, 'A'),
        '\u{1d400}'..='\u{1d6a3}' => letter((c as u32 - 0x1d400) % 52),
        '\u{1d7ce}'..='\u{1d7ff}' => char::from_digit((c as u32 - 0x1d7ce) % 10, 10),
        _ => Some(twin(c)),
    }
}

fn letter(place: u32) -> Option<char> {
    let from = if place < 26 { 'A' } else { 'a' };
    char::from_u32(from as u32 + place % 26)
}

/// The Latin letter that a Greek or Cyrillic one is drawn like.
fn twin(c: char) -> char {
    const ALIKE: [(&str, char); 22] = [
        ("аα", 'a'),
        ("сϲ", 'c'),
        ("ԁ", 'd'),
        ("е", 'e'),
        ("һ", 'h'),
        ("іι", 'i'),
        ("ј", 'j'),
        ("ӏ", 'l'),
        ("оο", 'o'),
        ("рρ", 'p'),
        ("ѕ", 's'),
        ("υ", 'u'),
        ("ν", 'v'),
        ("хχ", 'x'),
        ("у", 'y'),
        ("АΑ", 'A'),
        ("ЕΕ", 'E'),
        ("ІΙ", 'I'),
        ("ОΟ", 'O'),
        ("РΡ", 'P'),
        ("ТΤ", 'T'),
        ("ΝΝ", 'N'),
    ];
    if !('\u{370}'..'\u{530}').contains(&c) {
        return c;
    }
    let alike = ALIKE.iter().find(|(twins, _)| twins.contains(c));
    alike.map_or(c, |(_, latin)| *latin)
}

/// A name, a number or a sign of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    pub(super) text: &'t str,
    /// The byte at which it begins.
    pub(super) at: usize,
    /// In a block or between ticks.
    pub(super) in_code: bool,
    /// In a comment of a block.
    pub(super) in_comment: bool,
    /// The letter before a text that says of what kind it is, or one that only stands there.
    pub(super) is_prefix: bool,
    /// The last of its line or of its piece of code.
    pub(super) ends: bool,
}

impl Token<'_> {
    pub(super) fn end(&self) -> usize {
        self.at + self.text.len()
    }
}

/// The tokens of a plain text, read through all that only frames them.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut at, mut fenced) = (0, false);
    for line in text.split_inclusive('\n') {
        if is_fence(line) {
            fenced = !fenced;
        } else {
            line_tokens(line, at, fenced, &mut tokens);
        }
        at += line.len();
    }
    tokens
}

pub(super) fn is_fence(line: &str) -> bool {
    let bare = line.trim_start();
    bare.starts_with("```") || bare.starts_with("~~~")
}

fn line_tokens<'t>(line: &'t str, at: usize, fenced: bool, tokens: &mut Vec<Token<'t>>) {
    let from = tokens.len();
    let (mut ticked, mut in_comment) = (false, false);
    let mut place = head(line);
    while let Some(first) = line[place..].chars().next() {
        let rest = &line[place..];
        let length = token_length(rest, first);
        let next = rest[length..].chars().next();
        if first == '`' {
            ticked = !ticked;
            end_piece(&mut tokens[from..]);
        }
        let in_code = fenced || ticked;
        in_comment |= in_code && (first == '#' || rest.starts_with("//"));
        let is_free =
            line[..place].ends_with(|c: char| c.is_whitespace() || "([{,=+:`".contains(c));
        let is_prefix = is_prefix(&rest[..length])
            && matches!(next, Some('"' | '\''))
            && (is_free || place == 0);
        if !first.is_whitespace() && !GLUE.contains(&first) {
            tokens.push(Token {
                text: &rest[..length],
                at: at + place,
                in_code,
                in_comment,
                is_prefix,
                ends: false,
            });
        }
        place += length;
    }
    end_piece(&mut tokens[from..]);
}

fn end_piece(tokens: &mut [Token<'_>]) {
    if let Some(last) = tokens.last_mut() {
        last.ends = true;
    }
}

/// Bytes of the token at the beginning of `rest`, which begins with `first`. A word of another script
/// ends where a name begins.
pub(super) fn token_length(rest: &str, first: char) -> usize {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = match first {
        c if is_word(c) => rest.find(|c| !is_word(c)),
        c if c.is_alphanumeric() => rest.find(|c: char| c.is_ascii() || !c.is_alphanumeric()),
        c => return c.len_utf8(),
    };
    end.unwrap_or(rest.len())
}

/// The letters before a text that say of what kind it is.
pub(super) fn is_prefix(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    ["f", "r", "b", "u", "fr", "rf", "br", "rb"].contains(&word.as_str())
}

/// Bytes of a line's bullets, bars and number.
pub(super) fn head(line: &str) -> usize {
    let bare = line.trim_start_matches([' ', '\t', '>', '|', '+', '-', '*', '`']);
    let marked = line.len() - bare.len();
    // A tick there opens a piece of code.
    let marked = line[..marked].find('`').unwrap_or(marked);
    marked + number(&line[marked..]).unwrap_or(0)
}

/// Bytes of "3.", "(3)", "Step 3:", "第三步：" and the like.
fn number(line: &str) -> Option<usize> {
    let bare = line.trim_start_matches(['(', '[', '*', 'L', '第']);
    let bare = ["Step ", "step ", "Line ", "line ", "Part ", "part "]
        .iter()
        .find_map(|word| bare.strip_prefix(word))
        .unwrap_or(bare);
    let digits = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let after = bare.trim_start_matches(digits);
    let count = bare[..bare.len() - after.len()].chars().count();
    let closed = after.trim_start_matches(['步', '行', '段', '部', '*', ' ']);
    let end = closed.strip_prefix(['.', ')', ']', ':', '、', '|', ','])?;
    let end = end.trim_start_matches(['*', ' ', '\t', '|']);
    (1..=3).contains(&count).then(|| line.len() - end.len())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn check(text: &str, expected: &str) {
        let plain = Plain::of(text);
        assert_eq!(plain.at.len(), plain.text.len());
        let tokens = tokens(&plain.text);
        let tokens = tokens.iter().filter(|token| !token.is_prefix);
        let words: Vec<&str> = tokens.map(|token| token.text).collect();
        assert_eq!(words.join(" "), expected, "{text:?}");
    }

    #[test]
    fn what_looks_alike_is_alike() {
        check("ｄｅｆ　ｆ（ｘ）：", "def f ( x ) :");
        check("pa\u{200b}rti\u{ad}tion", "partition");
        check("раrtіtiоn", "partition");
        check("𝐩𝐚𝐫𝐭 𝟚", "part 2");
        check("ⓟⓐⓡⓣ 🅿🅰🆁🆃 🇵🇦", "part PART PA");
        check("\u{e0070}\u{e0061}", "pa");
        check("“a” – b", "a - b");
        check("用partition在", "用 partition 在");
    }

    #[test]
    fn frames_are_no_tokens() {
        check("```python\na = b\n```\n", "a = b");
        check("1. `a =`\n2. `b`", "a = b");
        check("| a = |\n|---|\n| b |", "a = b");
        check("> + a\n- - b", "a b");
        check("第一步：a\nStep 2: b\n(3) c", "a b c");
        check("f\"{a}\" + r'b'", "{ a } + b");
        check("r'\\b' + \"k\"", "b + k");
        check("x = [3]\n10 * 2", "x = [ 3 ] 10 * 2");
    }

    #[test]
    fn a_piece_of_code_knows_its_end_and_its_comments() {
        let found = tokens("see `a b` c\n```\nd # e\n```\n");
        let told: Vec<_> = found
            .iter()
            .map(|token| (token.text, token.in_code, token.in_comment, token.ends))
            .collect();
        assert_eq!(
            told,
            [
                ("see", false, false, true),
                ("a", true, false, false),
                ("b", true, false, true),
                ("c", false, false, true),
                ("d", true, false, false),
                ("e", true, true, true),
            ]
        );
    }
}
