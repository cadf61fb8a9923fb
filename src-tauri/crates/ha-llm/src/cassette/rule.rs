//! Rules: replies for whatever request has a certain form, with parts of the request put into them.

use super::ChatReply;
use super::normal::Said;
use regex::{Captures, Regex};
use serde_json::Value;

/// One rule.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    /// Where it begins in the file, 1-based.
    pub(super) line: u32,
    pub(super) when: When,
    pub(super) reply: ChatReply,
}

/// What a request must have; all that is there has to fit.
#[derive(Debug, Clone, Default)]
pub(super) struct When {
    /// In the words of the last message. Its named groups can be used in the reply.
    pub(super) last: Option<Regex>,
    /// The role of the last message, whole.
    pub(super) role: Option<Regex>,
    /// In the words of any system message.
    pub(super) system: Option<Regex>,
    /// In the words of any message.
    pub(super) any: Option<Regex>,
    /// How many messages of the model there are already.
    pub(super) turn: Option<u32>,
    /// The name of the tool whose answer is the last message, whole.
    pub(super) tool: Option<Regex>,
}

impl Rule {
    /// The reply, when the rule fits.
    pub(super) fn apply(&self, messages: &[Said], tool: Option<&str>) -> Option<ChatReply> {
        let none = Said::default();
        let last = messages.last().unwrap_or(&none);
        let fits = |wanted: &Option<Regex>, text: &str| {
            wanted.as_ref().is_none_or(|regex| regex.is_match(text))
        };
        let in_any = |wanted: &Option<Regex>, role: Option<&str>| {
            wanted.as_ref().is_none_or(|regex| {
                let mut of_role = messages
                    .iter()
                    .filter(|said| role.is_none_or(|role| said.role == role));
                of_role.any(|said| regex.is_match(&said.text))
            })
        };
        let when = &self.when;
        let turn = messages.iter().filter(|said| said.role == "assistant");
        let all = when
            .turn
            .is_none_or(|wanted| turn.count() == wanted as usize)
            && fits(&when.role, &last.role)
            && fits(&when.tool, tool.unwrap_or_default())
            && in_any(&when.system, Some("system"))
            && in_any(&when.any, None);
        if !all {
            return None;
        }
        let Some(regex) = &when.last else {
            return Some(self.reply.clone());
        };
        let found = regex.captures(&last.text)?;
        Some(filled(&self.reply, &found))
    }
}

fn filled(reply: &ChatReply, found: &Captures<'_>) -> ChatReply {
    let calls = reply.calls.iter();
    ChatReply {
        content: fill(&reply.content, found),
        reasoning: fill(&reply.reasoning, found),
        calls: calls
            .map(|(name, arguments)| (name.clone(), fill_value(arguments, found)))
            .collect(),
        ..reply.clone()
    }
}

fn fill_value(value: &Value, found: &Captures<'_>) -> Value {
    match value {
        Value::String(text) => fill(text, found).into(),
        Value::Array(items) => items.iter().map(|item| fill_value(item, found)).collect(),
        Value::Object(object) => {
            let items = object.iter();
            let items = items.map(|(key, value)| (key.clone(), fill_value(value, found)));
            Value::Object(items.collect())
        }
        other => other.clone(),
    }
}

/// Puts groups in place of `$name` and `${name}`. Any other `$` is one: replies talk of money.
fn fill(template: &str, found: &Captures<'_>) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('$') {
        filled.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let (name, length) = match rest.strip_prefix('{') {
            Some(braced) => match braced.find('}') {
                Some(end) => (&braced[..end], end + 2),
                None => ("", 0),
            },
            None => {
                let is_part = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
                let end = rest.find(|sign| !is_part(sign)).unwrap_or(rest.len());
                (&rest[..end], end)
            }
        };
        match found.name(name) {
            Some(group) => {
                filled.push_str(group.as_str());
                rest = &rest[length..];
            }
            None => filled.push('$'),
        }
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn check(template: &str, expected: &str) {
        let regex = Regex::new(r"(?<city>\w+) (?<day>\w+)?").unwrap();
        let found = regex.captures("Oslo now").unwrap();
        assert_eq!(fill(template, &found), expected);
    }

    #[test]
    fn groups_are_put_in_and_other_dollars_stay() {
        check("weather[$city]", "weather[Oslo]");
        check("${city}s, $day.", "Oslos, now.");
        check("$5 for $citys and ${ and $", "$5 for $citys and ${ and $");
        check("$$city", "$Oslo");
        check("中文$city中文", "中文Oslo中文");
    }
}
