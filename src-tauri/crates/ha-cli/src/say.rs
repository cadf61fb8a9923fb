//! What the commands print. Titles, sentences and replies come from strangers, and a terminal obeys
//! what it is sent: so nothing that moves, colours, hides or turns text reaches it. A reader that went
//! away (`| head`) is nobody's fault, and no reason to end otherwise than one would have.
//!
//! Sentences of ours stand in Chinese and in English where they are said, and the environment chooses:
//! see [`language`]. What programs read (JSON, JUnit, exit codes) is the same in both.

use ha_api::system_language;
use ha_api::wire::Language;
use std::fmt::Display;
use std::io::Write;
use std::sync::OnceLock;

/// A sentence in the language that is spoken: Chinese, English, and what both are filled with.
macro_rules! spoken {
    ($zh:literal, $en:literal $($filled:tt)*) => {
        match $crate::say::language() {
            ha_api::wire::Language::Zh => format!($zh $($filled)*),
            ha_api::wire::Language::En => format!($en $($filled)*),
        }
    };
}

/// Prints one line; breaks in what is filled in do not begin another. Two texts are one sentence in
/// Chinese and in English.
macro_rules! say {
    ($zh:literal, $en:literal $($filled:tt)*) => {
        $crate::say::line(
            &mut std::io::stdout(),
            &$crate::say::spoken!($zh, $en $($filled)*),
        )
    };
    ($($part:tt)*) => { $crate::say::line(&mut std::io::stdout(), &format!($($part)*)) };
}

/// Tells one line to whoever watches, aside from the results.
macro_rules! complain {
    ($zh:literal, $en:literal $($filled:tt)*) => {
        $crate::say::line(
            &mut std::io::stderr(),
            &$crate::say::spoken!($zh, $en $($filled)*),
        )
    };
    ($($part:tt)*) => { $crate::say::line(&mut std::io::stderr(), &format!($($part)*)) };
}

pub(crate) use {complain, say, spoken};

/// The language of what is printed: the environment's, else the system's.
pub(crate) fn language() -> Language {
    static SPOKEN: OnceLock<Language> = OnceLock::new();
    *SPOKEN.get_or_init(|| {
        let said = asked(|name| std::env::var(name).ok());
        said.unwrap_or_else(system_language)
    })
}

/// What the environment asks for. As everywhere, the first of these names that says something
/// decides: so `LC_ALL=C` is English on a Chinese system, and `LANG=zh_CN.UTF-8` Chinese on macOS too.
fn asked(variable: impl Fn(&str) -> Option<String>) -> Option<Language> {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| variable(name).filter(|value| !value.is_empty()))?;
    match said.to_ascii_lowercase().starts_with("zh") {
        true => Some(Language::Zh),
        false => Some(Language::En),
    }
}

/// See [`say`] and [`complain`].
pub(crate) fn line(out: &mut dyn Write, text: &str) {
    data(out, &format!("{}\n", inert(text, "\t")));
}

/// Prints a text of several lines, as far as it has come.
pub(crate) fn text(out: &mut dyn Write, text: &str) {
    data(out, &inert(text, "\t\n"));
}

/// Prints what a program reads: every character of it.
pub(crate) fn data(out: &mut dyn Write, text: &str) {
    out.write_all(text.as_bytes()).ok();
    out.flush().ok();
}

/// Prints what a program reads, as one line.
pub(crate) fn object(json: &dyn Display) {
    data(&mut std::io::stdout(), &format!("{json}\n"));
}

/// A text that a terminal only shows. What it would have obeyed is marked, but for the half of a line
/// break that has no use here.
pub(crate) fn inert(text: &str, kept: &str) -> String {
    let shown = text.chars().filter(|c| *c != '\r');
    shown
        .map(|c| match !kept.contains(c) && is_obeyed(c) {
            true => '\u{fffd}',
            false => c,
        })
        .collect()
}

/// Controls, breaks of lines and paragraphs, what turns the direction, and what nobody sees.
fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(
            u32::from(c),
            0x61C | 0x200B | 0x200E..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF
                | 0xFFF9..=0xFFFB | 0xE0000..=0xE007F
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(given: &str, expected: &str) {
        let mut out = Vec::new();
        line(&mut out, given);
        assert_eq!(String::from_utf8_lossy(&out), format!("{expected}\n"));
    }

    #[test]
    fn the_first_variable_that_says_something_chooses_the_language() {
        let check = |set: &[(&str, &str)], expected| {
            let value = |name: &str| {
                let found = set.iter().find(|(set, _)| *set == name);
                found.map(|(_, value)| value.to_string())
            };
            assert_eq!(asked(value), expected, "{set:?}");
        };
        check(&[], None);
        check(&[("LANG", "")], None);
        check(&[("LANG", "zh_CN.UTF-8")], Some(Language::Zh));
        check(&[("LANG", "ZH_TW")], Some(Language::Zh));
        check(&[("LANG", "C")], Some(Language::En));
        check(&[("LANG", "en_GB.UTF-8")], Some(Language::En));
        check(
            &[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C.UTF-8")],
            Some(Language::En),
        );
        check(
            &[("LANG", "de_DE"), ("LC_MESSAGES", "zh_CN"), ("LC_ALL", "")],
            Some(Language::Zh),
        );
    }

    #[test]
    fn a_line_stays_one_line_and_commands_nothing() {
        check("中文 title\t— 👩\u{200d}🏫", "中文 title\t— 👩\u{200d}🏫");
        check("\x1b]0;pwn\x07\x1b[31mred", "�]0;pwn��[31mred");
        check("a\nsigned by TRUSTED\r", "a�signed by TRUSTED");
        check("a\u{202e}b\u{2066}c\u{9b}2Jd\u{2028}e", "a�b�c�2Jd�e");
    }

    #[test]
    fn a_text_keeps_its_lines() {
        let mut out = Vec::new();
        text(&mut out, "one\r\n\ttwo\x1b[2J\n");
        assert_eq!(String::from_utf8_lossy(&out), "one\n\ttwo�[2J\n");
    }

    #[test]
    fn a_reader_that_went_away_is_no_fault() {
        struct Gone;
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Err(std::io::ErrorKind::BrokenPipe.into())
            }
        }
        line(&mut Gone, "to nobody");
    }
}
