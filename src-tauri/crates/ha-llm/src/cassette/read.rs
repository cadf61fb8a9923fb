//! Reads `cassette.toml`: leniently, with a line for everything that it did not like.

use super::normal::{self, Asked};
use super::rule::{Rule, When};
use super::{Cassette, CassetteProblem, ChatReply, Exchange, Fallback, Recorded};
use crate::Usage;
use regex::Regex;
use serde_json::{Map, Value, json};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// Problems kept of one file: nobody reads more at once.
const MAX_PROBLEMS: usize = 100;
/// The longest pause of a rhythm, in milliseconds.
const LONGEST_PAUSE: u64 = 10_000;

type Object = Map<String, Value>;

/// Reads a cassette.
pub(super) fn read(text: &str) -> (Cassette, Vec<CassetteProblem>) {
    let mut reader = Reader {
        lines: text.match_indices('\n').map(|(at, _)| at).collect(),
        problems: Vec::new(),
    };
    if text.len() > Cassette::MAX_BYTES {
        reader.tell(
            None,
            "超过 16 MiB；请把这一课拆开",
            "larger than 16 MiB; split the lesson",
        );
        return (Cassette::default(), reader.problems);
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let line = error.span().map(|span| reader.line(span));
        let said = error.message();
        reader.tell(
            line,
            format!("TOML 语法有错：{said}"),
            format!("not valid TOML: {said}"),
        );
    }
    let mut cassette = Cassette::default();
    reader.header(&table.into_inner(), &mut cassette);
    (cassette, reader.problems)
}

struct Reader {
    /// Where lines end.
    lines: Vec<usize>,
    problems: Vec<CassetteProblem>,
}

impl Reader {
    fn line(&self, at: Range<usize>) -> u32 {
        1 + self.lines.partition_point(|end| *end < at.start) as u32
    }

    /// Takes note of a problem, in Chinese and in English.
    fn tell(&mut self, line: Option<u32>, zh: impl Into<String>, en: impl Into<String>) {
        if self.problems.len() < MAX_PROBLEMS {
            let (zh, en) = (zh.into(), en.into());
            self.problems.push(CassetteProblem { line, zh, en });
        }
    }

    fn no_tables(&mut self, line: u32, name: &str) {
        self.tell(
            Some(line),
            format!("`{name}` 要写成 [[{name}]]"),
            format!("`{name}` must be written as [[{name}]]"),
        );
    }

