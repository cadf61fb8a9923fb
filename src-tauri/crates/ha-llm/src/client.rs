//! The client: one service, one key, one way there, shared by everything that asks.
//!
//! ```text
//! chat() ─ limits, breaker ─▶ task ─ turn ─▶ try ─ failed before a word? ─ wait ─▶ try …
//!                               │                                                   │
//!                               └────────────── Finished | Failed ◀─────────────────┘
//! ```

use crate::attempt::{Attempt, Stop, Tried};
use crate::breaker::{Breaker, Pass};
use crate::limits::{Bucket, back_off};
use crate::{
    ApiKey, Chat, ChatControl, ChatEvent, ChatReport, ChatRequest, ClientSettings, Endpoint,
    Finish, LlmError, Phase, Proxy, Surroundings, wire,
};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{RequestBuilder, Response};
use std::error::Error;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
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
    turns: Semaphore,
    /// Replies on their way; closed when the app closes.
    pub(crate) tasks: TaskTracker,
    /// Cancels all of them.
    pub(crate) closing: CancellationToken,
}

/// Events that wait for a slow reader; beyond them the connection waits.
const EVENTS: usize = 64;

/// After the end, the rest of the connection may take this long to be read.
const DRAIN: Duration = Duration::from_millis(250);

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

/// A request on its way.
struct Asked {
    inner: Arc<Inner>,
    model: String,
    start: Instant,
}

impl Asked {
    async fn answer(
        self,
        body: Vec<u8>,
        pass: Pass,
        events: mpsc::Sender<ChatEvent>,
        cancel: CancellationToken,
    ) {
        // The place of the last event is kept free, so that a reader who fell behind delays nothing.
        let Ok(last) = events.clone().try_reserve_owned() else {
            return;
        };
        let (tried, attempts) = self.try_often(body, pass, &events, &cancel).await;
        let Tried {
            end,
            mut reply,
            first_token,
            request_id,
            rest,
        } = tried;
        let duration = self.inner.around.clock.now() - self.start;
        let report = |finish, reply: &crate::reply::Reply| ChatReport {
            finish,
            model: reply.model.clone(),
            request_id: if request_id.is_empty() {
                reply.id.clone()
            } else {
                request_id.clone()
            },
            usage: reply.usage,
            first_token,
            duration,
            attempts,
        };
        let terminal = match end {
            Ok(()) => {
                let mut end = reply.calls();
                end.extend(reply.usage.map(ChatEvent::Usage));
                let finish = reply.finish.unwrap_or(Finish::Other);
                match self.say_all(end, &events, &cancel).await {
                    Ok(()) => ChatEvent::Finished(report(finish, &reply)),
                    Err(()) => ChatEvent::Finished(report(Finish::Cancelled, &reply)),
                }
            }
            Err(Stop::Cancelled) => ChatEvent::Finished(report(Finish::Cancelled, &reply)),
            Err(Stop::Failed(error)) => ChatEvent::Failed(error),
        };
        self.log(&terminal, attempts, first_token, duration);
        last.send(terminal);
        drop(events);
        if let Some(rest) = rest {
            self.drain(rest, &cancel).await;
        }
    }

    /// Tries until it works, cannot work, or was tried often enough.
    async fn try_often(
        &self,
        body: Vec<u8>,
        pass: Pass,
        events: &mpsc::Sender<ChatEvent>,
        cancel: &CancellationToken,
    ) -> (Tried, u32) {
        let inner = &*self.inner;
        let settings = &inner.settings;
        let mut total = inner.around.clock.sleep(settings.total);
        let mut attempt = Attempt {
            inner,
            events,
            cancel,
            total: &mut total,
        };
        let mut pass = Some(pass);
        let mut tries = 1;
        let failed = |stop| Tried {
            end: Err(stop),
            reply: crate::reply::Reply::new(0),
            first_token: None,
            request_id: String::new(),
            rest: None,
        };
        let mut turn = inner.around.clock.sleep(settings.turn);
        let turn = attempt
            .wait(inner.turns.acquire(), &mut turn, Phase::Idle)
            .await;
        let _turn = match turn {
            Ok(turn) => turn,
            Err(Stop::Failed(_)) => return (failed(LlmError::TooManyAtOnce.into()), tries),
            Err(stop) => return (failed(stop), tries),
        };
        loop {
            let tried = attempt.run(body.clone()).await;
            self.judge(pass.take(), &tried.end);
            let Err(Stop::Failed(error)) = &tried.end else {
                return (tried, tries);
            };
            let wait = self.wait_before_next(error, tries);
            let (Some(wait), false) = (wait, tried.reply.spoke) else {
                return (tried, tries);
            };
            // The breaker may have opened over this very failure.
            match inner.breaker.pass(inner.around.clock.now()) {
                Ok(next) => pass = Some(next),
                Err(_) => return (tried, tries),
            }
            tracing::info!(
                error = error.name(),
                tries,
                ?wait,
                "asking the service again"
            );
            let retrying = ChatEvent::Retrying {
                attempt: tries,
                wait,
                error: error.clone(),
            };
            let mut never = Box::pin(std::future::pending()) as crate::attempt::Sleep;
            let slept = match attempt.say(retrying).await {
                Ok(()) => {
                    let sleep = inner.around.clock.sleep(wait);
                    attempt.wait(sleep, &mut never, Phase::Total).await
                }
                Err(stop) => Err(stop),
            };
            if let Err(stop) = slept {
                return (failed(stop), tries);
            }
            tries += 1;
        }
    }

