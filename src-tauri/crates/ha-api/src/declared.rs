//! Checks that `checks.toml` declares whole: the few lines of Python that hand them to
//! `templates/checks/_declared.py`. Runs nothing.

use crate::wire::Language;
use ha_course::{Check, CheckKind, Expect, Words};
use serde_json::{Value, json};

/// The name of the function in every module made here.
pub(crate) const FUNCTION: &str = "test";

/// The `checks.py` that runs a declared check; nothing for kinds that need none. `answers` are the
/// solution's, for a check that compares.
pub(crate) fn module(check: &Check, language: Language, answers: Option<&str>) -> Option<String> {
    let message = message(check.message.as_ref(), language);
    let (function, arguments) = match &check.kind {
        CheckKind::Output { .. } | CheckKind::Python { .. } => return None,
        CheckKind::Code { uses, avoids } => (
            "code",
            json!({ "uses": uses, "avoids": avoids, "message": message }),
        ),
        CheckKind::Compare { function, .. } => {
            let pairs: Value = serde_json::from_str(answers?).ok()?;
            let arguments = json!({ "function": function, "pairs": pairs, "message": message });
            ("same", arguments)
        }
        CheckKind::File {
            path,
            stdin,
            expect,
        } => {
            let (whole, pieces) = match expect {
                Expect::Whole(text) => (Some(text), [].as_slice()),
                Expect::Contains(pieces) => (None, pieces.as_slice()),
            };
            let arguments = json!({
                "path": path, "stdin": stdin, "expect": whole, "contains": pieces,
                "message": message,
            });
            ("file", arguments)
        }
    };
    Some(calling(function, &arguments))
}

/// The `checks.py` that asks the solution for its answers; nothing for kinds that do not compare.
pub(crate) fn asking(check: &Check) -> Option<String> {
    let CheckKind::Compare {
        function,
        cases,
        generate,
        count,
    } = &check.kind
    else {
        return None;
    };
    let arguments = json!({
        "function": function, "cases": cases, "generate": generate, "count": count,
        // The same calls every time: a learner's second look must see what the first one saw.
        "seed": check.id,
    });
    Some(calling("answers", &arguments))
}

pub(crate) fn message(words: Option<&Words>, language: Language) -> String {
    match (words, language) {
        (None, _) => String::new(),
        (Some(words), Language::Zh) => words.zh.clone(),
        (Some(words), Language::En) => words.en.clone(),
    }
}

/// JSON's texts are Python's too, so a text of JSON, quoted once more, is a literal.
fn calling(function: &str, arguments: &Value) -> String {
    let literal = Value::String(arguments.to_string()).to_string();
    format!(
        "import json\nimport _declared\n\n\ndef {FUNCTION}():\n    _declared.{function}(**json.loads({literal}))\n"
    )
}