    fn header(&mut self, table: &DeTable<'_>, cassette: &mut Cassette) {
        let mut fields = Object::new();
        for (key, value) in table {
            let line = self.line(key.span());
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("exchange" | "rule" | "embedding", DeValue::Array(_)) => {}
                (name @ ("exchange" | "rule" | "embedding"), _) => self.no_tables(line, name),
                (name @ ("cassette_version" | "model" | "recorded" | "fallback"), value) => {
                    fields.insert(name.into(), plain(value));
                }
                (name, _) => self.unknown(
                    line,
                    name,
                    "cassette_version, model, recorded, fallback, exchange, rule, embedding",
                ),
            }
        }
        match fields.get("cassette_version").and_then(Value::as_u64) {
            Some(version) if version == u64::from(Cassette::VERSION) => {}
            Some(newer) if newer > u64::from(Cassette::VERSION) => {
                self.tell(
                    Some(1),
                    format!("需要更新的 HelloAgents：{newer}"),
                    format!("needs a newer HelloAgents: {newer}"),
                );
            }
            _ => self.tell(
                Some(1),
                "缺少 `cassette_version = 1`",
                "`cassette_version = 1` is missing",
            ),
        }
        cassette.model = self.text(&fields, "model", 1).unwrap_or_default();
        let day = self.text(&fields, "recorded", 1).unwrap_or_default();
        cassette.created = seconds_of(&day).unwrap_or_default();
        cassette.fallback = match fields.get("fallback").map(Value::as_str) {
            None | Some(Some("none")) => Fallback::Nothing,
            Some(Some("step")) => Fallback::Step,
            Some(_) => {
                self.tell(
                    Some(1),
                    "`fallback` 只能是 \"none\" 或 \"step\"",
                    "`fallback` must be \"none\" or \"step\"",
                );
                Fallback::Nothing
            }
        };
        for (line, item) in self.items(table, "exchange") {
            if let Some(exchange) = self.exchange(line, &item) {
                cassette.add(exchange);
            }
        }
        for (line, item) in self.items(table, "rule") {
            let rule = self.rule(line, &item);
            cassette.rules.extend(rule);
        }
        for (line, item) in self.items(table, "embedding") {
            self.embedding(line, &item, cassette);
        }
    }

    fn items(&mut self, table: &DeTable<'_>, name: &str) -> Vec<(u32, Object)> {
        let Some(DeValue::Array(array)) = table.get(name).map(|value| value.get_ref()) else {
            return Vec::new();
        };
        let mut items = Vec::new();
        for item in array.iter() {
            let line = self.line(item.span());
            match plain(item.get_ref()) {
                Value::Object(object) => items.push((line, object)),
                _ => self.no_tables(line, name),
            }
        }
        items
    }

    fn exchange(&mut self, line: u32, item: &Object) -> Option<Exchange> {
        let known = ["kind", "request", "reply", "usage", "rhythm"];
        self.expect(line, item, &known);
        let request = self.object(item, "request", line)?;
        let reply = self.object(item, "reply", line)?;
        match self.kind(line, item)? {
            "tool" => {
                self.expect(line, &request, &["name", "arguments"]);
                self.expect(line, &reply, &["result", "result_json"]);
                let name = self.text(&request, "name", line)?;
                let none = json!({});
                let arguments = request.get("arguments").unwrap_or(&none);
                Some(Exchange {
                    line,
                    asked: Asked::Tool {
                        name,
                        arguments: normal::canonical_text(arguments),
                    },
                    tools: None,
                    reply: Recorded::Tool(self.result(line, &reply)),
                })
            }
            _ => {
                self.expect(line, &request, &["messages", "tools"]);
                let request = Value::Object(request);
                let messages = normal::messages(&request);
                if messages.is_empty() {
                    self.tell(
                        Some(line),
                        "这个 exchange 要有 request.messages = [ … ]",
                        "this exchange needs request.messages = [ … ]",
                    );
                    return None;
                }
                let tools = request.get("tools").is_some();
                Some(Exchange {
                    line,
                    asked: Asked::Chat(messages),
                    tools: tools.then(|| normal::tools(&request)),
                    reply: Recorded::Chat(self.chat(line, item, &reply)),
                })
            }
        }
    }

    fn kind(&mut self, line: u32, item: &Object) -> Option<&'static str> {
        match item.get("kind").map(Value::as_str) {
            None | Some(Some("chat")) => Some("chat"),
            Some(Some("tool")) => Some("tool"),
            _ => {
                self.tell(
                    Some(line),
                    "`kind` 只能是 \"chat\" 或 \"tool\"；向量写在 [[embedding]] 里",
                    "`kind` must be \"chat\" or \"tool\"; embeddings are written as [[embedding]]",
                );
                None
            }
        }
    }

    fn result(&mut self, line: u32, reply: &Object) -> Value {
        let Some(text) = self.text(reply, "result_json", line) else {
            return reply.get("result").cloned().unwrap_or_default();
        };
        serde_json::from_str(&text).unwrap_or_else(|error| {
            self.tell(
                Some(line),
                format!("`result_json` 不是 JSON：{error}"),
                format!("`result_json` is no JSON: {error}"),
            );
            Value::Null
        })
    }

    fn chat(&mut self, line: u32, item: &Object, reply: &Object) -> ChatReply {
        let known = ["content", "tool_calls", "reasoning", "finish_reason"];
        self.expect(line, reply, &known);
        let said = ChatReply {
            content: self.text(reply, "content", line).unwrap_or_default(),
            reasoning: self.text(reply, "reasoning", line).unwrap_or_default(),
            calls: self.calls(line, reply),
            finish: self.text(reply, "finish_reason", line),
            usage: self.usage(line, item),
            rhythm: self.rhythm(line, item),
        };
        if said.content.is_empty() && said.calls.is_empty() {
            self.tell(
                Some(line),
                "这个回复既没有 content，也没有 tool_calls",
                "this reply has neither content nor tool_calls",
            );
        }
        said
    }

    fn calls(&mut self, line: u32, reply: &Object) -> Vec<(String, Value)> {
        let mut calls = Vec::new();
        match reply.get("tool_calls") {
            None => {}
            Some(Value::Array(items)) => {
                for item in items {
                    let name = item.get("name").and_then(Value::as_str);
                    let arguments = item.get("arguments").cloned().unwrap_or(json!({}));
                    match name {
                        Some(name) => calls.push((name.to_string(), arguments)),
                        None => self.tell(
                            Some(line),
                            "`tool_calls` 里有一个调用没有 name",
                            "a call of `tool_calls` has no name",
                        ),
                    }
                }
            }
            Some(_) => self.tell(
                Some(line),
                "`tool_calls` 要写成 [ { name = \"…\", arguments = { … } } ] 这样的列表",
                "`tool_calls` must be a list like [ { name = \"…\", arguments = { … } } ]",
            ),
        }
        calls
    }

    fn usage(&mut self, line: u32, item: &Object) -> Option<Usage> {
        let usage = item.get("usage")?;
        let count = |name: &str| usage.get(name).and_then(Value::as_u64);
        match (count("prompt_tokens"), count("completion_tokens")) {
            (Some(input), Some(output)) => Some(Usage {
                input,
                output,
                cached: count("prompt_cache_hit_tokens").unwrap_or(0).min(input),
                thinking: 0,
            }),
            _ => {
                self.tell(
                    Some(line),
                    "`usage` 要写成 { prompt_tokens = 31, completion_tokens = 12 }",
                    "`usage` must look like { prompt_tokens = 31, completion_tokens = 12 }",
                );
                None
            }
        }
    }

    fn rhythm(&mut self, line: u32, item: &Object) -> Vec<(u32, u32)> {
        let Some(beats) = item.get("rhythm") else {
            return Vec::new();
        };
        let beat = |beat: &Value| {
            let (pause, signs) = (beat.get(0)?.as_u64()?, beat.get(1)?.as_u64()?);
            let fits = pause <= LONGEST_PAUSE && (1..=1_000_000).contains(&signs);
            fits.then_some((pause as u32, signs as u32))
        };
        let beats = beats.as_array();
        let beats = beats.and_then(|beats| beats.iter().map(beat).collect::<Option<Vec<_>>>());
        beats.unwrap_or_else(|| {
            self.tell(
                Some(line),
                "`rhythm` 要写成 [[80, 4], [20, 6]]：先写毫秒（最多 10000），再写字数",
                "`rhythm` must look like [[80, 4], [20, 6]]: milliseconds (at most 10000), then characters",
            );
            Vec::new()
        })
    }

    fn rule(&mut self, line: u32, item: &Object) -> Option<Rule> {
        self.expect(line, item, &["kind", "when", "reply", "usage", "rhythm"]);
        if self.kind(line, item)? == "tool" {
            self.tell(
                Some(line),
                "规则是替模型回答的：kind = \"chat\"",
                "a rule answers for the model: kind = \"chat\"",
            );
            return None;
        }
        let when = self.object(item, "when", line)?;
        let reply = self.object(item, "reply", line)?;
        let known = ["last", "role", "system", "any", "turn", "tool"];
        self.expect(line, &when, &known);
        let problems = self.problems.len();
        let rule = Rule {
            line,
            when: When {
                last: self.regex(line, &when, "last", false),
                role: self.regex(line, &when, "role", true),
                system: self.regex(line, &when, "system", false),
                any: self.regex(line, &when, "any", false),
                tool: self.regex(line, &when, "tool", true),
                turn: self.turn(line, &when),
            },
            reply: self.chat(line, item, &reply),
        };
        // A condition that cannot be read would let the rule fit too much.
        (self.problems.len() == problems).then_some(rule)
    }

    fn regex(&mut self, line: u32, when: &Object, name: &str, whole: bool) -> Option<Regex> {
        let text = self.text(when, name, line)?;
        let text = match whole {
            true => format!("^(?:{text})$"),
            false => text,
        };
        match Regex::new(&text) {
            Ok(regex) => Some(regex),
            Err(error) => {
                let error = error.to_string();
                let last = error.lines().last().unwrap_or_default();
                self.tell(
                    Some(line),
                    format!("when.{name} 不是正则表达式：{last}"),
                    format!("when.{name} is no expression: {last}"),
                );
                None
            }
        }
    }

    fn turn(&mut self, line: u32, when: &Object) -> Option<u32> {
        let turn = when.get("turn")?;
        let number = turn.as_u64().and_then(|turn| turn.try_into().ok());
        if number.is_none() {
            self.tell(
                Some(line),
                "when.turn 要写成从 0 起的整数",
                "when.turn must be a whole number from 0",
            );
        }
        number
    }

    fn embedding(&mut self, line: u32, item: &Object, cassette: &mut Cassette) {
        self.expect(line, item, &["text", "vector"]);
        let Some(text) = self.text(item, "text", line) else {
            return self.tell(
                Some(line),
                "这个向量没有 text",
                "this embedding has no text",
            );
        };
        let numbers = item.get("vector").and_then(Value::as_array);
        let numbers = numbers.map(|items| items.iter().map(Value::as_f64).collect());
        let vector: Option<Vec<f64>> = numbers.flatten();
        let size = cassette.embeddings.values().next().map(Vec::len);
        match vector {
            Some(vector) if vector.is_empty() || size.is_some_and(|size| size != vector.len()) => {
                self.tell(
                    Some(line),
                    "每个向量的长度都要和第一个一样",
                    "every vector must have as many numbers as the first",
                );
            }
            Some(vector) => {
                cassette.embeddings.insert(text.trim().into(), vector);
            }
            None => self.tell(
                Some(line),
                "`vector` 要写成数字的列表",
                "`vector` must be a list of numbers",
            ),
        }
    }

    fn expect(&mut self, line: u32, object: &Object, known: &[&str]) {
        for name in object.keys() {
            if !known.contains(&name.as_str()) {
                self.unknown(line, name, &known.join(", "));
            }
        }
    }

    fn unknown(&mut self, line: u32, name: &str, known: &str) {
        self.tell(
            Some(line),
            format!("不认识的名称 `{name}`；这里可以写 {known}"),
            format!("unknown name `{name}`; the format knows {known}"),
        );
    }

    fn object(&mut self, item: &Object, name: &str, line: u32) -> Option<Object> {
        match item.get(name) {
            Some(Value::Object(object)) => Some(object.clone()),
            _ => {
                self.tell(
                    Some(line),
                    format!("缺少 `{name}`，或者它不是一张表"),
                    format!("`{name}` is missing or no table"),
                );
                None
            }
        }
    }

    fn text(&mut self, item: &Object, name: &str, line: u32) -> Option<String> {
        match item.get(name)? {
            Value::String(text) => Some(text.clone()),
            _ => {
                self.tell(
                    Some(line),
                    format!("`{name}` 要写成一段文字"),
                    format!("`{name}` must be a text"),
                );
                None
            }
        }
    }
}

