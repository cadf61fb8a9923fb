//! A Python file with only what one function of it needs, so that the rest never lies beside a
//! program that could read it.
//!
//! Goes by words, not by meaning: a name that is written anywhere in what stays, be it in a text,
//! counts as used. So too much may stay, and too little only where names are put together from
//! pieces while the file runs.

use crate::policy::syntax::{Budget, parse};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use tree_sitter::Node;

/// `text` with everything at its left edge emptied that `name` does not use: functions, classes,
/// values, comments and texts of no use. What stays keeps its line. Other statements stay, and
/// what is decorated stays too, because it may be registered somewhere, unless it is one of
/// `others`, which nobody but their caller calls.
///
/// Nothing when the grammar cannot read the file.
pub fn python_excerpt(text: &str, name: &str, others: &[&str]) -> Option<String> {
    let tree = parse(text, &mut Budget::large())?;
    let root = tree.root_node();
    if root.has_error() {
        return None;
    }
    let mut cursor = root.walk();
    let parts: Vec<Part> = root
        .children(&mut cursor)
        .map(|node| Part::of(node, text, others))
        .collect();
    let kept = kept(&parts, text, name);
    let dropped = parts
        .iter()
        .enumerate()
        .filter(|(at, _)| !kept.contains(at));
    let mut excerpt = String::with_capacity(text.len());
    let mut end = 0;
    for (_, part) in dropped {
        excerpt.push_str(&text[end..part.range.start]);
        let emptied = text[part.range.clone()].chars();
        excerpt.extend(emptied.filter(|letter| *letter == '\n'));
        end = part.range.end;
    }
    excerpt.push_str(&text[end..]);
    Some(excerpt)
}

/// Why something at the left edge of a file stays.
enum Stays<'t> {
    Always,
    /// When one of these names is used.
    ForNames(Vec<&'t str>),
    Never,
}

struct Part<'t> {
    range: Range<usize>,
    stays: Stays<'t>,
}

impl<'t> Part<'t> {
    fn of(node: Node<'_>, text: &'t str, others: &[&str]) -> Part<'t> {
        let range = node.byte_range();
        let stays = match node.kind() {
            "comment" => Stays::Never,
            _ if shares_its_line(text, &range) => Stays::Always,
            "function_definition" | "class_definition" => name_of(node, text),
            "decorated_definition" => match node.child_by_field_name("definition") {
                Some(inner) => match name_of(inner, text) {
                    Stays::ForNames(names) if !others.contains(&names[0]) => Stays::Always,
                    stays => stays,
                },
                None => Stays::Always,
            },
            "expression_statement" if node.named_child_count() == 1 => node
                .named_child(0)
                .map_or(Stays::Always, |only| of_expression(only, text)),
            _ => Stays::Always,
        };
        Part { range, stays }
    }
}

fn name_of<'t>(definition: Node<'_>, text: &'t str) -> Stays<'t> {
    match definition.child_by_field_name("name") {
        Some(name) => Stays::ForNames(vec![&text[name.byte_range()]]),
        None => Stays::Always,
    }
}

/// A value that has only names on its left can go with them; a text alone says something to people
/// only.
fn of_expression<'t>(expression: Node<'_>, text: &'t str) -> Stays<'t> {
    let mut names = Vec::new();
    let mut at = Some(expression);
    while let Some(node) = at {
        match node.kind() {
            "string" | "concatenated_string" if names.is_empty() => return Stays::Never,
            "assignment" | "augmented_assignment" => {}
            _ => break,
        }
        let Some(left) = node.child_by_field_name("left") else {
            return Stays::Always;
        };
        let mut cursor = left.walk();
        let targets: Vec<Node> = match left.kind() {
            "pattern_list" | "tuple_pattern" => left.named_children(&mut cursor).collect(),
            _ => vec![left],
        };
        if targets.iter().any(|target| target.kind() != "identifier") {
            return Stays::Always;
        }
        names.extend(targets.iter().map(|target| &text[target.byte_range()]));
        at = node.child_by_field_name("right");
    }
    match names.is_empty() {
        true => Stays::Always,
        false => Stays::ForNames(names),
    }
}

