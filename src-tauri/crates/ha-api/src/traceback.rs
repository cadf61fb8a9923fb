//! Reads what Python printed about an error: which one, and where in the learner's own files.
//!
//! It reads the end of a text that any program may have written, so it trusts nothing in it.

use crate::wire::FileText;
use ha_course::Raised;

/// Lines looked at, from the end: deep recursions are folded by Python itself.
const LOOK_BACK: usize = 2000;
/// A line of code longer than this is cut, in characters.
const MAX_CODE: usize = 200;

/// An error that ended a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Traceback {
    pub(crate) raised: Raised,
    /// The innermost line of the learner's own.
    pub(crate) place: Option<CodePlace>,
}

/// A line in one of the learner's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CodePlace {
    pub(crate) path: String,
    /// From 1.
    pub(crate) line: u32,
    /// The line itself, without its indentation.
    pub(crate) code: String,
}

/// The last error in what a program printed; `None` when there is none.
pub(crate) fn read(printed: &str, files: &[FileText]) -> Option<Traceback> {
    let lines: Vec<&str> = printed.lines().collect();
    let lines = &lines[lines.len().saturating_sub(LOOK_BACK)..];
    let last_frame = lines.iter().rposition(|line| frame(line).is_some());
    let raised = lines[last_frame? + 1..]
        .iter()
        .find_map(|line| raised(line))?;
    let mut frames = lines.iter().rev().filter_map(|line| frame(line));
    let place = frames.find_map(|(file, line)| place(file, line, files));
    Some(Traceback { raised, place })
}

/// `File "main.py", line 3` anywhere in a line.
fn frame(line: &str) -> Option<(&str, u32)> {
    let (_, rest) = line.split_once("File \"")?;
    let (file, rest) = rest.split_once("\", line ")?;
    let digits = rest.find(|c: char| !c.is_ascii_digit());
    let number = &rest[..digits.unwrap_or(rest.len())];
    Some((file, number.parse().ok()?))
}

/// `NameError: name 'x' is not defined`, or an exception's name alone, at the left edge.
fn raised(line: &str) -> Option<Raised> {
    // Those of exception groups are drawn behind a bar.
    let line = line.trim_start_matches(['|', ' ', '+', '-']);
    let (kind, message) = match line.split_once(": ") {
        Some((kind, message)) => (kind, message),
        None => (line.trim_end_matches([':', ' ']), ""),
    };
    let is_name = |part: &str| {
        let mut characters = part.chars();
        characters
            .next()
            .is_some_and(|c| c.is_alphabetic() || c == '_')
            && characters.all(|c| c.is_alphanumeric() || c == '_')
    };
    let own = kind.rsplit('.').next().unwrap_or_default();
    // The code of a frame stands under it; it begins in upper case only when it is a class's name.
    let is_kind = kind.split('.').all(is_name) && own.starts_with(char::is_uppercase);
    is_kind.then(|| Raised {
        kind: kind.into(),
        message: message.trim().into(),
    })
}

fn place(file: &str, line: u32, files: &[FileText]) -> Option<CodePlace> {
    let file = file.trim_start_matches("./");
    let own = files.iter().find(|own| {
        let before = file.strip_suffix(&*own.path);
        before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
    })?;
    let code = own.text.lines().nth(line.checked_sub(1)? as usize);
    let code = code.unwrap_or_default().trim();
    Some(CodePlace {
        path: own.path.clone(),
        line,
        code: code.chars().take(MAX_CODE).collect(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn files() -> Vec<FileText> {
        [
            ("main.py", "import tools\n\n  tools.go(1)\n"),
            ("tools.py", "def go():\n    return wrong\n"),
        ]
        .map(|(path, text)| FileText {
            path: path.into(),
            text: text.into(),
        })
        .into()
    }

    fn check(printed: &str, kind: &str, message: &str, place: Option<(&str, u32, &str)>) {
        let found = read(printed, &files()).unwrap();
        assert_eq!(
            (&*found.raised.kind, &*found.raised.message),
            (kind, message)
        );
        let at = found
            .place
            .as_ref()
            .map(|at| (&*at.path, at.line, &*at.code));
        assert_eq!(at, place);
    }

    #[test]
    fn the_innermost_own_line_is_found() {
        check(
            "before\nTraceback (most recent call last):\n  File \"main.py\", line 3, in <module>\n    tools.go(1)\n  File \"/w/tools.py\", line 2, in go\n    return wrong\n           ^^^^^\nNameError: name 'wrong' is not defined\n",
            "NameError",
            "name 'wrong' is not defined",
            Some(("tools.py", 2, "return wrong")),
        );
        check(
            "Traceback (most recent call last):\n  File \"main.py\", line 3, in <module>\n    json.loads('')\n  File \"/lib/json/decoder.py\", line 355, in raw_decode\n    raise JSONDecodeError(\"Expecting value\", s, err.value) from None\njson.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)\n",
            "json.decoder.JSONDecodeError",
            "Expecting value: line 1 column 1 (char 0)",
            Some(("main.py", 3, "tools.go(1)")),
        );
    }

    #[test]
    fn what_has_no_message_or_no_own_line_is_read_too() {
        check(
            "  File \"main.py\", line 99\n    raise Stop\nStop\n",
            "Stop",
            "",
            Some(("main.py", 99, "")),
        );
        check(
            "  File \"other.py\", line 1\nValueError: x\nand more\n",
            "ValueError",
            "x",
            None,
        );
        check(
            "  | Traceback:\n  |   File \"main.py\", line 1, in f\n  | KeyError: 'a'\n  +-----\n",
            "KeyError",
            "'a'",
            Some(("main.py", 1, "import tools")),
        );
    }

    #[test]
    fn a_text_without_an_error_has_none() {
        for text in [
            "",
            "hello\n",
            "KeyError: 'a'\n",
            "  File \"main.py\", line x\nE: y",
            "  File \"main.py\", line 1\n",
        ] {
            assert_eq!(read(text, &files()), None, "{text}");
        }
        let deep = "  File \"main.py\", line 1\n".repeat(100_000);
        assert_eq!(read(&deep, &files()), None);
    }
}
