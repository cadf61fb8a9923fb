//! The way to a service: nobody there, too slow a door, proxies, and a connection used twice.

use crate::common::{self, FakeClock};
use ha_llm::{ClientSettings, Endpoint, LlmClient, LlmError, Provider, Proxy, Surroundings};
use ha_testkit::fake_chat::FakeChat;
use std::time::Duration;
use tokio::net::TcpListener;

fn at(address: &str, proxy: Proxy, settings: ClientSettings) -> Result<LlmClient, LlmError> {
    let endpoint = Endpoint::new(Provider::Compatible, address, proxy)?;
    LlmClient::new(endpoint, None, settings, Surroundings::of_this_machine())
}

fn once() -> ClientSettings {
    ClientSettings {
        tries: 1,
        ..common::settings()
    }
}

async fn ask(client: &LlmClient) -> String {
    common::hear(client.chat(&common::question()).unwrap())
        .await
        .end_name()
}

/// A port where nobody listens.
async fn nobody() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    format!("127.0.0.1:{}", listener.local_addr().unwrap().port())
}

#[tokio::test]
async fn nobody_there_is_unreachable_after_every_try() {
    let fake = FakeClock::new();
    let endpoint = format!("http://{}", nobody().await);
    let endpoint = Endpoint::new(Provider::Ollama, &endpoint, Proxy::System).unwrap();
    let client = LlmClient::new(endpoint, None, common::settings(), common::around(&fake)).unwrap();
    let chat = client.chat(&common::question()).unwrap();
    let waits = async {
        fake.skip(Duration::from_millis(200)).await;
        fake.skip(Duration::from_millis(400)).await;
    };
    let (heard, ()) = tokio::join!(common::hear(chat), waits);
    assert_eq!(heard.end_name(), "unreachable");
    assert_eq!(heard.retries.len(), 2);
}

#[tokio::test]
async fn a_door_that_does_not_open_times_out() {
    // Takes the connection and never answers the first words of TLS.
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("https://{}", silent.local_addr().unwrap());
    let settings = ClientSettings {
        connect: Duration::from_millis(100),
        ..once()
    };
    let endpoint = Endpoint::new(Provider::Compatible, &address, Proxy::None).unwrap();
    // A root of its own, so that the test does not depend on those of the machine.
    let endpoint = endpoint.trusting(crate::tls::Certificate::new().pem);
    let client = LlmClient::new(endpoint, None, settings, Surroundings::of_this_machine()).unwrap();
    assert_eq!(ask(&client).await, "connect_timed_out");
}

#[tokio::test]
async fn a_proxy_from_the_settings_is_used() {
    let proxy = FakeChat::start().await;
    let client = at(
        "http://tutor.invalid/v1",
        Proxy::At(proxy.base_url()),
        once(),
    )
    .unwrap();
    assert_eq!(ask(&client).await, "stop");
    assert_eq!(
        proxy.requests()[0].path,
        "http://tutor.invalid/v1/chat/completions"
    );
}

/// Set in the second start of the next test.
const INSIDE: &str = "HELLOAGENTS_TEST_PROXY";

/// The library reads the environment of its process, so the test starts itself once more.
#[tokio::test(flavor = "multi_thread")]
async fn the_systems_proxy_is_used() {
    if std::env::var_os(INSIDE).is_some() {
        let client = at("http://tutor.invalid/v1", Proxy::System, once()).unwrap();
        assert_eq!(ask(&client).await, "stop");
        return;
    }
    let proxy = FakeChat::start().await;
    let mut again = std::process::Command::new(std::env::current_exe().unwrap());
    again
        .args(["--exact", "way::the_systems_proxy_is_used"])
        .env(INSIDE, "1")
        .env("http_proxy", proxy.base_url())
        .env_remove("no_proxy")
        .env_remove("NO_PROXY");
    let output = tokio::task::spawn_blocking(move || again.output().unwrap());
    let output = output.await.unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        proxy.requests()[0].path,
        "http://tutor.invalid/v1/chat/completions"
    );
}

#[tokio::test]
async fn this_machine_is_reached_without_a_proxy() {
    let (fake, proxy) = (FakeChat::start().await, FakeChat::start().await);
    let client = at(&fake.base_url(), Proxy::At(proxy.base_url()), once()).unwrap();
    assert_eq!(ask(&client).await, "stop");
    assert_eq!((fake.accepted(), proxy.accepted()), (1, 0));
}

#[tokio::test]
async fn a_proxy_that_is_not_there_or_refuses_is_named() {
    for scheme in ["http", "socks5h"] {
        let proxy = Proxy::At(format!("{scheme}://{}", nobody().await));
        let client = at("http://tutor.invalid/v1", proxy, once()).unwrap();
        assert_eq!(ask(&client).await, "proxy_failed", "{scheme}");
    }
    // The fake service knows no CONNECT, which is a refusal.
    let proxy = FakeChat::start().await;
    let endpoint = Endpoint::new(
        Provider::Compatible,
        "https://tutor.invalid",
        Proxy::At(proxy.base_url()),
    );
    let endpoint = endpoint
        .unwrap()
        .trusting(crate::tls::Certificate::new().pem);
    let client = LlmClient::new(endpoint, None, once(), Surroundings::of_this_machine()).unwrap();
    assert_eq!(ask(&client).await, "proxy_failed");
}

#[test]
fn a_proxy_that_is_no_address_is_refused() {
    let refused = at("http://tutor.invalid", Proxy::At("::".into()), once());
    assert_eq!(refused.unwrap_err().name(), "bad_settings");
}

#[tokio::test]
async fn the_next_question_takes_the_same_connection() {
    let fake = FakeChat::start().await;
    let client = at(&fake.base_url(), Proxy::System, once()).unwrap();
    for _ in 0..5 {
        assert_eq!(ask(&client).await, "stop");
        // The reply is read to its last byte before its task ends.
        while client.in_flight() > 0 {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(fake.accepted(), 1);
}
