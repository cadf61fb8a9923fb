//! Replies of the service that the learner chose: its model, its key, its price, its cap. The program
//! says what it asks; everything about where and with what is the learner's.

use super::asked::ChatCall;
use super::call::Call;
use super::refusal::Refusal;
use super::request::chat_request;
use crate::App;
use crate::tutor::model;
use crate::wire::{AiSettings, AnsweredBy, SpendingLevel};
use ha_llm::{
    ChatEvent, Finish, LlmError, Played, ReplyHead, ToolCall, Usage, WholeReply, call_delta,
    estimate_tokens, usage,
};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Instant;

/// Beats of a recorded rhythm, and the longest pause among them in milliseconds.
const MAX_BEATS: usize = 2_000;
const MAX_PAUSE: u128 = 10_000;

/// The learner's service.
#[derive(Clone)]
pub(crate) struct Live {
    app: Arc<App>,
    ai: AiSettings,
}

impl std::fmt::Debug for Live {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Live")
    }
}

/// A reply while it comes.
struct Growing {
    reply: WholeReply,
    rhythm: Vec<(u32, u32)>,
    last: Instant,
    /// Whether the program hears of each piece.
    stream: bool,
}

impl Live {
    pub(crate) fn new(app: Arc<App>, ai: AiSettings) -> Live {
        Live { app, ai }
    }

    /// Asks, and gives the program what comes.
    pub(super) async fn answer(self, chat: ChatCall, call: Call) {
        match self.ask(&chat, &call).await {
            Err(refusal) => call.refuse(refusal),
            Ok(growing) => {
                let spent = self.cost(&growing.reply).await;
                let month = self.app.month();
                let counted = spent.clone();
                // A cost that cannot be written down is in the log; the reply was paid for.
                let kept = self
                    .app
                    .with_store(move |store| store.count_spent(&month, &counted));
                kept.await.ok();
                call.repeat(&growing.reply);
                call.record(&chat.request, &growing.reply, &growing.rhythm);
                let cost = crate::tutor::wire_cost(&spent).money;
                match growing.stream {
                    true => {
                        let tokens = usage(&growing.reply.usage);
                        call.finish(&growing.reply, AnsweredBy::Service, cost);
                        call.line.last(json!({ "done": { "usage": tokens } }));
                    }
                    false => {
                        call.give(Played::of(growing.reply), AnsweredBy::Service, cost)
                            .await
                    }
                }
            }
        }
    }

    /// The price of the model that answered, else of the one that was asked.
    async fn cost(&self, reply: &WholeReply) -> ha_store::Spent {
        let spent = self.app.ai_cost(&reply.head.model, reply.usage, &self.ai);
        let spent = spent.await;
        match model(&self.ai) {
            Some(asked) if spent.currency.is_empty() => {
                self.app.ai_cost(&asked, reply.usage, &self.ai).await
            }
            _ => spent,
        }
    }

    async fn ask(&self, chat: &ChatCall, call: &Call) -> Result<Growing, Refusal> {
        let Some(model) = model(&self.ai) else {
            return Err(Refusal::NoModel);
        };
        let request = chat_request(&chat.request, model, self.ai.thinking)?;
        let spending = self.app.ai_spending().await;
        if spending.is_ok_and(|spending| spending.level == SpendingLevel::Reached) {
            return Err(Refusal::SpendingLimit);
        }
        let client = self.app.ai.client(&self.ai).await?;
        let mut answer = client.chat(&request)?;
        let mut growing = Growing {
            reply: empty(&request.model, self.app.now().0.div_euclid(1000)),
            rhythm: Vec::new(),
            last: Instant::now(),
            // A reply that a fault will change comes whole, or the program would see both.
            stream: chat.stream && !call.is_changed(),
        };
        if growing.stream {
            growing.tell(call, json!({ "role": "assistant", "content": "" }), None);
        }
        loop {
            match answer.events.recv().await {
                Some(ChatEvent::Delta(text)) => growing.say(call, text),
                Some(ChatEvent::Thinking(text)) => {
                    growing.reply.reasoning.push_str(&text);
                    growing.tell(call, json!({ "reasoning_content": text }), None);
                }
                Some(ChatEvent::ToolCall(asked)) => growing.call(call, asked),
                Some(ChatEvent::Usage(_) | ChatEvent::Started | ChatEvent::Retrying { .. }) => {}
                Some(ChatEvent::Finished(report)) => {
                    if !report.model.is_empty() {
                        growing.reply.head.model = report.model;
                    }
                    let output = estimate_tokens(&growing.reply.content);
                    growing.reply.usage = report.usage.unwrap_or(Usage {
                        output,
                        ..Usage::default()
                    });
                    growing.reply.finish = finish_name(report.finish).into();
                    let finish = growing.reply.finish.clone();
                    growing.tell(call, json!({}), Some(&finish));
                    return Ok(growing);
                }
                Some(ChatEvent::Failed(error)) => return Err(error.into()),
                None => return Err(LlmError::Cut.into()),
            }
        }
    }
}

impl Growing {
    fn say(&mut self, call: &Call, text: String) {
        self.reply.content.push_str(&text);
        if self.rhythm.len() < MAX_BEATS {
            let pause = self.last.elapsed().as_millis().min(MAX_PAUSE);
            self.rhythm
                .push((pause as u32, text.chars().count() as u32));
        }
        self.last = Instant::now();
        self.tell(call, json!({ "content": text }), None);
    }

    fn call(&mut self, call: &Call, asked: ToolCall) {
        let index = self.reply.tool_calls.len();
        self.tell(call, call_delta(index, &asked), None);
        self.reply.tool_calls.push(asked);
    }

    fn tell(&self, call: &Call, delta: Value, finish: Option<&str>) {
        if self.stream {
            let chunk = self.reply.head.chunk(delta, finish);
            call.line.piece(&json!({ "delta": chunk }));
        }
    }
}

fn empty(model: &str, created: i64) -> WholeReply {
    WholeReply {
        head: ReplyHead {
            id: format!("live-{}", uuid::Uuid::new_v4().simple()),
            model: model.into(),
            created,
        },
        content: String::new(),
        reasoning: String::new(),
        tool_calls: Vec::new(),
        finish: String::new(),
        usage: Usage::default(),
    }
}

fn finish_name(finish: Finish) -> &'static str {
    match finish {
        Finish::Length => "length",
        Finish::ToolCalls => "tool_calls",
        Finish::ContentFilter => "content_filter",
        Finish::Stop | Finish::Cancelled | Finish::Other => "stop",
    }
}
