//! Stopping: by hand, by going away, by closing the app. The connection goes at once.

use crate::common::{self, FakeClock, PATIENCE};
use ha_llm::{ChatEvent, LlmError};
use ha_testkit::fake_chat::{Answer, FakeChat, Step};
use std::time::Duration;

fn endless() -> Answer {
    Answer::stream([Step::Words("so ".into()), Step::Hold])
}

async fn first_words(chat: &mut ha_llm::Chat) {
    while let Some(event) = chat.events.recv().await {
        if matches!(event, ChatEvent::Delta(_)) {
            return;
        }
    }
    panic!("no words came");
}

#[tokio::test]
async fn cancelling_closes_the_connection_and_says_so() {
    let fake = FakeChat::start().await;
    fake.script([endless()]);
    let client = common::client(&fake, common::settings(), &FakeClock::new());
    let mut chat = client.chat(&common::question()).unwrap();
    first_words(&mut chat).await;
    chat.control.cancel();
    let heard = common::hear(chat).await;
    assert_eq!(heard.end_name(), "cancelled");
    fake.wait_for_connections(0).await;
}

#[tokio::test]
async fn cancelling_before_the_answer_began_works_too() {
    let fake = FakeChat::start().await;
    fake.script([Answer::words(&["late"]).after(Step::Gate)]);
    let client = common::client(&fake, common::settings(), &FakeClock::new());
    let chat = client.chat(&common::question()).unwrap();
    fake.wait_for_gate(1).await;
    chat.control.cancel();
    assert_eq!(common::hear(chat).await.end_name(), "cancelled");
    fake.wait_for_connections(0).await;
}

#[tokio::test]
async fn cancelling_ends_a_wait_between_two_tries() {
    let fake = FakeChat::start().await;
    fake.script([Answer::error(503, "busy")]);
    let clock = FakeClock::new();
    let client = common::client(&fake, common::settings(), &clock);
    let chat = client.chat(&common::question()).unwrap();
    clock.wait_for_sleep(Duration::from_millis(200)).await;
    chat.control.cancel();
    assert_eq!(common::hear(chat).await.end_name(), "cancelled");
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn who_goes_away_cancels() {
    let fake = FakeChat::start().await;
    fake.script([endless()]);
    let client = common::client(&fake, common::settings(), &FakeClock::new());
    let mut chat = client.chat(&common::question()).unwrap();
    first_words(&mut chat).await;
    drop(chat);
    fake.wait_for_connections(0).await;
}

#[tokio::test]
async fn cancelling_after_the_end_is_harmless() {
    let fake = FakeChat::start().await;
    let client = common::client(&fake, common::settings(), &FakeClock::new());
    let chat = client.chat(&common::question()).unwrap();
    let control = chat.control.clone();
    assert_eq!(common::hear(chat).await.end_name(), "stop");
    control.cancel();
}

#[tokio::test]
async fn closing_the_app_lets_a_reply_end_that_ends_soon() {
    let fake = FakeChat::start().await;
    fake.script([Answer::stream([
        Step::Words("so ".into()),
        Step::Gate,
        Step::Words("on".into()),
    ])
    .ended()]);
    let client = common::client(&fake, common::settings(), &FakeClock::new());
    let mut chat = client.chat(&common::question()).unwrap();
    first_words(&mut chat).await;
    let closing = async {
        tokio::join!(client.shutdown(), async {
            tokio::task::yield_now().await;
            fake.release();
        })
    };
    let (heard, _) = tokio::join!(common::hear(chat), closing);
    assert_eq!(
        (heard.end_name().as_str(), heard.words.as_str()),
        ("stop", "on")
    );
    assert_eq!(
        client.chat(&common::question()).unwrap_err(),
        LlmError::ShuttingDown
    );
    assert_eq!(client.models().await, Err(LlmError::ShuttingDown));
}

#[tokio::test]
async fn closing_the_app_cancels_a_reply_that_does_not() {
    let fake = FakeChat::start().await;
    fake.script([endless()]);
    let clock = FakeClock::new();
    let settings = common::settings();
    let grace = settings.shutdown;
    let client = common::client(&fake, settings, &clock);
    let mut chat = client.chat(&common::question()).unwrap();
    first_words(&mut chat).await;
    let (heard, (), ()) = tokio::join!(common::hear(chat), client.shutdown(), clock.skip(grace));
    assert_eq!(heard.end_name(), "cancelled");
    assert_eq!(client.in_flight(), 0);
    fake.wait_for_connections(0).await;
}

#[tokio::test]
async fn a_reader_who_fell_asleep_does_not_hold_up_the_closing() {
    let fake = FakeChat::start().await;
    let flood = Step::Repeat(Box::new(Step::Words("x".repeat(9_000))), None);
    fake.script([Answer::stream([flood])]);
    let clock = FakeClock::new();
    let settings = common::settings();
    let grace = settings.shutdown;
    let client = common::client(&fake, settings, &clock);
    let chat = client.chat(&common::question()).unwrap();
    let closing = async { tokio::join!(client.shutdown(), clock.skip(grace)) };
    assert!(tokio::time::timeout(PATIENCE, closing).await.is_ok());
    assert_eq!(common::hear(chat).await.end_name(), "cancelled");
}
