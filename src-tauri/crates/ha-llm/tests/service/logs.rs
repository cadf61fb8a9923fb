//! Nothing said to the tutor and no key reaches a log, at any level, whatever happens.

use crate::common;
use ha_llm::{
    ApiKey, ClientSettings, Endpoint, LlmClient, Message, Provider, Proxy, Surroundings, Tool,
};
use ha_testkit::fake_chat::{Answer, FakeChat, Step};
use serde_json::json;
use std::io::Write;
use std::sync::{Arc, Mutex};

/// Words that must not show; each stands for one kind of what is said.
const SECRETS: [&str; 7] = [
    "sk-geheim",
    "prompt-geheim",
    "code-geheim",
    "reply-geheim",
    "thought-geheim",
    "tool-geheim",
    "error-geheim",
];

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn say_everything() {
    let fake = FakeChat::start().await;
    let call = Step::Tool {
        index: 0,
        id: Some("c".into()),
        name: Some("run".into()),
        arguments: "tool-geheim".into(),
    };
    let words = || Step::Words("reply-geheim".into());
    fake.script([
        Answer::stream([Step::Thinking("thought-geheim".into()), words(), call]).ended(),
        Answer::error(400, "error-geheim sk-geheim prompt-geheim"),
        Answer::error(401, "error-geheim sk-geheim"),
        Answer::stream([words(), Step::Text("data: }error-geheim{\n\n".into())]),
        Answer::stream([words(), Step::Event(json!({ "error": "error-geheim" }))]),
        Answer::stream([words(), Step::Close]),
        Answer::error(503, "error-geheim"),
        Answer::words(&["reply-geheim"]),
    ]);
    let endpoint = Endpoint::new(Provider::DeepSeek, &fake.base_url(), Proxy::System).unwrap();
    let key = ApiKey::new("sk-geheim").unwrap();
    let settings = ClientSettings {
        back_off: std::time::Duration::ZERO,
        ..Default::default()
    };
    let client = LlmClient::new(
        endpoint,
        Some(key),
        settings,
        Surroundings::of_this_machine(),
    )
    .unwrap();
    let mut request = common::question();
    request
        .messages
        .push(Message::System("prompt-geheim".into()));
    request.messages.push(Message::User("code-geheim".into()));
    request.tools.push(Tool {
        name: "run".into(),
        description: "prompt-geheim".into(),
        parameters: json!({}),
    });
    for expected in [
        "stop",
        "bad_request",
        "key_refused",
        "malformed",
        "service_fault",
        "cut",
        "stop",
    ] {
        let heard = common::hear(client.chat(&request).unwrap()).await;
        assert_eq!(heard.end_name(), expected);
        tracing::info!(?heard.calls, end = ?heard.end, "as a caller may log it");
    }
    client.probe().await.unwrap();
    client.shutdown().await;
}

#[test]
fn no_key_no_prompt_no_code_and_no_reply_in_any_log() {
    let log = Log::default();
    let writer = log.clone();
    // For the whole process, so that every thread and every library is heard.
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(say_everything());
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        text.contains("a reply ended") && text.contains("a reply failed"),
        "nothing was logged"
    );
    assert!(text.contains("hyper"), "the libraries are not heard");
    for secret in SECRETS {
        let line = text.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}
