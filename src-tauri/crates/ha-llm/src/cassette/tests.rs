//! What a request gets from a cassette.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::WholeReply;
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};

const WEATHER: &str = r#"
cassette_version = 1
model = "deepseek-chat"
recorded = "2026-11-21"

[[exchange]]
request.messages = [{ role = "system", content = "Be brief." }, { role = "user", content = "Hi" }]
reply.content = "Hello."
usage = { prompt_tokens = 31, completion_tokens = 12 }

[[exchange]]
request.messages = [{ role = "user", content = "Roll a die" }]
reply.content = "3"

[[exchange]]
request.messages = [{ role = "user", content = "Roll a die" }]
reply.content = "5"

[[exchange]]
request.messages = [{ role = "user", content = "Weather in Oslo?" }]
request.tools = ["weather"]
reply.tool_calls = [{ name = "weather", arguments = { city = "Oslo" } }]

[[rule]]
when = { last = "(?i)weather in (?<city>\\w+)", role = "user" }
reply.content = """
Thought: I look.
Action: weather[$city]"""

[[rule]]
when = { tool = "weather", turn = 1 }
reply.content = "Nice."
"#;

fn player(text: &str) -> Player {
    let (cassette, problems) = Cassette::parse(text);
    assert_eq!(problems, []);
    Player::new(Arc::new(cassette))
}

fn says(text: &str) -> Value {
    json!({ "messages": [{ "role": "user", "content": text }] })
}

#[track_caller]
fn check(player: &mut Player, request: &Value, expected: &str) {
    let played = player.chat(request).unwrap();
    assert_eq!(played.reply.content, expected);
}

#[test]
fn the_same_request_gets_its_reply_whatever_else_is_said() {
    let mut player = player(WEATHER);
    let request = json!({ "model": "gpt", "temperature": 0.3, "stream": true, "messages": [
        { "content": "Be brief.\n", "role": "developer" }, { "role": "user", "content": " Hi" }] });
    let played = player.chat(&request).unwrap();
    let completion = played.reply.completion();
    assert_eq!(completion["choices"][0]["message"]["content"], "Hello.");
    assert_eq!(completion["choices"][0]["finish_reason"], "stop");
    assert_eq!(completion["usage"]["total_tokens"], 43);
    assert_eq!(completion["model"], "deepseek-chat");
    assert_eq!(played.from, PlayedFrom::Exchange(6));
}

#[test]
fn repeated_requests_get_one_reply_after_the_other_and_the_last_again() {
    let mut player = player(WEATHER);
    for expected in ["3", "5", "5"] {
        check(&mut player, &says("Roll a die"), expected);
    }
}

