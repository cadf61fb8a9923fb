//! The life of one answer: words come, are held against the rung, shown and kept; the end is written
//! down with what it cost.

use super::kept::{About, Shelf, parts_json};
use super::prompts::Prompts;
use super::service::ai_error;
use super::verify::{Verifier, judged};
use super::{rounds, service};
use crate::live::{LiveRun, Registered};
use crate::wire::{AiSettings, AskEvent, Language, Rung, TutorMessage, TutorThread};
use crate::{ApiError, App, lessons};
use ha_course::{Course, RenderedReply};
use ha_llm::{
    ChatEvent, ChatReport, ChatRequest, Finish, LlmClient, Message, Thinking, Usage,
    estimate_tokens,
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
    pub(crate) lesson: String,
    pub(crate) language: Language,
    pub(crate) about: About,
    pub(crate) id: String,
    pub(crate) thread: TutorThread,
    pub(crate) events: mpsc::Sender<AskEvent>,
}

/// What came of one try.
#[derive(Default)]
struct Draft {
    text: String,
    thinking: String,
    /// Bytes of the text that are shown for good.
    sealed: usize,
    /// What was shown last.
    shown: usize,
    /// Bytes of thinking that are shown.
    thought: usize,
}

/// How a try ended.
enum Ended {
    /// The service's word.
    Report(ChatReport),
    /// The learner's.
    Stopped,
    /// It said too much.
    GivesAway,
    Failed(ApiError),
}

/// What the whole answer comes to.
#[derive(Default)]
struct Sum {
    usage: Usage,
    model: String,
    request_id: String,
}

