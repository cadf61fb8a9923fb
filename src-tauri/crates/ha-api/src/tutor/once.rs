//! A question without a lesson, from the command line: asked, answered, paid for, and not kept. It is
//! asked without tools.

use super::draft::Draft;
use super::kept::Part;
use super::money::guessed_usage;
use super::prompts::Prompts;
use super::service::{self, ai_error};
use crate::stream::{Sink, forward};
use crate::wire::{
    AiSettings, AskEvent, AskKind, Language, MessageState, SpendingLevel, TutorMessage, TutorPart,
};
use crate::{ApiError, ApiResult, App, ErrorCode};
use ha_llm::{ChatEvent, ChatRequest, Finish, LlmClient, Message, Thinking, Usage};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Longest question, in bytes.
const MAX_TEXT: usize = 64 * 1024;
/// Tokens of an answer.
const ANSWER_TOKENS: u32 = 4_000;
const QUEUE: usize = 256;

/// What an answer comes to.
struct Answered {
    message: Box<TutorMessage>,
    draft: Draft,
    usage: Usage,
}

impl Answered {
    /// The message with what came, which no window draws.
    fn told(mut self) -> Box<TutorMessage> {
        self.message.text = self.draft.words();
        let parts = self.draft.parts().iter().filter_map(|part| match part {
            Part::Text { text } => Some(TutorPart::Text {
                html: String::new(),
                text: text.clone(),
            }),
            Part::Thinking { text } => Some(TutorPart::Thinking { text: text.clone() }),
            Part::Tool { .. } => None,
        });
        self.message.parts = parts.collect();
        self.message
    }
}

impl App {
    /// Asks the tutor a question that belongs to no lesson. Everything comes through `sink`, ending
    /// with exactly one `finished` or `failed`; `tutor_stop` stops it. Nothing is kept but the cost.
    ///
    /// # Errors
    /// `invalid_request`, `ai_no_key`, `ai_settings`, `ai_cap_reached`, those of the store.
    pub async fn tutor_ask_once(
        self: &Arc<Self>,
        ask_id: &str,
        text: String,
        language: Language,
        sink: Sink<AskEvent>,
    ) -> ApiResult<()> {
        if text.trim().is_empty() || text.len() > MAX_TEXT {
            let message = "a question has words, and at most 64 KiB of them";
            return Err(ApiError::invalid(message));
        }
        let place = self.asks.register(ask_id)?;
        let ai = self.settings().await?.ai;
        if self.ai_spending().await?.level == SpendingLevel::Reached {
            let message = "the month's cap is reached; it is in the settings";
            return Err(ApiError::new(ErrorCode::AiCapReached, message));
        }
        let client = self.ai_client(&ai).await?;
        let prompts = Prompts::read(&self.places.templates, language)?;
        let request = request(&ai, &prompts, text)?;
        let (events, queue) = mpsc::channel(QUEUE);
        tokio::spawn(forward(queue, sink));
        let (app, id) = (Arc::clone(self), ask_id.to_owned());
        tokio::spawn(async move {
            let last = app
                .answer_once(&client, &request, id, &place.run, &events, &ai)
                .await;
            drop(place);
            events.send(last).await.ok();
        });
        Ok(())
    }

    async fn answer_once(
        &self,
        client: &LlmClient,
        request: &ChatRequest,
        id: String,
        live: &crate::live::LiveRun,
        events: &mpsc::Sender<AskEvent>,
        ai: &AiSettings,
    ) -> AskEvent {
        let mut answered = Answered {
            message: empty(id, &request.model, self.now().0 as f64),
            draft: Draft::default(),
            usage: Usage::default(),
        };
        let listened = listen(client, request, live, events, &mut answered).await;
        let counted = self.count_once(&mut answered, request, ai).await;
        if let Err(error) = listened {
            answered.message.error = Some(error.code);
            let answer = Some(answered.told());
            return AskEvent::Failed { error, answer };
        }
        match (counted, self.ai_spending().await) {
            (Ok(()), Ok(spending)) => AskEvent::Finished {
                answer: answered.told(),
                spending,
            },
            (Err(error), _) | (_, Err(error)) => AskEvent::Failed {
                error,
                answer: Some(answered.told()),
            },
        }
    }

