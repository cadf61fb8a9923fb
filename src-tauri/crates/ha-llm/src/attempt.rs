//! One try of a request: send it, read the stream, and be stopped at any point.
//!
//! Every wait is a race between what is awaited, the caller's cancel, the caller's going away, and
//! two clocks: the one of the whole request and the one of the moment.

use crate::client::Inner;
use crate::reply::Reply;
use crate::sse::{SseItem, SseParser};
use crate::{ChatEvent, LlmError, Phase, status};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Response, StatusCode};
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// A wait of the passed-in clock.
pub(crate) type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What a try shares with the ones before and after it.
pub(crate) struct Attempt<'a> {
    pub(crate) inner: &'a Inner,
    pub(crate) events: &'a mpsc::Sender<ChatEvent>,
    pub(crate) cancel: &'a CancellationToken,
    /// The end of the whole request's time.
    pub(crate) total: &'a mut Sleep,
}

/// Why a try ended early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The caller does not want it any more.
    Cancelled,
    /// It failed.
    Failed(LlmError),
}

impl From<LlmError> for Stop {
    fn from(error: LlmError) -> Stop {
        Stop::Failed(error)
    }
}

/// How a try went, ended early or not.
pub(crate) struct Tried {
    pub(crate) end: Result<(), Stop>,
    pub(crate) reply: Reply,
    /// From the start of the try to the first word.
    pub(crate) first_token: Option<Duration>,
    pub(crate) request_id: String,
    /// The connection, to be read to its end so that the next request can have it.
    pub(crate) rest: Option<Response>,
}

/// Of an answer that is an error, this much is read.
const ERROR_BYTES: usize = 16 << 10;

