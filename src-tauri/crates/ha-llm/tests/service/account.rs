//! Keys, models, balance: what is sent of us and what a service tells about itself.

use crate::common::{self, FakeClock};
use ha_llm::{
    ApiKey, ClientSettings, Currency, Endpoint, LlmClient, LlmError, Money, Provider, Proxy,
};
use ha_testkit::fake_chat::{Answer, FakeChat, Framing, Step};
use serde_json::json;

const KEY: &str = "sk-0123456789";

fn deepseek(fake: &FakeChat, key: Option<&str>) -> Result<LlmClient, LlmError> {
    let endpoint = Endpoint::new(Provider::DeepSeek, &fake.base_url(), Proxy::System)?;
    let key = key.map(ApiKey::new).transpose()?;
    LlmClient::new(
        endpoint,
        key,
        ClientSettings::default(),
        common::around(&FakeClock::new()),
    )
}

#[tokio::test]
async fn the_key_goes_into_its_header_and_nowhere_else() {
    let fake = FakeChat::start().await;
    let client = deepseek(&fake, Some(KEY)).unwrap();
    assert_eq!(
        common::hear(client.chat(&common::question()).unwrap())
            .await
            .end_name(),
        "stop"
    );
    let seen = &fake.requests()[0];
    assert_eq!(seen.authorization, format!("Bearer {KEY}"));
    assert!(!seen.body.to_string().contains(KEY) && !seen.path.contains(KEY));
    assert!(!format!("{client:?}").contains(KEY));
}

#[tokio::test]
async fn a_service_without_a_key_gets_none() {
    let fake = FakeChat::start().await;
    let client = common::client(&fake, common::settings(), &FakeClock::new());
    common::hear(client.chat(&common::question()).unwrap()).await;
    assert_eq!(fake.requests()[0].authorization, "");
    assert_eq!(deepseek(&fake, None).unwrap_err(), LlmError::NoKey);
}

#[test]
fn a_key_never_crosses_a_network_in_the_clear() {
    let client = |address: &str, key: Option<&str>| {
        let endpoint = Endpoint::new(Provider::Compatible, address, Proxy::None)?;
        let key = key.map(ApiKey::new).transpose()?;
        LlmClient::new(
            endpoint,
            key,
            ClientSettings::default(),
            common::around(&FakeClock::new()),
        )
    };
    assert_eq!(
        client("http://192.0.2.1/v1", Some(KEY)).unwrap_err(),
        LlmError::KeyInTheClear
    );
    assert!(client("http://192.0.2.1/v1", None).is_ok());
    assert!(client("http://127.0.0.1:1/v1", Some(KEY)).is_ok());
}

#[tokio::test]
async fn a_service_that_repeats_the_key_is_not_repeated() {
    let fake = FakeChat::start().await;
    fake.script([Answer::error(
        400,
        &format!("your key {KEY} is fine, the rest is not"),
    )]);
    let client = deepseek(&fake, Some(KEY)).unwrap();
    let error = common::hear(client.chat(&common::question()).unwrap())
        .await
        .end
        .unwrap()
        .unwrap_err();
    assert_eq!(error.words(), "your key … is fine, the rest is not");
}

#[tokio::test]
async fn a_probe_tells_latency_models_and_balance() {
    let fake = FakeChat::start().await;
    let probe = deepseek(&fake, Some(KEY)).unwrap().probe().await.unwrap();
    let ids: Vec<_> = probe.models.iter().map(|model| model.id.as_str()).collect();
    assert_eq!(ids, ["deepseek-flash", "deepseek-v4-pro"]);
    let balance = probe.balance.unwrap();
    assert!(balance.available);
    let yuan = Money {
        currency: Currency::Cny,
        pico: 110_000_000_000_000,
    };
    assert_eq!(balance.amounts, [yuan]);
}

#[tokio::test]
async fn a_balance_is_read_whatever_is_in_it() {
    let fake = FakeChat::start().await;
    fake.balance(Answer::json(
        &json!({ "is_available": false, "balance_infos": [
            { "currency": "USD", "total_balance": "-0.50" },
            { "currency": "XAU", "total_balance": "1.00" },
        ]}),
    ));
    let balance = deepseek(&fake, Some(KEY))
        .unwrap()
        .balance()
        .await
        .unwrap()
        .unwrap();
    assert!(!balance.available);
    assert_eq!(balance.amounts, [Money::none(Currency::Usd)]);
}

#[tokio::test]
async fn a_service_without_a_balance_is_not_asked_for_it() {
    let fake = FakeChat::start().await;
    let client = common::client(&fake, common::settings(), &FakeClock::new());
    assert_eq!(client.probe().await.unwrap().balance, None);
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn a_refused_key_is_told_by_the_probe() {
    let fake = FakeChat::start().await;
    fake.models(Answer::error(401, "no"));
    assert_eq!(
        deepseek(&fake, Some(KEY)).unwrap().probe().await,
        Err(LlmError::KeyRefused)
    );
}

#[tokio::test]
async fn lists_that_are_none_or_have_no_end_are_refused() {
    let fake = FakeChat::start().await;
    let client = common::client(&fake, common::settings(), &FakeClock::new());
    fake.models(Answer::json(&json!({ "models": [] })));
    assert_eq!(client.models().await.unwrap_err().name(), "malformed");
    let flood = Step::Repeat(Box::new(Step::Text("x".repeat(10_000))), None);
    fake.models(Answer::stream([flood]).framed(Framing::Chunked));
    assert_eq!(client.models().await.unwrap_err().name(), "reply_too_large");
    fake.wait_for_connections(0).await;
}
