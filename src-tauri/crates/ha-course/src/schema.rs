//! JSON Schemas of the format's TOML files, for the completion and the warnings of editors.
//!
//! They are written by hand, because only a hand writes what an author wants to read there; the
//! tests hold them to the names that the readers know.

/// File name and text of each, as they lie beside a course.
pub const SCHEMAS: [(&str, &str); 3] = [
    (
        "course.schema.json",
        include_str!("../../../../templates/schema/course.schema.json"),
    ),
    (
        "checks.schema.json",
        include_str!("../../../../templates/schema/checks.schema.json"),
    ),
    (
        "questions.schema.json",
        include_str!("../../../../templates/schema/questions.schema.json"),
    ),
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::{checks, lesson_table, manifest, questions};
    use serde_json::Value;

    /// The names that a schema knows at a place are those that the reader knows.
    fn check(file: &str, place: &str, known: &[&str]) {
        let (_, text) = SCHEMAS.iter().find(|(name, _)| *name == file).unwrap();
        let schema: Value = serde_json::from_str(text).unwrap();
        let object = schema.pointer(place).unwrap();
        assert_eq!(object["additionalProperties"], false, "{file}{place}");
        let mut names: Vec<_> = object["properties"].as_object().unwrap().keys().collect();
        let mut known = known.to_vec();
        names.sort();
        known.sort_unstable();
        assert_eq!(names, known, "{file}{place}");
        for name in object["properties"].as_object().unwrap().values() {
            let says = name.get("description").or(name.get("$ref"));
            assert!(says.is_some(), "{file}{place} leaves {name} undescribed");
        }
    }

    #[test]
    fn the_schemas_know_what_the_readers_know() {
        check("course.schema.json", "", &manifest::COURSE_KEYS);
        check(
            "course.schema.json",
            "/$defs/chapter",
            &manifest::CHAPTER_KEYS,
        );
        check("course.schema.json", "/$defs/lesson", &lesson_table::KEYS);
        check(
            "course.schema.json",
            "/$defs/needs",
            &lesson_table::NEEDS_KEYS,
        );
        check(
            "course.schema.json",
            "/$defs/agent",
            &lesson_table::AGENT_KEYS,
        );
        check("checks.schema.json", "/$defs/check", &checks::KEYS);
        check("questions.schema.json", "/$defs/question", &questions::KEYS);
        check(
            "questions.schema.json",
            "/$defs/option",
            &questions::OPTION_KEYS,
        );
    }
}
