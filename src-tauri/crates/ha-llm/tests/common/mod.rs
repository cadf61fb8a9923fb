//! What the tests of the client share: a clock that stands still, and a conversation with the fake
//! service told as text.

use ha_llm::{
    Chat, ChatEvent, ChatRequest, ClientSettings, Clock, Endpoint, LlmClient, LlmError, Message,
    Provider, Proxy, Surroundings,
};
use ha_testkit::fake_chat::FakeChat;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::{oneshot, watch};

/// Something that should happen at once and did not is a failure, not a hang.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct FakeClock {
    now: Mutex<Instant>,
    sleepers: Mutex<Vec<(Instant, oneshot::Sender<()>)>>,
    changed: watch::Sender<()>,
}

impl FakeClock {
    pub fn new() -> Arc<FakeClock> {
        Arc::new(FakeClock {
            now: Mutex::new(Instant::now()),
            sleepers: Mutex::default(),
            changed: watch::Sender::new(()),
        })
    }

    /// Lets time pass and wakes whoever waited for it.
    pub fn advance(&self, time: Duration) {
        let now = {
            let mut now = self.now.lock().unwrap();
            *now += time;
            *now
        };
        let mut sleepers = self.sleepers.lock().unwrap();
        for (_, sleeper) in sleepers.extract_if(.., |(end, _)| *end <= now) {
            sleeper.send(()).ok();
        }
    }

    /// Waits until somebody waits for exactly this long from now.
    pub async fn wait_for_sleep(&self, time: Duration) {
        let mut changed = self.changed.subscribe();
        let waiting = async {
            loop {
                let end = *self.now.lock().unwrap() + time;
                let is_one = |(until, sleeper): &(Instant, oneshot::Sender<()>)| {
                    *until == end && !sleeper.is_closed()
                };
                if self.sleepers.lock().unwrap().iter().any(is_one) {
                    return;
                }
                changed.changed().await.unwrap();
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "nobody waits for {time:?}");
    }

    /// Waits until somebody waits for exactly this long, and lets it pass.
    pub async fn skip(&self, time: Duration) {
        self.wait_for_sleep(time).await;
        self.advance(time);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Instant {
        *self.now.lock().unwrap()
    }

    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let (wake, woken) = oneshot::channel();
        self.sleepers
            .lock()
            .unwrap()
            .push((self.now() + time, wake));
        self.changed.send_replace(());
        Box::pin(async {
            if woken.await.is_err() {
                // The clock is gone: nobody will ever move it again.
                std::future::pending::<()>().await;
            }
        })
    }
}

/// No chance, and this clock.
pub fn around(clock: &Arc<FakeClock>) -> Surroundings {
    Surroundings {
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        chance: Arc::new(|| 0.0),
    }
}

/// Waits of round and different lengths, so that a test can name each.
pub fn settings() -> ClientSettings {
    ClientSettings {
        back_off: Duration::from_millis(400),
        ..ClientSettings::default()
    }
}

/// A client of the fake service without a key.
pub fn client(fake: &FakeChat, settings: ClientSettings, clock: &Arc<FakeClock>) -> LlmClient {
    let endpoint = Endpoint::new(Provider::Compatible, &fake.base_url(), Proxy::System).unwrap();
    LlmClient::new(endpoint, None, settings, around(clock)).unwrap()
}

/// A short question.
pub fn question() -> ChatRequest {
    ChatRequest {
        model: "deepseek-flash".into(),
        messages: vec![Message::User("why?".into())],
        ..ChatRequest::default()
    }
}

/// What was heard of a reply.
#[derive(Debug, Default)]
pub struct Heard {
    pub words: String,
    pub thinking: String,
    pub calls: Vec<ha_llm::ToolCall>,
    pub retries: Vec<(&'static str, Duration)>,
    pub usage: Option<ha_llm::Usage>,
    pub end: Option<Result<ha_llm::ChatReport, LlmError>>,
}

impl Heard {
    /// `stop`, `length`, `cancelled` …, or the error's name.
    pub fn end_name(&self) -> String {
        match self.end.as_ref().expect("a terminal event") {
            Ok(report) => format!("{:?}", report.finish).to_lowercase(),
            Err(error) => error.name().to_owned(),
        }
    }
}

/// Listens to the end. Checks that there is exactly one and that it is the last.
pub async fn hear(mut chat: Chat) -> Heard {
    let mut heard = Heard::default();
    let listening = async {
        while let Some(event) = chat.events.recv().await {
            assert!(heard.end.is_none(), "{event:?} after the end");
            match event {
                ChatEvent::Started => {}
                ChatEvent::Retrying { wait, error, .. } => heard.retries.push((error.name(), wait)),
                ChatEvent::Thinking(text) => heard.thinking.push_str(&text),
                ChatEvent::Delta(text) => heard.words.push_str(&text),
                ChatEvent::ToolCall(call) => heard.calls.push(call),
                ChatEvent::Usage(usage) => heard.usage = Some(usage),
                ChatEvent::Finished(report) => heard.end = Some(Ok(report)),
                ChatEvent::Failed(error) => heard.end = Some(Err(error)),
            }
        }
    };
    let heard_all = tokio::time::timeout(PATIENCE, listening).await;
    assert!(heard_all.is_ok(), "the reply does not end: {heard:?}");
    assert!(heard.end.is_some(), "the stream ended without an end");
    heard
}

/// Checks that nothing of the client is left: no reply, no connection, no task.
pub async fn nothing_left(client: LlmClient, fake: &FakeChat, tasks_before: usize) {
    let shutdown = tokio::time::timeout(PATIENCE, client.shutdown()).await;
    assert!(shutdown.is_ok(), "a reply is still on its way");
    assert_eq!(client.in_flight(), 0);
    drop(client);
    fake.wait_for_connections(0).await;
    let metrics = tokio::runtime::Handle::current().metrics();
    let gone = async {
        while metrics.num_alive_tasks() > tasks_before {
            tokio::task::yield_now().await;
        }
    };
    let gone = tokio::time::timeout(PATIENCE, gone).await;
    assert!(gone.is_ok(), "{} tasks are left", metrics.num_alive_tasks());
}
