//! Two changes of one text taken together, line by line; refused where they touch the same lines.

use std::ops::Range;

/// Lines of a text that are compared; the table of a comparison grows with their square.
const MAX_LINES: usize = 4_000;

/// `base` with both changes in it: what `mine` and `theirs` made of it. `None` when they changed the
/// same lines or lines side by side, and for texts of more than 4,000 lines.
pub(crate) fn merge(base: &str, mine: &str, theirs: &str) -> Option<String> {
    let lines = |text: &'_ str| {
        text.split_inclusive('\n')
            .map(str::to_string)
            .collect::<Vec<_>>()
    };
    let (base, mine, theirs) = (lines(base), lines(mine), lines(theirs));
    if base.len().max(mine.len()).max(theirs.len()) > MAX_LINES {
        return None;
    }
    let mut changes: Vec<Change<'_>> = changes(&base, &mine);
    for theirs in self::changes(&base, &theirs) {
        let meets = |mine: &Change<'_>| {
            mine.base.start <= theirs.base.end && theirs.base.start <= mine.base.end
        };
        match changes.iter().find(|mine| meets(mine)) {
            // Both had the same thought.
            Some(same) if *same == theirs => {}
            Some(_) => return None,
            None => changes.push(theirs),
        }
    }
    changes.sort_by_key(|change| change.base.start);
    let mut merged = String::new();
    let mut at = 0;
    for change in changes {
        merged.extend(base[at..change.base.start].iter().map(String::as_str));
        merged.extend(change.lines.iter().map(String::as_str));
        at = change.base.end;
    }
    merged.extend(base[at..].iter().map(String::as_str));
    Some(merged)
}

/// Lines of the base, and what stands there now.
#[derive(PartialEq, Eq)]
struct Change<'a> {
    base: Range<usize>,
    lines: &'a [String],
}

fn changes<'a>(base: &[String], now: &'a [String]) -> Vec<Change<'a>> {
    let mut changes = Vec::new();
    let (mut b, mut n) = (0, 0);
    for (same_b, same_n) in common(base, now)
        .into_iter()
        .chain([(base.len(), now.len())])
    {
        if same_b > b || same_n > n {
            changes.push(Change {
                base: b..same_b,
                lines: &now[n..same_n],
            });
        }
        (b, n) = (same_b + 1, same_n + 1);
    }
    changes
}

/// A longest row of lines that both have in the same order, as pairs of places.
fn common(a: &[String], b: &[String]) -> Vec<(usize, usize)> {
    let width = b.len() + 1;
    let mut length = vec![0u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            length[i * width + j] = match a[i] == b[j] {
                true => length[(i + 1) * width + j + 1] + 1,
                false => length[(i + 1) * width + j].max(length[i * width + j + 1]),
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if length[(i + 1) * width + j] >= length[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &str, mine: &str, theirs: &str, expected: Option<&str>) {
        assert_eq!(merge(base, mine, theirs).as_deref(), expected);
        assert_eq!(
            merge(base, theirs, mine).as_deref(),
            expected,
            "either way round"
        );
    }

    #[test]
    fn changes_apart_are_taken_together() {
        check(
            "a\nb\nc\nd\n",
            "A\nb\nc\nd\n",
            "a\nb\nc\nD\n",
            Some("A\nb\nc\nD\n"),
        );
        check(
            "a\nb\nc\n",
            "a\nb\nc\nmine\n",
            "new\na\nb\nc\n",
            Some("new\na\nb\nc\nmine\n"),
        );
        check("a\nb\nc\nd\n", "a\nd\n", "a\nb\nc\nd\ne", Some("a\nd\ne"));
        check(
            "a\nb\nc\nd\n",
            "b\nc\nd\n",
            "a\nb\nc\nd\ne\n",
            Some("b\nc\nd\ne\n"),
        );
    }

    #[test]
    fn one_change_alone_or_the_same_one_is_itself() {
        check("a\n", "a\n", "b\n", Some("b\n"));
        check("a\nb\n", "a\nB\n", "a\nB\n", Some("a\nB\n"));
        check("", "", "a", Some("a"));
    }

    #[test]
    fn the_same_lines_are_nobodys_to_decide() {
        check("a\n", "b\n", "c\n", None);
        check("a\nb\n", "A\nb\n", "a\nB\n", None);
        check("", "mine", "theirs", None);
    }

    #[test]
    fn long_texts_are_not_compared() {
        let long = "x\n".repeat(MAX_LINES + 1);
        check(&long, "a", "b", None);
    }
}
