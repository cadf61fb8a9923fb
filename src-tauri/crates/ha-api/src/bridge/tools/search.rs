//! Search over the installed courses: the sections of lessons that have most of the words.

use ha_course::{Course, Language};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Characters of a section that are given.
const EXCERPT: usize = 600;
/// Sections at most.
const MOST: usize = 20;

/// One section that has some of the words.
struct Found {
    score: usize,
    value: Value,
}

/// The sections that fit best, best first.
pub(super) fn search(courses: &[Course], language: Language, query: &str, limit: usize) -> Value {
    let wanted = words(query);
    let mut found = Vec::new();
    for course in courses {
        for lesson in course.chapters.iter().flat_map(|chapter| &chapter.lessons) {
            let Ok(text) = std::fs::read_to_string(course.dir.join(lesson.text_file(language)))
            else {
                continue;
            };
            for section in sections(&text) {
                let has = words(section);
                let score = wanted.intersection(&has).count();
                if score > 0 {
                    let title = section.lines().next().unwrap_or_default();
                    let value = json!({
                        "course": course.id,
                        "lesson": lesson.id,
                        "title": title.trim_start_matches('#').trim(),
                        "text": section.chars().take(EXCERPT).collect::<String>(),
                    });
                    found.push(Found { score, value });
                }
            }
        }
    }
    // Stable, so that equals keep the order of the course and every search answers the same.
    found.sort_by_key(|found| std::cmp::Reverse(found.score));
    let best = found.into_iter().take(limit.clamp(1, MOST));
    best.map(|found| found.value).collect()
}

/// A text from heading to heading.
fn sections(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.match_indices('\n').map(|(at, _)| at + 1);
    let starts = std::iter::once(0).chain(starts);
    let mut headings: Vec<usize> = starts.filter(|at| text[*at..].starts_with('#')).collect();
    headings.push(text.len());
    let pairs: Vec<(usize, usize)> = headings.windows(2).map(|pair| (pair[0], pair[1])).collect();
    pairs
        .into_iter()
        .map(|(start, end)| text[start..end].trim())
}

/// Words in lower case; of Chinese, every pair of characters.
fn words(text: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let lower = text.to_lowercase();
    for word in lower.split(|sign: char| !sign.is_alphanumeric()) {
        let signs: Vec<char> = word.chars().collect();
        match signs.iter().all(char::is_ascii) {
            true if signs.len() > 1 => {
                words.insert(word.to_string());
            }
            true => {}
            false => {
                for pair in signs.windows(2) {
                    words.insert(pair.iter().collect());
                }
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_both_languages() {
        assert!(words("ReAct 智能体循环").contains("智能"));
        assert!(words("The Loop!").contains("loop"));
        let text = "intro\n# One\na\n## Two\nb";
        assert_eq!(
            sections(text).collect::<Vec<_>>(),
            ["# One\na", "## Two\nb"]
        );
    }
}
