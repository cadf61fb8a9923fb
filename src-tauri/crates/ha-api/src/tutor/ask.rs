//! Asking: everything that is decided before the first word goes out.

use super::answer::Answering;
use super::context::Context;
use super::kept::{About, about, parts, parts_json, said, wire_thread, words};
use super::prompts::{self, Prompts};
use super::tools::{self, Seat};
use super::{rounds, rung, service, threads};
use crate::stream::{Sink, StreamEvent, forward};
use crate::wire::{AiSettings, AskEvent, AskStart, ChipKind, Rung, SpendingLevel, TutorStyle};
use crate::{ApiError, ApiResult, App, ErrorCode};
use ha_llm::{ChatRequest, Message, Thinking};
use ha_sandbox::Limits;
use ha_store::{MessageRole, MessageRow, MessageStatus, NewMessage, ThreadRow};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Longest question, in bytes.
const MAX_TEXT: usize = 16 * 1024;
/// Tokens of an answer, and of one with the thinking before it.
const ANSWER_TOKENS: u32 = 1_500;
const THOUGHTFUL_TOKENS: u32 = 8_000;
const QUEUE: usize = 256;

impl App {
    /// Accepts a question and returns; everything else comes through `sink`, ending with exactly one
    /// `finished` or `failed`. The answer goes on when the caller forgets it; `tutor_stop` stops it.
    ///
    /// # Errors
    /// `invalid_request`, `source_too_large`, `ai_no_key`, `ai_settings`, `ai_cap_reached`,
    /// `thread_not_found`, those of the lesson and of the store.
    pub async fn tutor_ask(
        self: &Arc<Self>,
        request: AskStart,
        sink: Sink<AskEvent>,
    ) -> ApiResult<()> {
        refuse_hostile(&request)?;
        let place = self.asks.register(&request.ask_id)?;
        let ai = self.settings().await?.ai;
        if self.ai_spending().await?.level == SpendingLevel::Reached {
            let message = "the month's cap is reached; it is in the settings";
            return Err(ApiError::new(ErrorCode::AiCapReached, message));
        }
        let client = self.ai_client(&ai).await?;
        let around = &request.surrounding;
        let prompts = Prompts::read(&self.places.templates, around.language)?;
        let (thread, rows) = self.conversation(&request).await?;
        let branch = rounds::branch(&rows, request.after.as_deref());
        let context = self.tutor_context(around, &request.without).await?;
        let rung = context.has_exercise.then(|| {
            let last = branch
                .iter()
                .rev()
                .find(|row| row.role == MessageRole::Assistant);
            let before = last.and_then(|row| about(row).rung);
            let rung = rung::choose(request.kind, context.tried, ai.style, before);
            rung::within(rung, context.solution_after, context.tried)
        });
        let asked = asked(&request, &branch, &prompts)?;
        let mut chat = chat(
            &ai,
            &prompts,
            &context,
            rung,
            &asked,
            &branch,
            thread.as_ref(),
        )?;
        if self.ai.takes_tools(&ai) {
            chat.tools = tools::offered(&prompts);
        }
        let thread = self.written_thread(thread, &request, &asked.text).await?;
        let question = asked.question(&request, &thread, self.now());
        let about = About {
            rung,
            chips: context.chips(),
            ..About::of(request.kind)
        };
        let parent = question.as_ref().map(|new| new.id.clone()).or(asked.again);
        let answer = NewMessage {
            id: uuid::Uuid::new_v4().to_string(),
            thread: thread.id.clone(),
            parent,
            role: MessageRole::Assistant,
            status: MessageStatus::Streaming,
            created_at: self.now(),
            about: about.json(),
            parts: parts_json(&[]),
            words: String::new(),
        };
        let written: Vec<NewMessage> = question.into_iter().chain([answer.clone()]).collect();
        let ids: Vec<String> = written.iter().map(|new| new.id.clone()).collect();
        let rows = self
            .with_store(move |store| {
                let thread = written[0].thread.clone();
                store.add_messages(&written)?;
                store.messages(&thread)
            })
            .await?;
        let rows: Vec<MessageRow> = rows
            .into_iter()
            .filter(|row| ids.contains(&row.id))
            .collect();
        let (events, queue) = mpsc::channel(QUEUE);
        tokio::spawn(forward(queue, sink));
        let answering = Answering {
            app: self.clone(),
            client,
            ai,
            chat,
            prompts,
            rung,
            verifier: context.verifier.but_for(&asked.text),
            course: self.course(&around.lesson.course)?.0,
            seat: Seat {
                lesson: around.lesson.clone(),
                language: around.language,
                without_lesson: request.without.contains(&ChipKind::Section),
            },
            rounds: 0,
            about,
            id: answer.id,
            thread: wire_thread(thread),
            events,
        };
        tokio::spawn(async move { answering.run(rows, place).await });
        Ok(())
    }