    /// How long to wait before the next try; none when there is no next try.
    fn wait_before_next(&self, error: &LlmError, tries: u32) -> Option<Duration> {
        let settings = &self.inner.settings;
        if !error.may_pass() || tries >= settings.tries {
            return None;
        }
        match error.retry_after() {
            Some(wanted) if wanted > settings.back_off_most => None,
            Some(wanted) => Some(wanted),
            None => Some(back_off(settings, tries, (self.inner.around.chance)())),
        }
    }

    fn judge(&self, pass: Option<Pass>, end: &Result<(), Stop>) {
        let Some(pass) = pass else { return };
        match end {
            Ok(()) => pass.well(),
            Err(Stop::Failed(error)) if error.is_an_outage() => {
                pass.failed(self.inner.around.clock.now());
            }
            Err(Stop::Failed(_)) => pass.well(),
            // Somebody changed their mind; that says nothing about the service.
            Err(Stop::Cancelled) => drop(pass),
        }
    }

    async fn say_all(
        &self,
        end: Vec<ChatEvent>,
        events: &mpsc::Sender<ChatEvent>,
        cancel: &CancellationToken,
    ) -> Result<(), ()> {
        for event in end {
            tokio::select! {
                biased;
                () = cancel.cancelled() => return Err(()),
                sent = events.send(event) => sent.map_err(|_| ())?,
            }
        }
        Ok(())
    }

    /// Reads what follows the end, which is next to nothing, so that the connection can be used
    /// again. One that has more to say is closed.
    async fn drain(&self, mut rest: Response, cancel: &CancellationToken) {
        let limit = self.inner.around.clock.sleep(DRAIN);
        tokio::select! {
            () = cancel.cancelled() => {}
            () = limit => {}
            _ = rest.chunk() => {}
        }
    }

    fn log(&self, end: &ChatEvent, tries: u32, first_token: Option<Duration>, duration: Duration) {
        let provider = self.inner.endpoint.provider().id();
        let model = self.model.as_str();
        match end {
            ChatEvent::Failed(error) => {
                tracing::warn!(
                    provider,
                    model,
                    error = error.name(),
                    tries,
                    ?first_token,
                    ?duration,
                    "a reply failed"
                );
            }
            ChatEvent::Finished(report) => {
                let usage = report.usage.unwrap_or_default();
                tracing::info!(
                    provider, model, finish = ?report.finish, tries, ?first_token, ?duration,
                    input = usage.input, cached = usage.cached, output = usage.output, "a reply ended"
                );
            }
            _ => {}
        }
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

    /// Why there is no answer.
    pub(crate) fn broken(&self, error: &reqwest::Error) -> LlmError {
        let chain = Chain::of(error);
        if chain.untrusted {
            LlmError::Untrusted
        } else if error.is_connect() && error.is_timeout() {
            LlmError::TimedOut(Phase::Connect)
        } else if error.is_connect() && (chain.proxy || self.goes_through_our_proxy()) {
            LlmError::ProxyFailed
        } else if error.is_connect() {
            LlmError::Unreachable
        } else if error.is_builder() {
            LlmError::BadSettings("the request cannot be made")
        } else {
            LlmError::Cut
        }
    }

    /// Why the stream ended.
    pub(crate) fn broken_midway(&self, _: &reqwest::Error) -> LlmError {
        LlmError::Cut
    }

    fn goes_through_our_proxy(&self) -> bool {
        matches!(self.endpoint.proxy(), Proxy::At(_)) && !self.endpoint.is_this_machine()
    }
}

/// What the causes of an error tell.
#[derive(Default)]
struct Chain {
    untrusted: bool,
    proxy: bool,
}

impl Chain {
    fn of(error: &reqwest::Error) -> Chain {
        let mut chain = Chain::default();
        let mut cause = error.source();
        while let Some(error) = cause {
            let within = error
                .downcast_ref::<io::Error>()
                .and_then(io::Error::get_ref);
            chain.untrusted |= error.is::<rustls::Error>()
                || within.is_some_and(|within| within.is::<rustls::Error>());
            // The only trace that the library leaves of a proxy.
            let text = error.to_string();
            chain.proxy |=
                text.contains("tunnel") || text.contains("SOCKS") || text.contains("proxy");
            cause = error.source();
        }
        chain
    }
}

fn http(endpoint: &Endpoint, settings: &ClientSettings) -> Result<reqwest::Client, LlmError> {
    // Whoever came first chose the same.
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("HelloAgents/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(settings.connect)
        // A redirect would carry a key and a conversation somewhere nobody entered.
        .redirect(reqwest::redirect::Policy::none());
    if !endpoint.is_encrypted() {
        // No certificate is needed, so none is read, and a machine without any is fine.
        builder = builder.tls_certs_only([]);
    } else if !endpoint.roots().is_empty() {
        let roots = reqwest::Certificate::from_pem_bundle(endpoint.roots());
        let roots = roots.map_err(|_| LlmError::BadSettings("the certificates are no PEM"))?;
        builder = builder.tls_certs_merge(roots);
    }
    builder = match endpoint.proxy() {
        _ if endpoint.is_this_machine() => builder.no_proxy(),
        Proxy::None => builder.no_proxy(),
        Proxy::System => builder,
        Proxy::At(address) => {
            let proxy = reqwest::Proxy::all(address.trim());
            builder.proxy(proxy.map_err(|_| LlmError::BadSettings("the proxy is no address"))?)
        }
    };
    builder.build().map_err(|_| LlmError::Untrusted)
}
