//! How often, how many at once, how long left alone: our own limits, obeyed and violated.

use crate::common::{self, FakeClock};
use ha_llm::{ClientSettings, LlmError};
use ha_testkit::fake_chat::{Answer, FakeChat, Step};
use std::time::Duration;

#[tokio::test]
async fn requests_beyond_the_rate_are_refused_until_there_is_room() {
    let fake = FakeChat::start().await;
    let clock = FakeClock::new();
    let settings = ClientSettings {
        per_minute: 2,
        ..common::settings()
    };
    let client = common::client(&fake, settings, &clock);
    for _ in 0..2 {
        assert_eq!(
            common::hear(client.chat(&common::question()).unwrap())
                .await
                .end_name(),
            "stop"
        );
    }
    let half_a_minute = Duration::from_secs(30);
    let refused = client.chat(&common::question()).unwrap_err();
    assert_eq!(
        refused,
        LlmError::TooFast {
            retry_after: half_a_minute
        }
    );
    clock.advance(half_a_minute);
    assert_eq!(
        common::hear(client.chat(&common::question()).unwrap())
            .await
            .end_name(),
        "stop"
    );
    assert_eq!(fake.requests().len(), 3);
}

#[tokio::test]
async fn a_question_waits_for_its_turn_but_not_for_ever() {
    let fake = FakeChat::start().await;
    fake.script([Answer::stream([Step::Gate, Step::Words("one".into())]).ended()]);
    let clock = FakeClock::new();
    let settings = ClientSettings {
        at_once: 1,
        ..common::settings()
    };
    let turn = settings.turn;
    let client = common::client(&fake, settings, &clock);
    let first = client.chat(&common::question()).unwrap();
    fake.wait_for_gate(1).await;

    let impatient = client.chat(&common::question()).unwrap();
    let (heard, ()) = tokio::join!(common::hear(impatient), clock.skip(turn));
    assert_eq!(heard.end_name(), "too_many_at_once");

    let second = client.chat(&common::question()).unwrap();
    clock.wait_for_sleep(turn).await;
    assert_eq!(fake.requests().len(), 1, "the second one waits");
    fake.release();
    let (first, second) = tokio::join!(common::hear(first), common::hear(second));
    assert_eq!(
        (first.end_name(), second.end_name()),
        ("stop".into(), "stop".into())
    );
}

#[tokio::test]
async fn a_service_that_fails_again_and_again_is_left_alone_and_then_asked_once() {
    let fake = FakeChat::start().await;
    fake.otherwise(Answer::error(500, "down"));
    let clock = FakeClock::new();
    let settings = ClientSettings {
        tries: 1,
        failures_to_pause: 3,
        ..common::settings()
    };
    let pause = settings.pause;
    let client = common::client(&fake, settings, &clock);
    let ask = async || {
        common::hear(client.chat(&common::question()).unwrap())
            .await
            .end_name()
    };
    for _ in 0..3 {
        assert_eq!(ask().await, "service_fault");
    }
    assert_eq!(
        client.chat(&common::question()).unwrap_err(),
        LlmError::Paused { retry_after: pause }
    );
    assert_eq!(
        fake.requests().len(),
        3,
        "nothing was sent during the pause"
    );

    clock.advance(pause);
    assert_eq!(ask().await, "service_fault");
    assert_eq!(
        client.chat(&common::question()).unwrap_err(),
        LlmError::Paused { retry_after: pause }
    );

    clock.advance(pause);
    fake.otherwise(Answer::words(&["well"]));
    assert_eq!(ask().await, "stop");
    assert_eq!(ask().await, "stop");
}

#[tokio::test]
async fn a_refused_key_is_no_outage() {
    let fake = FakeChat::start().await;
    fake.otherwise(Answer::error(401, "no"));
    let settings = ClientSettings {
        failures_to_pause: 2,
        ..common::settings()
    };
    let client = common::client(&fake, settings, &FakeClock::new());
    for _ in 0..5 {
        let heard = common::hear(client.chat(&common::question()).unwrap()).await;
        assert_eq!(heard.end_name(), "key_refused");
    }
}

#[tokio::test]
async fn a_probe_that_goes_well_ends_the_pause() {
    let fake = FakeChat::start().await;
    fake.script([Answer::error(500, "down")]);
    let settings = ClientSettings {
        tries: 1,
        failures_to_pause: 1,
        ..common::settings()
    };
    let client = common::client(&fake, settings, &FakeClock::new());
    common::hear(client.chat(&common::question()).unwrap()).await;
    assert_eq!(
        client.chat(&common::question()).unwrap_err().name(),
        "paused"
    );
    client.probe().await.unwrap();
    assert_eq!(
        common::hear(client.chat(&common::question()).unwrap())
            .await
            .end_name(),
        "stop"
    );
}

#[tokio::test]
async fn a_request_that_is_too_large_is_never_sent() {
    let fake = FakeChat::start().await;
    let settings = ClientSettings {
        request_bytes: 1_000,
        ..common::settings()
    };
    let client = common::client(&fake, settings, &FakeClock::new());
    let mut request = common::question();
    request
        .messages
        .push(ha_llm::Message::User("x".repeat(1_000)));
    assert_eq!(
        client.chat(&request).unwrap_err().name(),
        "request_too_large"
    );
    assert_eq!(fake.accepted(), 0);
}
