//! The lesson's data files as a tool: a JSON document, or those of its entries that fit.

use serde_json::Value;

/// Entries that are given at once.
const MAX_ENTRIES: usize = 200;

/// Of a document, the entries whose fields are those of `wanted`; all of it when nothing is wanted.
/// Texts are compared without regard to case.
pub(super) fn select(document: &Value, wanted: &Value) -> Value {
    let Some(wanted) = wanted.as_object().filter(|wanted| !wanted.is_empty()) else {
        return document.clone();
    };
    let fits = |entry: &Value| {
        wanted
            .iter()
            .all(|(name, value)| entry.get(name).is_some_and(|own| same(own, value)))
    };
    match document {
        Value::Array(entries) => {
            let found = entries.iter().filter(|entry| fits(entry));
            found.take(MAX_ENTRIES).cloned().collect()
        }
        Value::Object(entries) => {
            let found = entries.iter().filter(|(_, entry)| fits(entry));
            let found = found.take(MAX_ENTRIES);
            Value::Object(
                found
                    .map(|(key, entry)| (key.clone(), entry.clone()))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}

fn same(own: &Value, wanted: &Value) -> bool {
    match (own, wanted) {
        (Value::String(own), Value::String(wanted)) => own.to_lowercase() == wanted.to_lowercase(),
        _ => own == wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn entries_are_found_by_their_fields() {
        let lakes = json!([{ "name": "West Lake", "depth": 3 }, { "name": "太湖", "depth": 2 }]);
        let found = select(&lakes, &json!({ "name": "west lake" }));
        assert_eq!(found, json!([{ "name": "West Lake", "depth": 3 }]));
        assert_eq!(select(&lakes, &json!({ "depth": 9 })), json!([]));
        assert_eq!(select(&lakes, &Value::Null), lakes);
        let by_name = json!({ "a": { "x": 1 }, "b": { "x": 2 } });
        assert_eq!(
            select(&by_name, &json!({ "x": 2 })),
            json!({ "b": { "x": 2 } })
        );
    }
}
