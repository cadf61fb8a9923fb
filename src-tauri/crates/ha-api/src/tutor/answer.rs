//! The life of one answer: words come, are held against the rung, shown and kept; what the model wants
//! to look up is looked up and it is asked again; the end is written down with what all of it cost.

use super::draft::Draft;
use super::kept::{About, Part, Shelf, parts_json};
use super::money::guessed_usage;
use super::prompts::Prompts;
use super::service::ai_error;
use super::tools::Seat;
use super::verify::Verifier;
use super::{rounds, service};
use crate::live::{LiveRun, Registered};
use crate::wire::{
    AiSettings, AskEvent, Rung, SpendingLevel, ToolState, ToolUse, TutorMessage, TutorThread,
};
use crate::{ApiError, App, lessons};
use ha_course::{Course, RenderedReply};
use ha_llm::{
    ChatEvent, ChatRequest, Finish, LlmClient, LlmError, Message, Thinking, ToolCall, Usage,
};
use ha_store::{MessageEnd, MessageRow, MessageStatus, Spent};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

/// How often what came is drawn: a frame and a half of a 60 Hz screen.
const FRAME: Duration = Duration::from_millis(24);
/// How often what came is written down, for the case of a crash.
const SAVE: Duration = Duration::from_millis(800);
/// How often an answer that gives too much away is asked for again.
const TRIES: usize = 3;
/// Tokens of a summary.
const SUMMARY_TOKENS: u32 = 400;

/// Everything one answer needs.
pub(crate) struct Answering {
    pub(crate) app: Arc<App>,
    pub(crate) client: LlmClient,
    pub(crate) ai: AiSettings,
    pub(crate) chat: ChatRequest,
    pub(crate) prompts: Prompts,
    pub(crate) rung: Option<Rung>,
    pub(crate) verifier: Verifier,
    pub(crate) course: Course,
    pub(super) seat: Seat,
    /// Requests so far that asked for tools.
    pub(crate) rounds: usize,
    pub(crate) about: About,
    pub(crate) id: String,
    pub(crate) thread: TutorThread,
    pub(crate) events: mpsc::Sender<AskEvent>,
}

/// How a try ended.
pub(super) enum Ended {
    /// It said its answer; `cut` where the model's limit ended it.
    Said {
        cut: bool,
    },
    /// The learner's.
    Stopped,
    /// It said too much.
    GivesAway,
    /// Not yet: it wants to look something up.
    Calls(Vec<ToolCall>),
    /// The service takes no tools: to be asked without them.
    RefusesTools,
    Failed(ApiError),
}

/// What the whole answer comes to.
#[derive(Default)]
pub(super) struct Sum {
    pub(super) usage: Usage,
    pub(super) model: String,
    request_id: String,
}

impl Answering {
    pub(crate) async fn run(mut self, rows: Vec<MessageRow>, place: Registered) {
        let live = place.run.clone();
        self.tell_start(&rows).await;
        let mut sum = Sum::default();
        let mut draft = Draft::default();
        let mut tries = 0;
        let (status, error) = loop {
            tries += 1;
            match self.one_try(&live, &mut sum, &mut draft).await {
                Ended::Said { cut } => {
                    self.about.cut = cut;
                    break (MessageStatus::Done, None);
                }
                Ended::Stopped => {
                    self.keep_judged(&mut draft);
                    break (MessageStatus::Stopped, None);
                }
                Ended::Failed(error) => {
                    self.keep_judged(&mut draft);
                    self.about.error = Some(error.code);
                    break (MessageStatus::Failed, Some(error));
                }
                Ended::GivesAway => {
                    tracing::info!(answer = self.id, tries, rung = ?self.rung, "withheld");
                    draft = self.take_back(&draft).await;
                    if tries < TRIES {
                        continue;
                    }
                    draft.say(&self.prompts.filled("held-back", &[]));
                    break (MessageStatus::Done, None);
                }
                Ended::Calls(_) | Ended::RefusesTools => {}
            }
        };
        draft.interrupt();
        let row = self.finish(&draft, status, &sum).await.map(Box::new);
        drop(place);
        let event = match (error, self.app.ai_spending().await) {
            (Some(error), _) => AskEvent::Failed { error, answer: row },
            (None, Ok(spending)) if row.is_some() => AskEvent::Finished {
                answer: row.expect("it was looked at"),
                spending,
            },
            // The disk is full, say: what came is on the screen and stays there.
            (None, Err(error)) => AskEvent::Failed { error, answer: row },
            (None, Ok(_)) => AskEvent::Failed {
                error: ApiError::new(crate::ErrorCode::Internal, "the answer could not be kept"),
                answer: row,
            },
        };
        self.events.send(event).await.ok();
        if status == MessageStatus::Done {
            self.summarise().await;
        }
    }

