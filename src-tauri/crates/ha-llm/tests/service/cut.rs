//! A reply cut at every byte: what came is kept, and the end is never silent.

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
