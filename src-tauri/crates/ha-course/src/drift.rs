//! Drift between the two languages of a lesson, told by their shapes: what one has and the other
//! lacks is most often what a translator forgot. Judges no word.

/// How many of each a text has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Shape {
    /// Levels of the headings, in order.
    pub(crate) headings: Vec<u8>,
    pub(crate) code: usize,
    pub(crate) images: usize,
    pub(crate) tables: usize,
    /// Formulas on lines of their own.
    pub(crate) formulas: usize,
}

/// What differs, one sentence each, about the English text.
pub(crate) fn drift(zh: &Shape, en: &Shape) -> Vec<String> {
    let mut told = Vec::new();
    let count = |shape: &Shape| shape.headings.len();
    if count(zh) == count(en) {
        let mut pairs = zh.headings.iter().zip(&en.headings);
        if let Some(at) = pairs.position(|(zh, en)| zh != en) {
            told.push(format!(
                "heading {} has level {} here and {} in Chinese",
                at + 1,
                en.headings[at],
                zh.headings[at]
            ));
        }
    }
    let counts = [
        ("headings", count(en), count(zh)),
        ("code blocks", en.code, zh.code),
        ("images", en.images, zh.images),
        ("tables", en.tables, zh.tables),
        ("formulas", en.formulas, zh.formulas),
    ];
    for (what, en, zh) in counts.into_iter().filter(|(_, en, zh)| en != zh) {
        told.push(format!(
            "{en} {what} here, {zh} in Chinese: has one been forgotten?"
        ));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(zh: Shape, en: Shape, expected: &[&str]) {
        assert_eq!(drift(&zh, &en), expected);
    }

    #[test]
    fn what_one_language_lacks_is_told() {
        let shape = |headings: &[u8], code| Shape {
            headings: headings.to_vec(),
            code,
            ..Shape::default()
        };
        check(shape(&[1, 2], 1), shape(&[1, 2], 1), &[]);
        check(
            shape(&[1, 2], 1),
            shape(&[1], 0),
            &[
                "1 headings here, 2 in Chinese: has one been forgotten?",
                "0 code blocks here, 1 in Chinese: has one been forgotten?",
            ],
        );
        check(
            shape(&[1, 2], 0),
            shape(&[1, 3], 0),
            &["heading 2 has level 3 here and 2 in Chinese"],
        );
    }
}
