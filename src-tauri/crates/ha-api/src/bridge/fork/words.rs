//! Other words in what a model is asked, from a step on: agents send the whole conversation again with
//! every question, so the words are another one in all of them.

use serde_json::Value;
use std::fmt::Write;

/// Words of one message that are another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    /// The place of the message, from 0.
    message: usize,
    old: String,
    /// Which of the places in the message where the old words stand, from 0. A transcript grows at its
    /// end, so this stays the same.
    nth: usize,
    new: String,
}

impl Words {
    /// Other words for a whole message.
    pub(super) fn of_message(request: &Value, message: usize, new: &str) -> Option<Words> {
        let old = request["messages"][message]["content"].as_str()?;
        (!old.is_empty()).then(|| Words {
            message,
            old: old.into(),
            nth: 0,
            new: new.into(),
        })
    }

    /// Other words for what came of a tool, at the last place where the request tells it.
    pub(super) fn of_output(request: &Value, output: &Value, new: &str) -> Option<Words> {
        let messages = request["messages"].as_array()?;
        let forms = forms(output);
        messages.iter().enumerate().rev().find_map(|(message, at)| {
            let content = at["content"].as_str()?;
            forms.iter().find_map(|old| {
                Some(Words {
                    message,
                    old: old.clone(),
                    nth: last(content, old)?,
                    new: new.into(),
                })
            })
        })
    }

    /// Puts them into a request that has the old ones.
    pub(super) fn put(&self, request: &mut Value) {
        let messages = request.get_mut("messages");
        let message = messages.and_then(|messages| messages.get_mut(self.message));
        let Some(content) = message.and_then(|message| message.get_mut("content")) else {
            return;
        };
        let Some(text) = content.as_str() else { return };
        let found = text.match_indices(&self.old).nth(self.nth);
        if let Some((from, old)) = found {
            let rest = &text[from + old.len()..];
            *content = format!("{}{}{rest}", &text[..from], self.new).into();
        }
    }
}

/// Which of the places is the last at which the words stand on their own: the 2 in `1642` is none.
fn last(content: &str, words: &str) -> Option<usize> {
    let stands_alone = |(_, (from, found)): &(usize, (usize, &str))| {
        let before = content[..*from].chars().next_back();
        let after = content[from + found.len()..].chars().next();
        let (first, last) = (found.chars().next(), found.chars().next_back());
        let splits = |one: Option<char>, other: Option<char>| {
            let is_part = |sign: char| sign.is_ascii_alphanumeric();
            one.is_some_and(is_part) && other.is_some_and(is_part)
        };
        !splits(before, first) && !splits(last, after)
    };
    let places = content.match_indices(words).enumerate();
    places.filter(stands_alone).last().map(|(nth, _)| nth)
}

/// How a program may have written a value into a message.
fn forms(value: &Value) -> Vec<String> {
    let forms = match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        value => vec![
            written(value, Form::Python),
            written(value, Form::Json { is_ascii: true }),
            written(value, Form::Json { is_ascii: false }),
            value.to_string(),
        ],
    };
    forms.into_iter().filter(|form| !form.is_empty()).collect()
}

/// `str(value)` of Python, or its `json.dumps(value)` with and without `ensure_ascii`.
#[derive(Clone, Copy)]
enum Form {
    Python,
    Json { is_ascii: bool },
}

fn written(value: &Value, form: Form) -> String {
    match (value, form) {
        (Value::Null, Form::Python) => "None".into(),
        (Value::Bool(true), Form::Python) => "True".into(),
        (Value::Bool(false), Form::Python) => "False".into(),
        (Value::String(text), Form::Python) => python(text),
        (Value::String(_), Form::Json { is_ascii: true }) => ascii(&value.to_string()),
        (Value::Array(items), _) => {
            let items: Vec<String> = items.iter().map(|item| written(item, form)).collect();
            format!("[{}]", items.join(", "))
        }
        (Value::Object(entries), _) => {
            let entry = |(key, value): (&String, &Value)| {
                let key = Value::from(key.as_str());
                format!("{}: {}", written(&key, form), written(value, form))
            };
            let entries: Vec<String> = entries.iter().map(entry).collect();
            format!("{{{}}}", entries.join(", "))
        }
        (value, _) => value.to_string(),
    }
}

fn python(text: &str) -> String {
    let quote = match text.contains('\'') && !text.contains('"') {
        true => '"',
        false => '\'',
    };
    let mut written = String::from(quote);
    for sign in text.chars() {
        match sign {
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            '\r' => written.push_str("\\r"),
            '\\' => written.push_str("\\\\"),
            sign if sign == quote => {
                written.push('\\');
                written.push(sign);
            }
            sign => written.push(sign),
        }
    }
    written.push(quote);
    written
}

fn ascii(json: &str) -> String {
    let mut written = String::new();
    for sign in json.chars() {
        if sign.is_ascii() {
            written.push(sign);
            continue;
        }
        for half in sign.encode_utf16(&mut [0; 2]) {
            // A text takes whatever is written to it.
            write!(written, "\\u{half:04x}").ok();
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check_told(output: Value, told: &str) {
        let mut request =
            json!({ "messages": [{ "content": format!("Observation: {told}\nGo on") }] });
        let words = Words::of_output(&request, &output, "nothing");
        if let Some(words) = words {
            words.put(&mut request);
        }
        let content = &request["messages"][0]["content"];
        assert_eq!(*content, "Observation: nothing\nGo on", "{output}");
    }

    #[test]
    fn what_a_tool_said_is_found_however_a_program_wrote_it() {
        check_told(json!("rain"), "rain");
        check_told(json!(172), "172");
        check_told(json!(true), "True");
        check_told(
            json!({ "a": [1, "it's"], "b": null }),
            "{'a': [1, \"it's\"], 'b': None}",
        );
        check_told(json!({ "city": "上海" }), "{\"city\": \"\\u4e0a\\u6d77\"}");
        check_told(json!({ "city": "上海" }), "{\"city\": \"上海\"}");
        check_told(json!([1, 2]), "[1,2]");
    }

    #[test]
    fn the_newest_place_counts_and_no_part_of_a_word() {
        let ask = |content: &str| json!({ "messages": [{ "content": content }] });
        let first = ask("Observation: 2 of 1642\nObservation: 2\n");
        let words = Words::of_output(&first, &json!(2), "error").expect("it is there");
        let mut later = ask("Observation: 2 of 1642\nObservation: 2\nObservation: 2\n");
        words.put(&mut later);
        assert_eq!(
            later["messages"][0]["content"],
            "Observation: 2 of 1642\nObservation: error\nObservation: 2\n"
        );
        assert_eq!(Words::of_output(&ask("1642"), &json!(2), "x"), None);
        assert_eq!(Words::of_output(&ask("none"), &Value::Null, "x"), None);
    }

    #[test]
    fn a_message_that_grew_keeps_its_other_beginning() {
        let ask = |content: &str| json!({ "messages": [{ "content": content }] });
        let words = Words::of_message(&ask("Question: a"), 0, "Question: b").expect("it is there");
        let mut later = ask("Question: a\nThought: …");
        words.put(&mut later);
        assert_eq!(later["messages"][0]["content"], "Question: b\nThought: …");
        let mut short = json!({ "messages": [] });
        words.put(&mut short);
        assert_eq!(Words::of_message(&ask(""), 0, "x"), None);
        assert_eq!(Words::of_message(&ask("x"), 1, "x"), None);
    }
}
