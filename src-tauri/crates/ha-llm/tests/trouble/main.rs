//! Everything a service may do to us, one case after the other: what the learner gets, how often the
//! service was asked, and that nothing is left behind. The table is in `good.rs`,
//! `refused.rs` and `broken.rs`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod broken;
mod case;
#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "each of two test programs uses a part of it")]
mod common;
mod good;
mod refused;

use case::{Case, Move};
use common::FakeClock;
use ha_testkit::fake_chat::FakeChat;
use libtest_mimic::{Arguments, Trial};

fn main() {
    let table = [
        good::replies(),
        good::dialects(),
        refused::statuses(),
        refused::retries(),
        broken::waits(),
        broken::cuts(),
        broken::nonsense(),
        broken::floods(),
    ];
    let trials = table.into_iter().flatten().map(|case| {
        Trial::test(case.name, move || {
            run(case);
            Ok(())
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

fn run(case: Case) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(play(case));
}

async fn play(case: Case) {
    let fake = FakeChat::start().await;
    fake.script(case.answers.iter().cloned());
    // A service that is asked more often than a case expects gives itself away.
    fake.otherwise(ha_testkit::fake_chat::Answer::error(418, "asked too often"));
    let clock = FakeClock::new();
    let mut settings = common::settings();
    (case.settings)(&mut settings);
    let before = tokio::runtime::Handle::current()
        .metrics()
        .num_alive_tasks();

    let client = common::client(&fake, settings, &clock);
    let chat = client.chat(&common::question()).unwrap();
    let moving = async {
        for step in &case.moves {
            match step {
                Move::Gate(count) => fake.wait_for_gate(*count).await,
                Move::Release => fake.release(),
                Move::Listening(time) => clock.wait_for_sleep(*time).await,
                Move::Pass(time) => clock.advance(*time),
                Move::Skip(time) => clock.skip(*time).await,
            }
        }
    };
    let (heard, ()) = tokio::join!(common::hear(chat), moving);

    assert_eq!(heard.end_name(), case.end);
    if let Some(words) = case.words {
        assert_eq!(heard.words, words);
    }
    assert_eq!(heard.thinking, case.thinking);
    let calls: Vec<_> = heard
        .calls
        .iter()
        .map(|call| (call.name.as_str(), call.arguments.as_str()))
        .collect();
    assert_eq!(calls, case.calls);
    if let Some(tokens) = case.tokens {
        let usage = heard
            .usage
            .map(|usage| [usage.input, usage.cached, usage.output, usage.thinking]);
        assert_eq!(usage, tokens);
    }
    assert_eq!(
        fake.requests().len(),
        case.asked,
        "times the service was asked"
    );
    assert_eq!(heard.retries.len(), case.asked - 1, "{:?}", heard.retries);
    common::nothing_left(client, &fake, before).await;
}