/// Whether another statement stands on the first or the last line of this one.
fn shares_its_line(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].rsplit('\n').next().unwrap_or_default();
    let after = text[range.end..].trim_start_matches([' ', '\t']);
    !before.trim_start_matches('\u{feff}').is_empty() || after.starts_with(';')
}

/// The places of the parts that stay: `name`, what always does, and what those use.
fn kept(parts: &[Part<'_>], text: &str, name: &str) -> HashSet<usize> {
    let mut named: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut open = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        match &part.stays {
            Stays::Always => open.push(at),
            Stays::ForNames(names) => {
                for each in names {
                    named.entry(each).or_default().push(at);
                }
            }
            Stays::Never => {}
        }
    }
    open.extend(named.remove(name).unwrap_or_default());
    let mut kept: HashSet<usize> = open.iter().copied().collect();
    while let Some(at) = open.pop() {
        for word in text[parts[at].range.clone()].split(|letter: char| !is_of_word(letter)) {
            for used in named.remove(word).unwrap_or_default() {
                if kept.insert(used) {
                    open.push(used);
                }
            }
        }
    }
    kept
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn check(text: &str, name: &str, expected: &str) {
        assert_eq!(python_excerpt(text, name, &["other"]).unwrap(), expected);
    }

    #[test]
    fn what_a_function_uses_stays_on_its_line_and_the_rest_goes() {
        check(
            "\"\"\"All tests.\"\"\"\nimport x\n\n# The border.\nSECRET = [1,\n  2]\n\ndef other():\n    SECRET\n\nCASES = 3\n\ndef shown():\n    # Why.\n    helper()\n\nclass Helper: pass\ndef helper():\n    return CASES, Helper\n",
            "shown",
            "\nimport x\n\n\n\n\n\n\n\n\nCASES = 3\n\ndef shown():\n    # Why.\n    helper()\n\nclass Helper: pass\ndef helper():\n    return CASES, Helper\n",
        );
    }

    #[test]
    fn a_name_in_a_text_counts_as_used() {
        check(
            "def f(): pass\ndef g(): pass\ndef shown(): globals()['g']()\n",
            "shown",
            "\ndef g(): pass\ndef shown(): globals()['g']()\n",
        );
    }

    #[test]
    fn values_go_with_all_their_names() {
        check(
            "a = b = 1\nc, d = 1, 2\ndef t(): d\n",
            "t",
            "\nc, d = 1, 2\ndef t(): d\n",
        );
        check(
            "a.b = 1\nx: int = 1\nx += 2\ndef t(): 1\n",
            "t",
            "a.b = 1\n\n\ndef t(): 1\n",
        );
    }

    #[test]
    fn what_may_do_something_by_itself_stays() {
        let text = "if 1:\n    y = 2\nregister(1)\n@register\ndef one(): pass\ndef t(): 1\n";
        check(text, "t", text);
        check(
            "@register\ndef other(): pass\ndef t(): 1\n",
            "t",
            "\n\ndef t(): 1\n",
        );
    }

    #[test]
    fn statements_of_one_line_stay_together() {
        let text = "a = 1; import x\nimport y; b = 2\ndef t(): 1\n";
        check(text, "t", text);
        check(
            "SECRET = 1  # the border\ndef t(): 1\n",
            "t",
            "  \ndef t(): 1\n",
        );
    }

    #[test]
    fn other_letters_and_line_ends_keep_their_places() {
        check(
            "密 = '边界'\r\ndef 测(): '好'\r\n",
            "测",
            "\r\ndef 测(): '好'\r\n",
        );
    }

    #[test]
    fn a_file_that_cannot_be_read_has_no_excerpt() {
        assert_eq!(python_excerpt("def t(:\n", "t", &[]), None);
    }
}
