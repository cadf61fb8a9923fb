//! Sentences in both languages, made in one place: no catalogue of messages in which one of the two
//! could be missing or say something else.

/// A sentence as [`Words`](crate::Words): Chinese, English, and what both are filled with, as
/// `format!` has it. What differs by language itself stands behind a semicolon: names of `Words`, each
/// filled in with its half.
///
/// ```
/// # use ha_course::{Words, said};
/// let file = "course.toml";
/// let why = said!("这个文件不存在", "this file does not exist");
/// let told = said!("{file}：{why}", "{file}: {why}"; why);
/// assert_eq!(told.en, "course.toml: this file does not exist");
/// ```
#[macro_export]
macro_rules! said {
    ($zh:literal, $en:literal $(, $filled:expr)* $(,)?) => {
        $crate::Words {
            zh: format!($zh $(, $filled)*),
            en: format!($en $(, $filled)*),
        }
    };
    ($zh:literal, $en:literal; $($words:ident),+) => {
        $crate::Words {
            zh: { $(let $words = &$words.zh;)+ format!($zh) },
            en: { $(let $words = &$words.en;)+ format!($en) },
        }
    };
}