#[test]
fn tools_decide_where_they_are_named() {
    let mut player = player(WEATHER);
    let mut request = says("Weather in Oslo?");
    check(
        &mut player,
        &request,
        "Thought: I look.\nAction: weather[Oslo]",
    );
    request["tools"] = json!([{ "type": "function", "function": { "name": "weather" } }]);
    let played = player.chat(&request).unwrap();
    assert_eq!(played.reply.finish, "tool_calls");
    assert_eq!(played.reply.tool_calls[0].arguments, r#"{"city":"Oslo"}"#);
    assert_eq!(played.reply.tool_calls[0].id, "call_2_1");
    let answered = json!({ "messages": [
        { "role": "user", "content": "?" }, played.reply.message(),
        { "role": "tool", "tool_call_id": "call_2_1", "content": "rain" }] });
    check(&mut player, &answered, "Nice.");
}

#[test]
fn what_fits_nothing_is_shown_beside_the_nearest() {
    let mut player = player(WEATHER);
    let request = json!({ "messages": [
        { "role": "system", "content": "Be brief." }, { "role": "user", "content": "Hi!" }] });
    let nearest = player.chat(&request).unwrap_err().nearest.unwrap();
    assert_eq!((nearest.line, nearest.message), (6, Some(1)));
    assert_eq!(nearest.diff, ["- Hi", "+ Hi!"]);
    let nearest = player.chat(&says("Rolls a die")).unwrap_err().nearest;
    assert_eq!(nearest.unwrap().diff, ["- Roll a die", "+ Rolls a die"]);
    let mut empty = self::player("cassette_version = 1");
    assert_eq!(empty.chat(&says("x")).unwrap_err().nearest, None);
}

#[test]
fn steps_play_what_was_not_played_yet() {
    let mut player = player(&WEATHER.replace("recorded", "fallback = \"step\"\nrecorded"));
    check(&mut player, &says("Roll a die"), "3");
    for expected in ["Hello.", "5", ""] {
        check(&mut player, &says("something else"), expected);
    }
    assert!(player.chat(&says("something else")).is_err());
}

#[test]
fn a_stream_has_the_recorded_rhythm_or_comes_at_once() {
    let text = "cassette_version = 1\n[[exchange]]\nrhythm = [[80, 2], [20, 3]]\n\
        request.messages = [{ content = \"a\" }]\nreply.content = \"你好 world!\"";
    let played = player(text).chat(&says("a")).unwrap();
    let told = |at_once| -> Vec<(u128, String)> {
        let pieces = played.pieces(at_once);
        let words = pieces.iter().filter_map(|piece| {
            let text = piece.chunk["choices"][0]["delta"]["content"].as_str()?;
            Some((piece.pause.as_millis(), text.to_string()))
        });
        words.skip(1).collect()
    };
    let paused = [(80, "你好".into()), (20, " wo".into()), (0, "rld!".into())];
    assert_eq!(told(false), paused);
    assert!(told(true).iter().all(|(pause, _)| *pause == 0));
    let last = played.pieces(true).pop().unwrap().chunk;
    assert_eq!(last["choices"][0]["finish_reason"], "stop");
}

#[test]
fn tools_and_vectors_are_recorded_too() {
    let text = "cassette_version = 1\n[[exchange]]\nkind = \"tool\"\nrequest.name = \"search\"\n\
        request.arguments = { query = \"x\", n = 2 }\nreply.result = [\"found\"]\n\
        [[embedding]]\ntext = \"cat\"\nvector = [1, 0.5]";
    let mut player = player(text);
    let found = player.tool("search", &json!({ "n": 2, "query": "x" }));
    assert_eq!(found, Some(json!(["found"])));
    assert_eq!(player.tool("search", &json!({})), None);
    assert_eq!(player.embed(" cat "), [1.0, 0.5]);
    assert_eq!(player.embed("dog").len(), 2, "all vectors are of one size");
}

#[test]
fn html_in_every_field_stays_what_it_is() {
    let html = "<script>alert(1)</script>&amp;<b>";
    let text = format!(
        "cassette_version = 1\nmodel = \"{html}\"\n[[exchange]]\n\
         request.messages = [{{ role = \"user\", content = \"{html}\" }}]\n\
         reply.content = \"{html}\"\nreply.reasoning = \"{html}\"\nreply.finish_reason = \"{html}\"\n\
         reply.tool_calls = [{{ name = \"{html}\", arguments = {{ a = \"{html}\" }} }}]"
    );
    let played = player(&text).chat(&says(html)).unwrap();
    assert_eq!(played.reply.content, html);
    assert_eq!(played.reply.head.model, html);
    assert_eq!(played.reply.tool_calls[0].name, html);
}

#[test]
fn ten_thousand_exchanges_are_read_and_searched() {
    let mut text = String::from("cassette_version = 1\n");
    for n in 0..10_000 {
        text.push_str(&format!(
            "[[exchange]]\nrequest.messages = [{{ role = \"user\", content = \"Question number {n}, and what follows from it?\" }}]\nreply.content = \"{n}\"\n"
        ));
    }
    let began = Instant::now();
    let mut player = player(&text);
    for n in [0, 5_000, 9_999] {
        let asked = says(&format!("Question number {n}, and what follows from it?"));
        check(&mut player, &asked, &n.to_string());
    }
    let nearest = player.chat(&says("Question number 4711?")).unwrap_err();
    assert!(nearest.nearest.is_some());
    // Far from what it takes, near enough to see what grows with the square.
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn what_was_recorded_plays() {
    let request = json!({ "model": "m", "tools": [{ "function": { "name": "f" } }], "messages": [
        { "role": "system", "content": "Line one.\n\"\"\"quoted\"\"\" \\ back\u{7}\n" },
        { "role": "assistant", "content": null, "tool_calls": [{ "id": "1", "function": {
            "name": "f", "arguments": "{\"a\": null, \"b\": 1}" } }] },
        { "role": "tool", "tool_call_id": "1", "content": "中文 \"" }] });
    let reply = WholeReply {
        head: crate::ReplyHead {
            id: "x".into(),
            model: "m".into(),
            created: 0,
        },
        content: "Two\nlines, and a quote: \"".into(),
        reasoning: "hm".into(),
        tool_calls: vec![crate::ToolCall {
            id: "9".into(),
            name: "f".into(),
            arguments: "{oops".into(),
        }],
        finish: "tool_calls".into(),
        usage: Usage {
            input: 5,
            output: 6,
            ..Usage::default()
        },
    };
    let mut recording = Recording::default();
    recording.chat(&request, &reply, &[(10, 3)]);
    recording.tool(
        "search",
        &json!({ "q": "x" }),
        &json!({ "hits": [null, 1.5] }),
    );
    recording.embedding("cat", &[0.25, -1.0]);
    let before = "cassette_version = 1\n# The author's own words.\n[[rule]]\nwhen.turn = 9\nreply.content = \"r\"\n";
    for before in ["", before] {
        let text = recording.to_toml(before, "2026-11-21");
        assert!(text.starts_with(before.trim_end()), "{text}");
        let mut player = player(&text);
        let played = player.chat(&request).unwrap();
        assert_eq!(played.reply.content, reply.content);
        assert_eq!(played.reply.reasoning, reply.reasoning);
        assert_eq!(played.reply.usage, reply.usage);
        assert_eq!(played.reply.tool_calls[0].arguments, "{oops");
        let found = player.tool("search", &json!({ "q": "x" })).unwrap();
        assert_eq!(found, json!({ "hits": [null, 1.5] }));
        assert_eq!(player.embed("cat"), [0.25, -1.0]);
    }
}
