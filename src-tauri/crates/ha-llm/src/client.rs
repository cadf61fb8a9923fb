//! The client: one service, one key, one way there, shared by everything that asks.

use crate::asked::Asked;
use crate::breaker::Breaker;
use crate::limits::Bucket;
use crate::way::http;
use crate::{
    ApiKey, Chat, ChatControl, ChatRequest, ClientSettings, Endpoint, LlmError, Surroundings, wire,
};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{RequestBuilder, Response};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use zeroize::Zeroizing;

/// Asks one service. Cheap to clone; clones share limits, connections and the pause after failures.
#[derive(Debug, Clone)]
pub struct LlmClient {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) http: reqwest::Client,
    pub(crate) endpoint: Endpoint,
    key: Option<ApiKey>,
    pub(crate) settings: ClientSettings,
    pub(crate) around: Surroundings,
    pub(crate) breaker: Arc<Breaker>,
    bucket: Mutex<Bucket>,
    /// Replies that may still begin.
    pub(crate) turns: Semaphore,
    /// Replies on their way; closed when the app closes.
    pub(crate) tasks: TaskTracker,
    /// Cancels all of them.
    pub(crate) closing: CancellationToken,
}

/// Events that wait for a slow reader; beyond them the connection waits.
const EVENTS: usize = 64;

impl LlmClient {
    /// A client. Reads the system's certificates, which takes milliseconds: keep it.
    ///
    /// # Errors
    /// [`LlmError::NoKey`], [`LlmError::KeyInTheClear`], [`LlmError::BadSettings`] for a proxy or
    /// certificates that cannot be used, [`LlmError::Untrusted`] when this machine has no roots.
    pub fn new(
        endpoint: Endpoint,
        key: Option<ApiKey>,
        settings: ClientSettings,
        around: Surroundings,
    ) -> Result<LlmClient, LlmError> {
        if key.is_none() && endpoint.provider().needs_key() {
            return Err(LlmError::NoKey);
        }
        if key.is_some() && !endpoint.is_encrypted() && !endpoint.is_this_machine() {
            return Err(LlmError::KeyInTheClear);
        }
        let http = http(&endpoint, &settings)?;
        let now = around.clock.now();
        Ok(LlmClient {
            inner: Arc::new(Inner {
                http,
                endpoint,
                key,
                breaker: Breaker::new(settings.failures_to_pause, settings.pause),
                bucket: Mutex::new(Bucket::new(settings.per_minute, now)),
                turns: Semaphore::new(settings.at_once),
                tasks: TaskTracker::new(),
                closing: CancellationToken::new(),
                settings,
                around,
            }),
        })
    }

    /// Where it asks.
    pub fn endpoint(&self) -> &Endpoint {
        &self.inner.endpoint
    }

    /// Asks for a reply. Answers at once; what happens comes as events. Wants a tokio runtime.
    ///
    /// # Errors
    /// What is known before anything is sent: [`LlmError::RequestTooLarge`], [`LlmError::TooFast`],
    /// [`LlmError::Paused`], [`LlmError::ShuttingDown`]. All else comes as [`ChatEvent::Failed`].
    pub fn chat(&self, request: &ChatRequest) -> Result<Chat, LlmError> {
        let inner = &self.inner;
        if inner.tasks.is_closed() {
            return Err(LlmError::ShuttingDown);
        }
        let limit = inner.settings.request_bytes;
        let body = wire::body(request, inner.endpoint.provider(), limit)?;
        let now = inner.around.clock.now();
        let pass = inner.breaker.pass(now);
        let pass = pass.map_err(|retry_after| LlmError::Paused { retry_after })?;
        let mut bucket = inner.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = bucket.take(now);
        drop(bucket);
        taken.map_err(|retry_after| LlmError::TooFast { retry_after })?;

        let (sender, events) = mpsc::channel(EVENTS);
        let cancel = inner.closing.child_token();
        let control = ChatControl {
            cancel: cancel.clone(),
        };
        let asked = Asked {
            inner: Arc::clone(inner),
            model: request.model.clone(),
            start: now,
        };
        inner.tasks.spawn(asked.answer(body, pass, sender, cancel));
        Ok(Chat { events, control })
    }

    /// Takes no more requests, lets replies end for [`ClientSettings::shutdown`], then cancels them.
    /// When it returns nothing is on its way any more.
    pub async fn shutdown(&self) {
        let inner = &self.inner;
        inner.tasks.close();
        let grace = inner.around.clock.sleep(inner.settings.shutdown);
        tokio::select! {
            () = inner.tasks.wait() => return,
            () = grace => inner.closing.cancel(),
        }
        inner.tasks.wait().await;
    }

    /// How many replies are on their way.
    pub fn in_flight(&self) -> usize {
        self.inner.tasks.len()
    }
}

impl Inner {
    /// Sends the request for a streamed reply.
    pub(crate) fn post_chat(
        &self,
        body: Vec<u8>,
    ) -> impl Future<Output = reqwest::Result<Response>> + use<> {
        let request = self
            .http
            .post(self.endpoint.at("chat/completions"))
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "text/event-stream")
            .body(body);
        self.with_key(request).send()
    }

    /// Adds the key, marked so that no log of a header shows it.
    pub(crate) fn with_key(&self, request: RequestBuilder) -> RequestBuilder {
        let Some(key) = &self.key else {
            return request;
        };
        let text = Zeroizing::new(format!("Bearer {}", key.reveal()));
        let mut value = HeaderValue::from_str(&text)
            .expect("a key is visible ASCII, which any header may carry");
        value.set_sensitive(true);
        request.header(AUTHORIZATION, value)
    }

    /// The key, for taking it out of what a service says.
    pub(crate) fn key_text(&self) -> Option<&str> {
        self.key.as_ref().map(ApiKey::reveal)
    }
}