/// A value without its places. Dates become texts.
fn plain(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Value::Null, Value::from)
        }
        DeValue::Float(number) => number
            .as_str()
            .parse::<f64>()
            .map_or(Value::Null, Value::from),
        DeValue::Boolean(flag) => (*flag).into(),
        DeValue::Datetime(date) => date.to_string().into(),
        DeValue::Array(items) => items.iter().map(|item| plain(item.get_ref())).collect(),
        DeValue::Table(table) => {
            let items = table.iter();
            let items = items.map(|(key, value)| {
                let key = key.get_ref().as_ref();
                (key.to_string(), plain(value.get_ref()))
            });
            Value::Object(items.collect())
        }
    }
}

/// The beginning of a day, as `2026-11-21`, in seconds since 1970 UTC.
fn seconds_of(day: &str) -> Option<i64> {
    let mut parts = day.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years begin in March here, so that a leap day is the last of its year.
    let (year, month) = match month {
        1 | 2 => (year - 1, month + 9),
        _ => (year, month - 3),
    };
    let leaps = year / 4 - year / 100 + year / 400;
    let days = year * 365 + leaps + (month * 153 + 2) / 5 + day - 1;
    Some((days - 719_468) * 86_400)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn check(text: &str, expected: &[(u32, &str)]) {
        let (_, problems) = Cassette::parse(&format!("cassette_version = 1\n{text}"));
        let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        for problem in &problems {
            assert!(problem.zh.chars().any(is_han), "{problem:?}");
            assert!(!problem.en.chars().any(is_han), "{problem:?}");
        }
        let told = problems
            .iter()
            .map(|problem| (problem.line.unwrap_or(0), problem.en.as_str()));
        for ((line, reason), (expected_line, part)) in told.clone().zip(expected) {
            assert_eq!(line, *expected_line, "{reason}");
            assert!(reason.contains(part), "{reason}");
        }
        assert_eq!(told.count(), expected.len(), "{problems:?}");
    }

    #[test]
    fn every_mistake_has_its_line() {
        check("modle = \"x\"", &[(2, "unknown name `modle`")]);
        check("exchange = 1", &[(2, "[[exchange]]")]);
        check("fallback = \"maybe\"", &[(1, "\"none\" or \"step\"")]);
        check(
            "[[exchange]]\n[[exchange]]\nkind = \"song\"\nrequest = {}\nreply = {}",
            &[(2, "`request` is missing"), (3, "`kind` must be")],
        );
        check(
            "[[exchange]]\nrequest.messages = [{ content = \"a\" }]\nreply.contents = \"b\"",
            &[(2, "unknown name `contents`"), (2, "neither content")],
        );
        check(
            "[[rule]]\nwhen = { last = \"(\" }\nreply.content = \"b\"\n[[rule]]\nwhen = { turn = -1 }\nreply.content = \"b\"",
            &[(2, "when.last is no expression"), (5, "when.turn")],
        );
        check(
            "[[exchange]]\nrhythm = [[99999, 1]]\nusage = 3\nrequest.messages = [{ content = \"a\" }]\nreply.content = \"b\"",
            &[(2, "`usage`"), (2, "`rhythm`")],
        );
        check(
            "[[embedding]]\ntext = \"a\"\nvector = [1, 0.5]\n[[embedding]]\ntext = \"b\"\nvector = [1]",
            &[(5, "as many numbers")],
        );
    }

    #[test]
    fn a_file_that_is_broken_in_the_middle_still_has_its_beginning() {
        let text = "cassette_version = 1\n[[rule]]\nwhen = {}\nreply.content = \"hi\"\n[[rule]\n";
        let (cassette, problems) = Cassette::parse(text);
        assert_eq!(cassette.len(), 1);
        assert!(problems[0].en.contains("not valid TOML"), "{problems:?}");
        assert_eq!(problems[0].line, Some(5));
        for broken in ["", "{\"json\": [1", "\u{0}\u{1}", "a = [[[[[[[[[[[[[[[["] {
            let (cassette, problems) = Cassette::parse(broken);
            assert!(cassette.is_empty() && !problems.is_empty(), "{broken:?}");
        }
    }

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(seconds_of("1970-01-01"), Some(0));
        assert_eq!(seconds_of("2024-03-01"), Some(1_709_251_200));
        assert_eq!(seconds_of("2026-11-15"), Some(1_794_700_800));
        assert_eq!(seconds_of("yesterday"), None);
    }
}