    /// Stops an answer. What came until then is kept. Harmless when there is nothing to stop.
    pub fn tutor_stop(&self, ask_id: &str) {
        if let Some(ask) = self.asks.get(ask_id) {
            ask.stop();
        }
    }

    async fn conversation(
        &self,
        request: &AskStart,
    ) -> ApiResult<(Option<ThreadRow>, Vec<MessageRow>)> {
        let Some(id) = request.thread.clone() else {
            return Ok((None, Vec::new()));
        };
        let thread = self.thread_row(id.clone()).await?;
        let lesson = &request.surrounding.lesson;
        if thread.course != lesson.course || thread.lesson != lesson.lesson {
            return Err(ApiError::invalid(
                "the conversation is about another lesson",
            ));
        }
        let rows = self.with_store(move |store| store.messages(&id)).await?;
        let after = request.after.as_ref();
        if after.is_some_and(|after| rows.iter().all(|row| row.id != *after)) {
            return Err(ApiError::invalid(
                "the message to follow is not in the conversation",
            ));
        }
        Ok((Some(thread), rows))
    }

    async fn written_thread(
        &self,
        thread: Option<ThreadRow>,
        request: &AskStart,
        text: &str,
    ) -> ApiResult<ThreadRow> {
        if let Some(thread) = thread {
            return Ok(thread);
        }
        let (id, title) = (uuid::Uuid::new_v4().to_string(), threads::title_of(text));
        let (lesson, now) = (request.surrounding.lesson.clone(), self.now());
        let made = id.clone();
        self.with_store(move |store| {
            store.begin_thread(&made, &lesson.course, &lesson.lesson, &title, now)
        })
        .await?;
        self.thread_row(id).await
    }
}

/// What is asked, in words.
struct Asked {
    text: String,
    /// The question that is answered once more.
    again: Option<String>,
}

impl Asked {
    /// The learner's message to write down; none when an old one is answered again.
    fn question(
        &self,
        request: &AskStart,
        thread: &ThreadRow,
        now: ha_store::Timestamp,
    ) -> Option<NewMessage> {
        self.again.is_none().then(|| NewMessage {
            id: uuid::Uuid::new_v4().to_string(),
            thread: thread.id.clone(),
            parent: request.after.clone(),
            role: MessageRole::User,
            status: MessageStatus::Done,
            created_at: now,
            about: About::of(request.kind).json(),
            parts: parts_json(&said(&self.text)),
            words: self.text.clone(),
        })
    }
}