    /// Counts what an answer cost, also of one that broke off: what came of it was paid for.
    async fn count_once(
        &self,
        answered: &mut Answered,
        request: &ChatRequest,
        ai: &AiSettings,
    ) -> ApiResult<()> {
        if answered.usage.input + answered.usage.output == 0 {
            return Ok(());
        }
        let model = answered.message.model.clone();
        let mut spent = self.ai_cost(&model, answered.usage, ai).await;
        if spent.currency.is_empty() {
            spent = self.ai_cost(&request.model, answered.usage, ai).await;
        }
        answered.message.cost = Some(super::money::wire_cost(&spent));
        let month = self.month();
        self.with_store(move |store| store.count_spent(&month, &spent))
            .await
    }
}

/// Reads the answer to its end.
async fn listen(
    client: &LlmClient,
    request: &ChatRequest,
    live: &crate::live::LiveRun,
    events: &mpsc::Sender<AskEvent>,
    answered: &mut Answered,
) -> ApiResult<()> {
    let mut chat = client.chat(request).map_err(|error| ai_error(&error))?;
    let (message, draft) = (&mut answered.message, &mut answered.draft);
    let mut stopped = false;
    loop {
        let event = tokio::select! {
            () = live.stopped(), if !stopped => {
                stopped = true;
                chat.control.cancel();
                continue;
            }
            event = chat.events.recv() => event,
        };
        let told = match event {
            Some(ChatEvent::Delta(words)) => {
                draft.say(&words);
                AskEvent::words(words)
            }
            Some(ChatEvent::Thinking(text)) => {
                draft.think(&text);
                AskEvent::Thinking { text }
            }
            Some(ChatEvent::Retrying { wait, .. }) => AskEvent::Retrying {
                wait_ms: wait.as_secs_f64() * 1e3,
            },
            Some(ChatEvent::Started | ChatEvent::Usage(_) | ChatEvent::ToolCall(_)) => continue,
            Some(ChatEvent::Finished(report)) => {
                message.state = match report.finish {
                    Finish::Cancelled => MessageState::Stopped,
                    _ => MessageState::Done,
                };
                message.cut = report.finish == Finish::Length;
                if !report.model.is_empty() {
                    message.model = report.model;
                }
                answered.usage = report.usage.unwrap_or_else(|| guess(request, draft));
                return Ok(());
            }
            Some(ChatEvent::Failed(error)) => {
                answered.usage = guess(request, draft);
                return Err(ai_error(&error));
            }
            None => {
                answered.usage = guess(request, draft);
                return Err(ai_error(&ha_llm::LlmError::Cut));
            }
        };
        events.send(told).await.ok();
    }
}

fn guess(request: &ChatRequest, draft: &Draft) -> Usage {
    guessed_usage(&request.messages, &[&draft.words(), &draft.thoughts()])
}

fn request(ai: &AiSettings, prompts: &Prompts, text: String) -> ApiResult<ChatRequest> {
    let Some(model) = service::model(ai) else {
        let message = "no model is chosen; the settings list those of the service";
        return Err(ApiError::new(ErrorCode::AiSettings, message));
    };
    let thinking = match ai.thinking {
        true => Thinking::On,
        false => Thinking::Off,
    };
    Ok(ChatRequest {
        model,
        messages: vec![
            Message::System(prompts.filled("tutor", &[])),
            Message::User(text),
        ],
        thinking,
        max_tokens: Some(ANSWER_TOKENS),
        ..ChatRequest::default()
    })
}

fn empty(id: String, model: &str, at: f64) -> Box<TutorMessage> {
    Box::new(TutorMessage {
        id,
        parent: None,
        mine: false,
        kind: AskKind::Question,
        state: MessageState::Failed,
        at,
        text: String::new(),
        parts: Vec::new(),
        has_math: false,
        rung: None,
        chips: Vec::new(),
        cut: false,
        model: model.to_owned(),
        cost: None,
        error: None,
    })
}
