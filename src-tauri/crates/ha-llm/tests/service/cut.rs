//! A reply cut or split at every byte: what came is kept, and the end is never silent.

use crate::common::{self, FakeClock};
use ha_testkit::fake_chat::{Answer, Cut, FakeChat, Step};

/// Everything a reply may hold, with characters of every length.
fn reply() -> Answer {
    Answer::stream([
        Step::KeepAlive,
        Step::Thinking("hm 🦀".into()),
        Step::Words("你".into()),
        Step::Words("ok".into()),
    ])
    .ended()
}

/// Plays the reply broken off after `bytes`; answers the end, the words and the thinking.
async fn cut(fake: &FakeChat, bytes: usize) -> (String, String, String) {
    fake.script([Answer {
        cut: Some(Cut {
            after: bytes,
            reset: false,
        }),
        ..reply()
    }]);
    let mut settings = common::settings();
    settings.tries = 1;
    let client = common::client(fake, settings, &FakeClock::new());
    let heard = common::hear(client.chat(&common::question()).unwrap()).await;
    (heard.end_name(), heard.words, heard.thinking)
}

/// Two calls in pieces, one of them with characters of every length.
fn calls() -> Answer {
    let piece = |index, id: Option<&str>, arguments: &str| Step::Tool {
        index,
        id: id.map(Into::into),
        name: id.map(|_| "look".into()),
        arguments: arguments.into(),
    };
    let mut answer = Answer::stream([
        Step::Words("ok".into()),
        piece(0, Some("c1"), "{\"q\":"),
        piece(1, Some("c2"), ""),
        piece(0, None, "\"闭包 🦀\"}"),
        piece(1, None, "{}"),
    ]);
    let end = Step::End("tool_calls".into(), [1, 0, 1, 0]);
    answer.steps.extend([end, Step::Done]);
    answer
}

#[tokio::test]
async fn tool_calls_are_whole_wherever_the_stream_is_split_and_none_where_it_is_cut() {
    let fake = FakeChat::start().await;
    let mut settings = common::settings();
    (
        settings.tries,
        settings.failures_to_pause,
        settings.per_minute,
    ) = (1, 100_000, 100_000);
    let client = common::client(&fake, settings, &FakeClock::new());
    for size in 1..=64 {
        fake.script([calls().in_pieces(size)]);
        let heard = common::hear(client.chat(&common::question()).unwrap()).await;
        let calls = heard.calls.iter().map(|call| (&*call.id, &*call.arguments));
        let calls: Vec<_> = calls.collect();
        assert_eq!(
            calls,
            [("c1", "{\"q\":\"闭包 🦀\"}"), ("c2", "{}")],
            "{size}"
        );
        assert_eq!(
            (heard.end_name().as_str(), &*heard.words),
            ("toolcalls", "ok")
        );
    }
    // Half a call is none: what was asked for is known at the end only.
    for bytes in 0.. {
        fake.script([calls().cut(bytes)]);
        let heard = common::hear(client.chat(&common::question()).unwrap()).await;
        match heard.end_name().as_str() {
            "toolcalls" => {
                assert_eq!(heard.calls.len(), 2);
                break;
            }
            end => assert_eq!((end, heard.calls.len()), ("cut", 0), "after {bytes} bytes"),
        }
    }
}

#[tokio::test]
async fn a_reply_cut_at_any_byte_is_an_error_until_its_mark_has_come() {
    let fake = FakeChat::start().await;
    let mut ends = Vec::new();
    loop {
        let (end, words, thinking) = cut(&fake, ends.len()).await;
        assert!("你ok".starts_with(&words), "{words}");
        assert!("hm 🦀".starts_with(&thinking), "{thinking}");
        match end.as_str() {
            "stop" => {
                assert_eq!((words.as_str(), thinking.as_str()), ("你ok", "hm 🦀"));
                break;
            }
            end => assert_eq!(end, "cut", "after {} bytes", ends.len()),
        }
        ends.push(words);
    }
    // Head, five events and the mark's line: everything up to there was an error.
    assert!(ends.len() > 1_000, "{} cuts", ends.len());
    let keeps_words = |text: &str| ends.iter().any(|words| words == text);
    assert!(keeps_words("") && keeps_words("你") && keeps_words("你ok"));
    // The mark's line had not ended one byte earlier; from here on nothing more is needed.
    for more in 0..4 {
        assert_eq!(cut(&fake, ends.len() + more).await.0, "stop");
    }
    fake.wait_for_connections(0).await;
}