impl Attempt<'_> {
    /// Tries once.
    pub(crate) async fn run(&mut self, body: Vec<u8>) -> Tried {
        let mut tried = Tried {
            end: Ok(()),
            reply: Reply::new(self.inner.settings.reply_bytes),
            first_token: None,
            request_id: String::new(),
            rest: None,
        };
        tried.end = self.exchange(body, &mut tried).await;
        tried
    }

    async fn exchange(&mut self, body: Vec<u8>, tried: &mut Tried) -> Result<(), Stop> {
        let inner = self.inner;
        let start = inner.around.clock.now();
        let mut first = inner.around.clock.sleep(inner.settings.first_token);
        let sent = inner.post_chat(body);
        let sent = self.wait(sent, &mut first, Phase::FirstToken).await?;
        let response = sent.map_err(|error| inner.broken(&error))?;
        tried.request_id = request_id(response.headers());
        if response.status() != StatusCode::OK {
            return Err(self.refusal(response, &mut first).await?.into());
        }
        if !is_stream(response.headers()) {
            return Err(self.no_stream(response, &mut first).await?.into());
        }
        self.say(ChatEvent::Started).await?;
        self.read(response, first, start, tried).await
    }

    async fn read(
        &mut self,
        mut response: Response,
        first: Sleep,
        start: Instant,
        tried: &mut Tried,
    ) -> Result<(), Stop> {
        let inner = self.inner;
        let mut parser = SseParser::new(inner.settings.event_bytes);
        let (mut limit, mut phase) = (first, Phase::FirstToken);
        let mut items = Vec::new();
        loop {
            let piece = self.wait(response.chunk(), &mut limit, phase).await?;
            let piece = piece.map_err(|_| LlmError::Cut);
            let ended = !matches!(piece, Ok(Some(_)));
            match &piece {
                Ok(Some(bytes)) => parser.feed(bytes, &mut items)?,
                Ok(None) | Err(_) => parser.finish(&mut items)?,
            }
            let done = self.take(&mut items, tried, start).await?;
            if done {
                tried.rest = (!ended).then_some(response);
                return Ok(());
            }
            if ended {
                // Without a mark, a clean end after the model's own end is one; all else is a cut.
                let whole = piece.is_ok() && tried.reply.finish.is_some();
                return if whole {
                    Ok(())
                } else {
                    Err(LlmError::Cut.into())
                };
            }
            if tried.reply.spoke {
                limit = inner.around.clock.sleep(inner.settings.idle);
                phase = Phase::Idle;
            }
        }
    }

    /// Passes on what the items say. Answers whether the reply is complete.
    async fn take(
        &mut self,
        items: &mut Vec<SseItem>,
        tried: &mut Tried,
        start: Instant,
    ) -> Result<bool, Stop> {
        let inner = self.inner;
        let mut events = Vec::new();
        let mut end = Ok(false);
        for item in items.drain(..) {
            match item {
                SseItem::Comment => {}
                SseItem::Data(data) if data.trim() == "[DONE]" => {
                    end = Ok(true);
                    break;
                }
                SseItem::Data(data) => {
                    if let Err(error) = tried.reply.take(&data, inner.key_text(), &mut events) {
                        // What was said before the error was said.
                        end = Err(error);
                        break;
                    }
                }
            }
        }
        if tried.reply.spoke && tried.first_token.is_none() {
            tried.first_token = Some(inner.around.clock.now() - start);
        }
        for event in events {
            self.say(event).await?;
        }
        Ok(end?)
    }

    /// Says something to the caller, however long it takes to listen.
    pub(crate) async fn say(&mut self, event: ChatEvent) -> Result<(), Stop> {
        let events = self.events;
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Stop::Cancelled),
            sent = events.send(event) => sent.map_err(|_| Stop::Cancelled),
            () = &mut *self.total => Err(LlmError::TimedOut(Phase::Total).into()),
        }
    }

    /// Waits, but no longer than allowed. Between the thing and its own limit chance decides, so that
    /// a service which never stops cannot keep a limit from being seen.
    pub(crate) async fn wait<T>(
        &mut self,
        what: impl Future<Output = T>,
        limit: &mut Sleep,
        phase: Phase,
    ) -> Result<T, Stop> {
        let limited = async {
            tokio::select! {
                done = what => Ok(done),
                () = limit => Err(LlmError::TimedOut(phase).into()),
            }
        };
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Stop::Cancelled),
            () = self.events.closed() => Err(Stop::Cancelled),
            () = &mut *self.total => Err(LlmError::TimedOut(Phase::Total).into()),
            done = limited => done,
        }
    }

    /// The error that an answer with an error status is.
    async fn refusal(&mut self, response: Response, limit: &mut Sleep) -> Result<LlmError, Stop> {
        let (status, headers) = (response.status(), response.headers().clone());
        let body = self.beginning(response, limit).await?;
        Ok(status::error(
            status,
            &headers,
            &body,
            self.inner.key_text(),
        ))
    }

    /// The error that a good answer of the wrong kind is: some services tell errors that way.
    async fn no_stream(&mut self, response: Response, limit: &mut Sleep) -> Result<LlmError, Stop> {
        let body = self.beginning(response, limit).await?;
        let told = serde_json::from_slice(&body)
            .ok()
            .and_then(|chunk: crate::wire::Chunk| chunk.error);
        Ok(match told {
            Some(error) => status::in_stream(&error, self.inner.key_text()),
            None => LlmError::Malformed("the answer is no stream of events"),
        })
    }

    async fn beginning(
        &mut self,
        mut response: Response,
        limit: &mut Sleep,
    ) -> Result<Vec<u8>, Stop> {
        let mut body = Vec::new();
        // An error answer that breaks off is still that error.
        while let Ok(Some(piece)) = self
            .wait(response.chunk(), limit, Phase::FirstToken)
            .await?
        {
            body.extend_from_slice(&piece);
            if body.len() >= ERROR_BYTES {
                body.truncate(ERROR_BYTES);
                break;
            }
        }
        Ok(body)
    }
}

fn is_stream(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| {
        kind.trim_start()
            .to_ascii_lowercase()
            .starts_with("text/event-stream")
    })
}

/// The service's name of the request, as DeepSeek or as others say it.
fn request_id(headers: &HeaderMap) -> String {
    let names = ["x-ds-trace-id", "x-request-id"];
    let named = names
        .iter()
        .find_map(|name| headers.get(*name)?.to_str().ok());
    named.unwrap_or_default().chars().take(200).collect()
}