impl Answering {
    pub(crate) async fn run(mut self, rows: Vec<MessageRow>, place: Registered) {
        let live = place.run.clone();
        self.tell_start(&rows).await;
        let mut sum = Sum::default();
        let mut tries = 0;
        let (draft, status, error) = loop {
            tries += 1;
            let (draft, ended) = self.one_try(&live, &mut sum).await;
            match ended {
                Ended::Report(report) => {
                    self.about.cut = report.finish == Finish::Length;
                    break (draft, MessageStatus::Done, None);
                }
                Ended::Stopped => break (draft, MessageStatus::Stopped, None),
                Ended::Failed(error) => {
                    self.about.error = Some(error.code);
                    break (draft, MessageStatus::Failed, Some(error));
                }
                Ended::GivesAway => {
                    tracing::info!(answer = self.id, tries, rung = ?self.rung, "withheld");
                    self.events.send(AskEvent::Withheld).await.ok();
                    if tries < TRIES {
                        let again = self.prompts.filled("again", &[]);
                        self.chat.messages.push(Message::assistant(draft.text));
                        self.chat.messages.push(Message::User(again));
                        continue;
                    }
                    let text = self.prompts.filled("held-back", &[]);
                    let draft = Draft {
                        text,
                        ..Draft::default()
                    };
                    break (draft, MessageStatus::Done, None);
                }
            }
        };
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
            lesson: &self.lesson,
            language: lessons::course_language(self.language),
        }
    }

    /// Asks once, and reads until the end or until it said too much.
    async fn one_try(&self, live: &LiveRun, sum: &mut Sum) -> (Draft, Ended) {
        let mut draft = Draft::default();
        let mut chat = match self.client.chat(&self.chat) {
            Ok(chat) => chat,
            Err(error) => return (draft, Ended::Failed(ai_error(&error))),
        };
        let (mut frame, mut save): (Option<Instant>, Option<Instant>) = (None, None);
        let (mut stopped, mut counted) = (false, false);
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
                    if self.gives_away(judged(&draft.text)) {
                        break Ended::GivesAway;
                    }
                    self.show(&mut draft).await;
                    continue;
                }
                // Also when nothing more comes: a service may stand still before the app is closed.
                () = sleep_until(save.unwrap_or_else(Instant::now)), if save.is_some() => {
                    save = None;
                    self.keep(&draft).await;
                    continue;
                }
                // Last: what comes without a pause must not keep from the screen what came.
                event = chat.events.recv() => event,
            };
            match event {
                Some(ChatEvent::Delta(text)) => draft.text.push_str(&text),
                Some(ChatEvent::Thinking(text)) => draft.thinking.push_str(&text),
                Some(ChatEvent::Retrying { wait, .. }) => {
                    let wait_ms = wait.as_secs_f64() * 1e3;
                    self.events.send(AskEvent::Retrying { wait_ms }).await.ok();
                    continue;
                }
                // The tutor offers no tools; a call that comes nevertheless does nothing.
                Some(ChatEvent::Started | ChatEvent::Usage(_) | ChatEvent::ToolCall(_)) => continue,
                Some(ChatEvent::Finished(report)) => {
                    self.count(sum, &draft, report.usage);
                    counted = true;
                    (sum.model, sum.request_id) = (report.model.clone(), report.request_id.clone());
                    let ended = match report.finish {
                        Finish::Cancelled => Ended::Stopped,
                        _ if self.gives_away(&draft.text) => Ended::GivesAway,
                        _ => Ended::Report(report),
                    };
                    break ended;
                }
                Some(ChatEvent::Failed(error)) => {
                    break Ended::Failed(ai_error(&error));
                }
                None => break Ended::Failed(ai_error(&ha_llm::LlmError::Cut)),
            }
            frame.get_or_insert_with(|| Instant::now() + FRAME);
            save.get_or_insert_with(|| Instant::now() + SAVE);
        };
        if !counted {
            // Dropping the chat closes the connection; what it cost can only be guessed.
            self.count(sum, &draft, None);
        }
        if matches!(ended, Ended::Stopped | Ended::Failed(_)) {
            // What is not judged yet never will be.
            draft.text.truncate(self.presentable(&draft.text).len());
        }
        (draft, ended)
    }

    fn is_guarded(&self) -> bool {
        self.rung.is_some_and(|rung| self.verifier.guards(rung))
    }

    fn gives_away(&self, text: &str) -> bool {
        self.rung
            .is_some_and(|rung| self.verifier.gives_away(text, rung))
    }

    /// As much of a growing answer as may be seen.
    fn presentable<'t>(&self, text: &'t str) -> &'t str {
        match self.is_guarded() {
            true => judged(text),
            false => text,
        }
    }

    /// Sends what is new since the last time.
    async fn show(&self, draft: &mut Draft) {
        if draft.thought < draft.thinking.len() {
            let text = draft.thinking[draft.thought..].to_string();
            draft.thought = draft.thinking.len();
            self.events.send(AskEvent::Thinking { text }).await.ok();
        }
        let visible = self.presentable(&draft.text);
        if visible.len() <= draft.shown {
            return;
        }
        let open = &visible[draft.sealed..];
        let grows_from = draft.sealed + RenderedReply::growing_from(open);
        let shelf = self.shelf();
        let sealed = shelf.html(&self.id, &visible[draft.sealed..grows_from]);
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
    async fn keep(&self, draft: &Draft) {
        let text = self.presentable(&draft.text);
        if self.gives_away(text) {
            return;
        }
        let (id, parts) = (self.id.clone(), parts_json(text, &draft.thinking));
        let words = text.to_string();
        // A full disk costs the copy for a crash, not the answer on the screen.
        self.app
            .with_store(move |store| store.grow_message(&id, &parts, &words))
            .await
            .ok();
    }

    /// Adds what a try cost: counted by the service, else guessed.
    fn count(&self, sum: &mut Sum, draft: &Draft, usage: Option<Usage>) {
        let guess = || {
            let sent: usize = self.chat.messages.iter().map(Message::len).sum();
            let output = estimate_tokens(&draft.text) + estimate_tokens(&draft.thinking);
            Usage {
                // Three bytes are about a token, in either language.
                input: if output == 0 { 0 } else { (sent / 3) as u64 },
                output,
                ..Usage::default()
            }
        };
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
            parts: parts_json(&draft.text, &draft.thinking),
            words: draft.text.clone(),
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
    async fn cost(&self, answered: &str, usage: Usage) -> Spent {
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
        let Ok(mut chat) = self.client.chat(&request) else {
            return;
        };
        let mut summary = String::new();
        while let Some(event) = chat.events.recv().await {
            match event {
                ChatEvent::Delta(text) => summary.push_str(&text),
                ChatEvent::Finished(report) if report.finish == Finish::Stop => {
                    let (id, to, month) = (thread.id.clone(), to.to_string(), self.app.month());
                    let spent = match report.usage {
                        Some(usage) => Some(self.cost(&report.model, usage).await),
                        None => None,
                    };
                    let keep = self.app.with_store(move |store| {
                        if let Some(spent) = &spent {
                            store.count_spent(&month, spent)?;
                        }
                        store.summarise_thread(&id, &summary, &to)
                    });
                    keep.await.ok();
                    return;
                }
                ChatEvent::Finished(_) | ChatEvent::Failed(_) => return,
                _ => {}
            }
        }
    }
}