fn asked(request: &AskStart, branch: &[&MessageRow], prompts: &Prompts) -> ApiResult<Asked> {
    if request.again {
        let last = branch.last().filter(|row| row.role == MessageRole::User);
        let Some(last) = last else {
            return Err(ApiError::invalid("only a question is answered again"));
        };
        return Ok(Asked {
            text: words(&parts(last)),
            again: Some(last.id.clone()),
        });
    }
    let own = request.text.trim();
    let place = request.surrounding.cursor.as_ref();
    let place = place.map(|at| format!("{}:{}", at.path, at.line));
    let text = match (own, prompts::of_kind(request.kind)) {
        ("", None) => return Err(ApiError::invalid("there is no question")),
        ("", Some(name)) => prompts.filled(name, &[("place", &place.unwrap_or_default())]),
        (own, _) => own.to_string(),
    };
    Ok(Asked { text, again: None })
}

/// The request. What never changes comes first, so that the service finds it in its cache.
fn chat(
    ai: &AiSettings,
    prompts: &Prompts,
    context: &Context,
    rung: Option<Rung>,
    asked: &Asked,
    branch: &[&MessageRow],
    thread: Option<&ThreadRow>,
) -> ApiResult<ChatRequest> {
    let Some(model) = service::model(ai) else {
        let message = "no model is chosen; the settings list those of the service";
        return Err(ApiError::new(ErrorCode::AiSettings, message));
    };
    let style = match ai.style {
        TutorStyle::Socratic => "socratic",
        TutorStyle::Direct => "direct",
    };
    let older = match asked.again {
        Some(_) => &branch[..branch.len() - 1],
        None => branch,
    };
    let mut messages = vec![Message::System(prompts.filled("tutor", &[]))];
    messages.extend(rounds::history(older, thread));
    let mut rules = prompts.filled(style, &[]);
    if let Some(rung) = rung {
        rules = format!("{rules}\n{}", prompts.filled(prompts::of_rung(rung), &[]));
    }
    let context = context.text();
    messages.push(Message::User(format!(
        "{context}\n{}\n\n{rules}",
        asked.text
    )));
    Ok(ChatRequest {
        model,
        messages,
        thinking: if ai.thinking {
            Thinking::On
        } else {
            Thinking::Off
        },
        max_tokens: Some(if ai.thinking {
            THOUGHTFUL_TOKENS
        } else {
            ANSWER_TOKENS
        }),
        ..ChatRequest::default()
    })
}

fn refuse_hostile(request: &AskStart) -> ApiResult<()> {
    if request.text.len() > MAX_TEXT {
        return Err(ApiError::invalid("a question is at most 16 KiB"));
    }
    let files = &request.surrounding.files;
    let size: usize = files.iter().map(|file| file.text.len()).sum();
    if size > Limits::MAX_SOURCE_BYTES || files.len() > Limits::MAX_FILES {
        let message = "a program is at most 64 files and 1 MiB";
        return Err(ApiError::new(ErrorCode::SourceTooLarge, message));
    }
    let thread = request.thread.as_ref();
    if thread.is_none() && (request.after.is_some() || request.again) {
        return Err(ApiError::invalid("a new conversation follows nothing"));
    }
    Ok(())
}

impl StreamEvent for AskEvent {
    fn weight(&self) -> usize {
        match self {
            AskEvent::Thinking { text } => text.len(),
            AskEvent::Text {
                sealed, growing, ..
            } => sealed.len() + growing.len(),
            _ => 0,
        }
    }

    fn is_terminal(&self) -> bool {
        matches!(self, AskEvent::Finished { .. } | AskEvent::Failed { .. })
    }

    fn merge(&mut self, next: Self) -> Option<Self> {
        match (self, next) {
            (AskEvent::Thinking { text }, AskEvent::Thinking { text: more }) => {
                text.push_str(&more);
                None
            }
            (
                AskEvent::Text {
                    sealed,
                    growing,
                    has_math,
                    words,
                },
                AskEvent::Text {
                    sealed: more,
                    growing: newest,
                    has_math: math,
                    words: new,
                },
            ) => {
                sealed.push_str(&more);
                words.push_str(&new);
                *growing = newest;
                *has_math |= math;
                None
            }
            (_, next) => Some(next),
        }
    }
}
