//! The requests of one answer and what is looked up between them: the model asks for tools, gets what
//! they gave, and is asked again, so often and no more. How one request is read is `answer`'s.

use super::answer::{Answering, Ended, Sum};
use super::draft::Draft;
use super::service::ai_error;
use super::tools::{self, Looked, Wanted};
use crate::live::LiveRun;
use crate::wire::{AskEvent, ToolState, ToolUse};
use crate::{ApiError, ErrorCode};
use ha_llm::{LlmError, Message, ToolCall, ToolChoice};
use tokio::time::{Instant, timeout};

impl Answering {
    /// Asks, looks up what the model wants to know and asks again, until it has said its answer or
    /// too much.
    pub(super) async fn one_try(
        &mut self,
        live: &LiveRun,
        sum: &mut Sum,
        draft: &mut Draft,
    ) -> Ended {
        loop {
            if let Err(error) = self.refuse_above_cap(sum).await {
                return Ended::Failed(error);
            }
            let ended = match self.one_request(live, sum, draft).await {
                Ended::Calls(calls) if !self.may_look_up() => self.unheeded(calls.len(), draft),
                Ended::Calls(calls) => self.look_up(live, draft, calls).await,
                Ended::RefusesTools => {
                    self.app.ai.refuses_tools(&self.ai);
                    self.forgo_tools();
                    continue;
                }
                ended => return ended,
            };
            if let Some(ended) = ended {
                return ended;
            }
        }
    }

    fn may_look_up(&self) -> bool {
        !self.chat.tools.is_empty() && self.chat.tool_choice != ToolChoice::None
    }

    /// The cap holds for every request, not only for the first.
    async fn refuse_above_cap(&self, sum: &Sum) -> Result<(), ApiError> {
        if sum.usage.input + sum.usage.output == 0 {
            return Ok(());
        }
        let spent = self.cost(&sum.model, sum.usage).await;
        match self.app.ai_reaches_cap(&spent).await? {
            true => Err(ApiError::new(
                ErrorCode::AiCapReached,
                "the month's cap is reached in the middle of this answer",
            )),
            false => Ok(()),
        }
    }

    /// Calls that come although none may: what was said is the answer. Without a word, a service that
    /// does not know of choices is asked once more without any tool to call.
    fn unheeded(&mut self, calls: usize, draft: &Draft) -> Option<Ended> {
        tracing::info!(answer = self.id, calls, "tools beyond the limit");
        if !draft.newest().0.is_empty() {
            return Some(Ended::Said { cut: false });
        }
        if self.chat.tools.is_empty() {
            let lost = LlmError::Malformed("the model asks for tools and says nothing");
            return Some(Ended::Failed(ai_error(&lost)));
        }
        self.forgo_tools();
        None
    }

    /// From here on the model has no tools. What it looked up stays, as something it was told.
    fn forgo_tools(&mut self) {
        self.chat.tools.clear();
        let messages = std::mem::take(&mut self.chat.messages);
        let plain = messages.into_iter().filter_map(|message| match message {
            Message::Tool { text, .. } => Some(Message::User(text)),
            Message::Assistant {
                text, tool_calls, ..
            } if !tool_calls.is_empty() => (!text.is_empty()).then(|| Message::assistant(text)),
            other => Some(other),
        });
        self.chat.messages = plain.collect();
    }

    /// Does what the model asked for, and tells it. Answers the end, if this was one.
    async fn look_up(
        &mut self,
        live: &LiveRun,
        draft: &mut Draft,
        mut calls: Vec<ToolCall>,
    ) -> Option<Ended> {
        let (text, thinking) = draft.newest();
        let (text, thinking) = (text.to_string(), thinking.to_string());
        let unheeded = calls.split_off(calls.len().min(tools::CALLS)).len();
        let (mut tool_calls, mut answers) = (Vec::new(), Vec::new());
        for (place, call) in calls.into_iter().enumerate() {
            let wanted = Wanted::read(call, place);
            let mut told = match self.use_tool(live, draft, &wanted).await {
                Ok(told) => told,
                Err(ended) => return Some(ended),
            };
            if unheeded > 0 && place + 1 == tools::CALLS {
                let count = unheeded.to_string();
                told.push('\n');
                told.push_str(&self.prompts.filled("tool-more", &[("count", &count)]));
            }
            let mut call = wanted.call;
            if tool_calls
                .iter()
                .any(|other: &ToolCall| other.id == call.id)
            {
                call.id = format!("call_{place}");
            }
            answers.push(Message::Tool {
                call: call.id.clone(),
                text: told,
            });
            tool_calls.push(call);
        }
        self.chat.messages.push(Message::Assistant {
            text,
            thinking,
            tool_calls,
        });
        self.chat.messages.append(&mut answers);
        self.rounds += 1;
        if self.rounds == tools::ROUNDS {
            self.chat.tool_choice = ToolChoice::None;
        }
        None
    }

    /// Uses one tool, and shows and keeps that. Answers what the model is told.
    async fn use_tool(
        &self,
        live: &LiveRun,
        draft: &mut Draft,
        wanted: &Wanted,
    ) -> Result<String, Ended> {
        self.show(draft, true).await;
        let mut tool = ToolUse {
            id: u32::try_from(draft.tools().count() + 1).unwrap_or(u32::MAX),
            kind: wanted.kind,
            asked: wanted.asked.clone(),
            state: ToolState::Running,
            places: Vec::new(),
            ms: 0.0,
        };
        draft.put(tool.clone());
        // The learner would read the solution in the words of a search as well.
        if self.gives_away(draft, draft.words().len()) {
            return Err(Ended::GivesAway);
        }
        self.tell_tool(&tool).await;
        self.keep(draft).await;
        let start = Instant::now();
        let looking = self.app.tutor_tool(wanted, &self.seat, &self.prompts);
        let looked = tokio::select! {
            biased;
            () = live.stopped() => return Err(Ended::Stopped),
            looked = timeout(tools::TIME, looking) => looked,
        };
        let looked = looked.unwrap_or_else(|_| Looked::failed(&self.prompts));
        tool.ms = start.elapsed().as_secs_f64() * 1e3;
        (tool.state, tool.places) = (looked.state, looked.places);
        let (kind, state) = (tool.kind, tool.state);
        tracing::info!(
            answer = self.id,
            ?kind,
            ?state,
            ms = tool.ms,
            "a tool was used"
        );
        draft.put(tool.clone());
        self.tell_tool(&tool).await;
        self.keep(draft).await;
        Ok(looked.text)
    }

    pub(super) async fn tell_tool(&self, tool: &ToolUse) {
        let tool = tool.clone();
        self.events.send(AskEvent::Tool { tool }).await.ok();
    }
}
