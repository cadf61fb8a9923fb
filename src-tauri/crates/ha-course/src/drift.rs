//! Drift between the two languages of a lesson, told by their shapes: what one has and the other
//! lacks is most often what a translator forgot. Judges no word.

use crate::model::Words;

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
pub(crate) fn drift(zh: &Shape, en: &Shape) -> Vec<Words> {
    let mut told = Vec::new();
    let count = |shape: &Shape| shape.headings.len();
    if count(zh) == count(en) {
        let mut pairs = zh.headings.iter().zip(&en.headings);
        if let Some(at) = pairs.position(|(zh, en)| zh != en) {
            told.push(said!(
                "第 {} 个标题在英文里是 {} 级，在中文里是 {} 级",
                "heading {} has level {} here and {} in Chinese",
                at + 1,
                en.headings[at],
                zh.headings[at]
            ));
        }
    }
    let counts = [
        (said!("个标题", "headings"), count(en), count(zh)),
        (said!("个代码块", "code blocks"), en.code, zh.code),
        (said!("张图片", "images"), en.images, zh.images),
        (said!("个表格", "tables"), en.tables, zh.tables),
        (said!("个公式", "formulas"), en.formulas, zh.formulas),
    ];
    for (what, en, zh) in counts.into_iter().filter(|(_, en, zh)| en != zh) {
        told.push(said!(
            "英文有 {en} {what}，中文有 {zh} {what}：是不是漏了？",
            "{en} {what} here, {zh} in Chinese: has one been forgotten?";
            what
        ));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(zh: Shape, en: Shape, expected: &[&str]) {
        let told = drift(&zh, &en);
        let told: Vec<_> = told.iter().map(|told| told.en.as_str()).collect();
        assert_eq!(told, expected);
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