    async fn tell_start(&self, rows: &[MessageRow]) {
        let mut messages: Vec<TutorMessage> =
            rows.iter().map(|row| self.shelf().message(row)).collect();
        let Some(answer) = messages.pop() else {
            return;
        };
        let started = AskEvent::Started {
            thread: self.thread.clone(),
            question: messages.pop().map(Box::new),
            answer: Box::new(answer),
        };
        self.events.send(started).await.ok();
    }

    fn shelf(&self) -> Shelf<'_> {
        Shelf {
            course: &self.course,
            lesson: &self.seat.lesson.lesson,
            language: lessons::course_language(self.seat.language),
        }
    }

    /// Takes back what was shown, and tells the model why. What was looked up stays, unless its own
    /// words said too much.
    async fn take_back(&mut self, draft: &Draft) -> Draft {
        self.events.send(AskEvent::Withheld).await.ok();
        let (text, thinking) = draft.newest();
        if !text.is_empty() {
            self.chat.messages.push(Message::Assistant {
                text: text.into(),
                thinking: thinking.into(),
                tool_calls: Vec::new(),
            });
        }
        let again = self.prompts.filled("again", &[]);
        self.chat.messages.push(Message::User(again));
        let used = |tool: &&ToolUse| tool.state != ToolState::Running;
        let kept = Draft::with_tools(draft.tools().filter(used).cloned());
        if self.gives_away(&kept, 0) {
            return Draft::default();
        }
        for tool in kept.tools() {
            self.tell_tool(tool).await;
        }
        kept
    }

    /// Asks once, and reads until the end or until it said too much.
    pub(super) async fn one_request(
        &self,
        live: &LiveRun,
        sum: &mut Sum,
        draft: &mut Draft,
    ) -> Ended {
        let mut chat = match self.client.chat(&self.chat) {
            Ok(chat) => chat,
            Err(error) => return Ended::Failed(ai_error(&error)),
        };
        let (mut frame, mut save): (Option<Instant>, Option<Instant>) = (None, None);
        let (mut stopped, mut counted) = (false, false);
        let mut calls = Vec::new();
        let ended = loop {
            let event = tokio::select! {
                biased;
                () = live.stopped(), if !stopped => {
                    stopped = true;
                    chat.control.cancel();
                    continue;
                }
                () = sleep_until(frame.unwrap_or_else(Instant::now)), if frame.is_some() => {
                    frame = None;
                    let words = draft.words();
                    if self.gives_away(draft, self.presentable(&words).len()) {
                        break Ended::GivesAway;
                    }
                    self.show(draft, false).await;
                    continue;
                }
                // Also when nothing more comes: a service may stand still before the app is closed.
                () = sleep_until(save.unwrap_or_else(Instant::now)), if save.is_some() => {
                    save = None;
                    self.keep(draft).await;
                    continue;
                }
                // Last: what comes without a pause must not keep from the screen what came.
                event = chat.events.recv() => event,
            };
            match event {
                Some(ChatEvent::Delta(text)) => draft.say(&text),
                Some(ChatEvent::Thinking(text)) => draft.think(&text),
                Some(ChatEvent::ToolCall(call)) => {
                    calls.push(call);
                    continue;
                }
                Some(ChatEvent::Retrying { wait, .. }) => {
                    let wait_ms = wait.as_secs_f64() * 1e3;
                    self.events.send(AskEvent::Retrying { wait_ms }).await.ok();
                    continue;
                }
                Some(ChatEvent::Started | ChatEvent::Usage(_)) => continue,
                Some(ChatEvent::Finished(report)) => {
                    self.count(sum, draft, report.usage);
                    counted = true;
                    (sum.model, sum.request_id) = (report.model.clone(), report.request_id.clone());
                    break match report.finish {
                        Finish::Cancelled => Ended::Stopped,
                        _ if self.gives_away(draft, draft.words().len()) => Ended::GivesAway,
                        _ if !calls.is_empty() => Ended::Calls(calls),
                        finish => Ended::Said {
                            cut: finish == Finish::Length,
                        },
                    };
                }
                Some(ChatEvent::Failed(error)) => {
                    let nothing = draft.newest() == ("", "");
                    break match nothing && !self.chat.tools.is_empty() && error.refuses_tools() {
                        true => Ended::RefusesTools,
                        false => Ended::Failed(ai_error(&error)),
                    };
                }
                None => break Ended::Failed(ai_error(&LlmError::Cut)),
            }
            frame.get_or_insert_with(|| Instant::now() + FRAME);
            save.get_or_insert_with(|| Instant::now() + SAVE);
        };
        if !counted {
            // Dropping the chat closes the connection; what it cost can only be guessed.
            self.count(sum, draft, None);
        }
        ended
    }

    /// What is not judged when the words stop never will be.
    fn keep_judged(&self, draft: &mut Draft) {
        let words = draft.words();
        draft.truncate(self.presentable(&words).len());
    }

    fn is_guarded(&self) -> bool {
        self.rung.is_some_and(|rung| self.verifier.guards(rung))
    }

    /// Whether the first `bytes` of the words, or what was looked up, say too much.
    pub(super) fn gives_away(&self, draft: &Draft, bytes: usize) -> bool {
        draft
            .said(bytes)
            .iter()
            .any(|text| self.says_too_much(text))
    }

    /// As much of a growing answer as may be seen.
    fn presentable<'t>(&self, text: &'t str) -> &'t str {
        match self.is_guarded() {
            true => self.verifier.presentable(text),
            false => text,
        }
    }

    fn says_too_much(&self, text: &str) -> bool {
        self.rung
            .is_some_and(|rung| self.verifier.gives_away(text, rung))
    }

    /// Bytes of the thinking that may be seen, when `shown` are. A model thinks of the solution more
    /// often than it says it: its thinking is no reason to ask again, and is not shown from there on.
    fn thinkable(&self, thoughts: &str, shown: usize) -> usize {
        let visible = self.presentable(thoughts);
        match self.is_guarded() && self.says_too_much(visible) {
            true => shown,
            false => visible.len().max(shown),
        }
    }

    /// The parts that may be kept: all but thinking that says too much.
    fn keepable(&self, mut parts: Vec<Part>) -> Vec<Part> {
        if self.is_guarded() {
            parts.retain(|part| match part {
                Part::Thinking { text } => !self.says_too_much(text),
                _ => true,
            });
        }
        parts
    }

    /// Sends what is new since the last time; for good, when something else stands below it next:
    /// then all of it was judged.
    pub(super) async fn show(&self, draft: &mut Draft, for_good: bool) {
        let thoughts = draft.thoughts();
        let visible = self.thinkable(&thoughts, draft.thought);
        if draft.thought < visible {
            let text = thoughts[draft.thought..visible].to_string();
            draft.thought = visible;
            self.events.send(AskEvent::Thinking { text }).await.ok();
        }
        let words = draft.words();
        let visible = match for_good {
            true => &words,
            false => self.presentable(&words),
        };
        let from = draft.sealed.max(draft.grows_from());
        let is_new = visible.len() > draft.shown || (for_good && draft.sealed < draft.shown);
        if !is_new || visible.len() <= from {
            return;
        }
        let open = &visible[from..];
        let grows_from = match for_good {
            true => visible.len(),
            false => from + RenderedReply::growing_from(open),
        };
        let shelf = self.shelf();
        let sealed = shelf.html(&self.id, &visible[from..grows_from]);
        let growing = shelf.html(&self.id, &visible[grows_from..]);
        let words = visible[draft.shown..].to_string();
        draft.shown = visible.len();
        draft.sealed = grows_from;
        let event = AskEvent::Text {
            sealed: sealed.html,
            growing: growing.html,
            has_math: sealed.has_math || growing.has_math,
            words,
        };
        self.events.send(event).await.ok();
    }

    /// Writes down what came so far, of which nothing is secret.
    pub(super) async fn keep(&self, draft: &Draft) {
        let words = draft.words();
        let text = self.presentable(&words);
        if self.gives_away(draft, text.len()) {
            return;
        }
        let (id, parts) = (
            self.id.clone(),
            parts_json(&self.keepable(draft.within(text.len()))),
        );
        let words = text.to_string();
        // A full disk costs the copy for a crash, not the answer on the screen.
        self.app
            .with_store(move |store| store.grow_message(&id, &parts, &words))
            .await
            .ok();
    }

    /// Adds what a request cost: counted by the service, else guessed.
    fn count(&self, sum: &mut Sum, draft: &Draft, usage: Option<Usage>) {
        let (text, thinking) = draft.newest();
        let guess = || guessed_usage(&self.chat.messages, &[text, thinking]);
        let usage = usage.unwrap_or_else(guess);
        sum.usage.input += usage.input;
        sum.usage.cached += usage.cached;
        sum.usage.output += usage.output;
        sum.usage.thinking += usage.thinking;
    }

    /// Writes the end down, and answers the message as it is kept.
    async fn finish(
        &self,
        draft: &Draft,
        status: MessageStatus,
        sum: &Sum,
    ) -> Option<TutorMessage> {
        let spent = match sum.usage.input + sum.usage.output {
            0 => None,
            _ => Some(self.cost(&sum.model, sum.usage).await),
        };
        let end = MessageEnd {
            status,
            model: match sum.model.is_empty() {
                true => self.chat.model.clone(),
                false => sum.model.clone(),
            },
            request_id: sum.request_id.clone(),
            spent,
            about: self.about.json(),
            parts: parts_json(&self.keepable(draft.parts().to_vec())),
            words: draft.words(),
        };
        let (id, month, thread) = (self.id.clone(), self.app.month(), self.thread.id.clone());
        let rows = self
            .app
            .with_store(move |store| {
                store.finish_message(&id, &end, &month)?;
                store.messages(&thread)
            })
            .await
            .ok()?;
        let row = rows.iter().find(|row| row.id == self.id)?;
        Some(self.shelf().message(row))
    }

    /// By the name that was asked for where the service answers under one without a price.
    pub(super) async fn cost(&self, answered: &str, usage: Usage) -> Spent {
        let spent = self.app.ai_cost(answered, usage, &self.ai).await;
        match spent.currency.is_empty() {
            true => self.app.ai_cost(&self.chat.model, usage, &self.ai).await,
            false => spent,
        }
    }

    /// Summarises what is too old to be sent. That it fails costs only the summary.
    async fn summarise(&self) {
        let thread = self.thread.id.clone();
        let read = self
            .app
            .with_store(move |store| Ok((store.thread(&thread)?, store.messages(&thread)?)));
        let Ok((Some(thread), rows)) = read.await else {
            return;
        };
        let branch = rounds::branch(&rows, Some(&self.id));
        let Some((read, to)) = rounds::to_summarise(&branch, &thread) else {
            return;
        };
        let request = ChatRequest {
            model: service::model(&self.ai).unwrap_or_default(),
            messages: rounds::summary_request(&read, &thread, &self.prompts),
            thinking: Thinking::Off,
            max_tokens: Some(SUMMARY_TOKENS),
            ..ChatRequest::default()
        };
        let spending = self.app.ai_spending().await;
        if spending.is_ok_and(|spending| spending.level == SpendingLevel::Reached) {
            return;
        }
        let Ok(mut chat) = self.client.chat(&request) else {
            return;
        };
        let mut summary = String::new();
        let (whole, model, usage) = loop {
            match chat.events.recv().await {
                Some(ChatEvent::Delta(text)) => summary.push_str(&text),
                Some(ChatEvent::Finished(report)) => {
                    break (report.finish == Finish::Stop, report.model, report.usage);
                }
                Some(ChatEvent::Failed(_)) | None => break (false, String::new(), None),
                Some(_) => {}
            }
        };
        // One that is of no use was paid for too.
        let usage = usage.unwrap_or_else(|| guessed_usage(&request.messages, &[&summary]));
        let spent = match usage.input + usage.output {
            0 => None,
            _ => Some(self.cost(&model, usage).await),
        };
        let (id, to, month) = (thread.id.clone(), to.to_string(), self.app.month());
        let keep = self.app.with_store(move |store| {
            if let Some(spent) = &spent {
                store.count_spent(&month, spent)?;
            }
            match whole {
                true => store.summarise_thread(&id, &summary, &to),
                false => Ok(()),
            }
        });
        keep.await.ok();
    }
}
