//! The words of the languages that lessons are written in, and the tokens of a line of code.

/// Names that mean the same in every program.
pub(super) const WORDS: [&str; 90] = [
    "False",
    "None",
    "True",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
    "match",
    "case",
    "self",
    "print",
    "len",
    "range",
    "str",
    "int",
    "float",
    "list",
    "dict",
    "set",
    "tuple",
    "isinstance",
    "open",
    "input",
    "sorted",
    "enumerate",
    "zip",
    "min",
    "max",
    "sum",
    "any",
    "all",
    "type",
    "json",
    "re",
    // Of the other languages that lessons are written in.
    "const",
    "let",
    "var",
    "function",
    "new",
    "this",
    "true",
    "false",
    "null",
    "undefined",
    "typeof",
    "switch",
    "default",
    "throw",
    "catch",
    "console",
    "log",
    "length",
    "func",
    "package",
    "struct",
    "interface",
    "nil",
    "string",
    "make",
    "append",
    "fmt",
    "err",
];

pub(super) fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Names, numbers, texts and signs. A text counts as one token whatever its quotes.
pub(super) fn tokens(line: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = line.trim();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '#' => break,
            '"' | '\'' => {
                let inside = &rest[1..];
                let inside = &inside[..inside.find(first).unwrap_or(inside.len())];
                tokens.push(format!("\"{inside}"));
                (inside.len() + 2).min(rest.len())
            }
            c if c.is_alphanumeric() || c == '_' => {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                let end = end.unwrap_or(rest.len());
                tokens.push(rest[..end].to_string());
                end
            }
            c => {
                tokens.push(c.to_string());
                c.len_utf8()
            }
        };
        rest = rest[length..].trim_start();
    }
    tokens
}
