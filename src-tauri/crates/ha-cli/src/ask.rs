//! `helloagents ask`: a question to the tutor, its answer as it comes.
//!
//! With a lesson the tutor sees what the window would show it: the lesson, the learner's files, the
//! last run and check; the answer is kept in the lesson's conversations. Without one it is not kept.

use crate::engine::sandbox;
use crate::say::{self, complain, spoken};
use crate::{MACHINE_FAILED, now_ms};
use clap::Args;
use ha_api::wire::{
    AskEvent, AskKind, AskStart, FileOrigin, FileText, Language, LessonRef, MessageState,
    Surrounding, ToolKind, ToolState, ToolUse, TutorMessage, TutorPart,
};
use ha_api::{ApiError, ApiResult, App, ErrorCode, Places, Sink, said};
use std::io::{IsTerminal, Read};
use std::sync::Arc;
use tokio::sync::mpsc;

/// The service needs something of the learner first: a key, money, other settings.
const NEEDS_YOU: u8 = 3;
/// The service did not answer, or not whole; later it may.
const TRY_LATER: u8 = 4;
/// Somebody stopped it.
const STOPPED: u8 = 130;

/// Arguments of `ask`.
#[derive(Args)]
pub(crate) struct AskArguments {
    /// The question, or `-` for standard input.
    question: String,
    /// The lesson it is about, as COURSE/LESSON or, where only one course has it, LESSON.
    #[arg(long, value_name = "ID")]
    lesson: Option<String>,
    /// The language of the answer; the one of the settings when left out.
    #[arg(long, value_parser = ["zh", "en"])]
    language: Option<String>,
    /// Print one JSON object instead of the words.
    #[arg(long)]
    json: bool,
}

/// Asks and answers the exit code.
pub(crate) async fn ask(arguments: AskArguments, places: Places) -> u8 {
    let question = match words(&arguments.question) {
        Ok(question) => question,
        Err(error) => {
            complain!("helloagents: {error}");
            return 2;
        }
    };
    let runner = sandbox(&places);
    let app = App::open(places, runner, now_ms);
    let code = match asked(&app, &arguments, question).await {
        Ok(end) => told(end, arguments.json),
        Err(error) => failed(&error, None, arguments.json),
    };
    app.ai_shutdown().await;
    code
}

fn words(question: &str) -> std::io::Result<String> {
    if question != "-" {
        return Ok(question.to_owned());
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok(text)
}

/// How it ended.
enum End {
    Finished(Box<TutorMessage>),
    Failed(ApiError, Option<Box<TutorMessage>>),
}

async fn asked(app: &Arc<App>, arguments: &AskArguments, question: String) -> ApiResult<End> {
    let language = language(app, arguments).await;
    let ask_id = uuid::Uuid::new_v4().to_string();
    let (sender, events) = mpsc::unbounded_channel();
    let sink: Sink<AskEvent> = Box::new(move |batch| {
        for event in batch {
            sender.send(event).ok();
        }
    });
    match &arguments.lesson {
        None => {
            app.tutor_ask_once(&ask_id, question, language, sink)
                .await?
        }
        Some(id) => {
            let lesson = lesson(app, id).await?;
            let start = start(app, &ask_id, question, lesson, language).await?;
            app.tutor_ask(start, sink).await?;
        }
    }
    let stopping = Arc::clone(app);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stopping.tutor_stop(&ask_id);
        }
    });
    Ok(follow(events, arguments.json).await)
}

async fn language(app: &App, arguments: &AskArguments) -> Language {
    match arguments.language.as_deref() {
        Some("zh") => return Language::Zh,
        Some(_) => return Language::En,
        None => {}
    }
    let boot = app.boot().await;
    let chosen = boot.settings.content_language.or(boot.settings.ui_language);
    chosen.unwrap_or(boot.system_language)
}

/// The lesson of an id, with or without its course.
async fn lesson(app: &App, id: &str) -> ApiResult<LessonRef> {
    if let Some((course, lesson)) = id.split_once('/') {
        return Ok(LessonRef {
            course: course.into(),
            lesson: lesson.into(),
        });
    }
    let mut found = Vec::new();
    for course in app.home().await?.courses {
        let tree = app.course_tree(&course.id).await?;
        let lessons = tree.chapters.iter().flat_map(|chapter| &chapter.lessons);
        if lessons.into_iter().any(|lesson| lesson.id == id) {
            found.push(LessonRef {
                course: course.id,
                lesson: id.into(),
            });
        }
    }
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(ApiError::said(
            ErrorCode::LessonNotFound,
            said!("没有哪门课程有 {id} 这一课", "no course has a lesson {id}"),
        )),
        _ => Err(ApiError::said(
            ErrorCode::InvalidRequest,
            said!(
                "好几门课程都有 {id} 这一课；请写成 课程/{id}",
                "several courses have a lesson {id}; say COURSE/{id}"
            ),
        )),
    }
}

/// The question with what the window would show the tutor.
async fn start(
    app: &App,
    ask_id: &str,
    text: String,
    lesson: LessonRef,
    language: Language,
) -> ApiResult<AskStart> {
    let view = app.lesson_open(lesson.clone(), language).await?;
    let own = view
        .files
        .into_iter()
        .filter(|file| file.origin != FileOrigin::Data);
    Ok(AskStart {
        ask_id: ask_id.into(),
        thread: None,
        after: None,
        again: false,
        kind: AskKind::Question,
        text,
        surrounding: Surrounding {
            lesson,
            language,
            heading: None,
            files: own
                .map(|file| FileText {
                    path: file.path,
                    text: file.text,
                })
                .collect(),
            cursor: None,
        },
        without: Vec::new(),
    })
}

/// Passes the words on as they come, and answers the end.
async fn follow(mut events: mpsc::UnboundedReceiver<AskEvent>, json: bool) -> End {
    let mut shown = String::new();
    while let Some(event) = events.recv().await {
        match event {
            AskEvent::Text { words, .. } if !json => {
                pass(&words);
                shown.push_str(&words);
            }
            AskEvent::Tool { tool } if !json => looked_up(&tool, !shown.is_empty()),
            AskEvent::Withheld if !json => {
                note(&spoken!(
                    "它说得太多了，已让它重新回答",
                    "it said too much and is asked again"
                ));
                shown.clear();
            }
            AskEvent::Retrying { wait_ms } if !json => {
                note(&spoken!(
                    "服务没有回答；{:.1} 秒后再问",
                    "the service does not answer; asked again in {:.1} s",
                    wait_ms / 1e3
                ));
            }
            AskEvent::Finished { answer, .. } => {
                if !json {
                    rest(&shown, &answer.text);
                }
                return End::Finished(answer);
            }
            AskEvent::Failed { error, answer } => {
                if let (false, Some(answer)) = (json, &answer) {
                    rest(&shown, &answer.text);
                }
                return End::Failed(error, answer);
            }
            _ => {}
        }
    }
    End::Failed(
        ApiError::said(
            ErrorCode::Internal,
            said!("回答没有结尾就停了", "the answer ended without an end"),
        ),
        None,
    )
}

/// What is not shown yet. The last words are judged with the whole and may be others.
fn rest(shown: &str, whole: &str) {
    match whole.strip_prefix(shown) {
        Some(rest) => pass(rest),
        None => pass(&format!("\n\n{whole}")),
    }
    if !whole.is_empty() {
        pass("\n");
    }
}

/// A model's words are a stranger's: see [`say`].
fn pass(words: &str) {
    say::text(&mut std::io::stdout(), words);
}

/// Says what was looked up, once it is, beside the words: whoever reads those alone gets no line more.
fn looked_up(tool: &ToolUse, mid_answer: bool) {
    let (asked, count) = (&tool.asked, tool.places.len());
    let places = if count == 1 { "place" } else { "places" };
    let what = match (tool.kind, tool.state) {
        (_, ToolState::Running) => return,
        (_, ToolState::Failed) => spoken!("没能查“{asked}”", "could not look up “{asked}”"),
        (_, ToolState::Interrupted) => {
            spoken!("查“{asked}”中途停下了", "stopped looking up “{asked}”")
        }
        (ToolKind::SearchLessons, ToolState::Done) => match crate::say::language() {
            Language::Zh => format!("在课文里查了“{asked}”：{count} 处"),
            Language::En => format!("looked in the lessons for “{asked}”: {count} {places}"),
        },
        (ToolKind::ReadLesson, ToolState::Done) => spoken!("读了 {asked}", "read {asked}"),
        (ToolKind::ReadLesson, ToolState::Refused) => {
            spoken!("没有找到 {asked} 这一课", "found no lesson {asked}")
        }
        _ => spoken!(
            "要查的东西它查不了",
            "was asked for something it cannot look up"
        ),
    };
    // On a terminal both stand in the same lines.
    if mid_answer && std::io::stderr().is_terminal() {
        say::data(&mut std::io::stderr(), "\n");
    }
    complain!("helloagents: {what}");
}

/// For a person at a terminal; a pipe gets the words alone.
fn note(text: &str) {
    if std::io::stderr().is_terminal() {
        say::data(&mut std::io::stderr(), "\n");
        complain!("helloagents: {text}");
    }
}

fn told(end: End, json: bool) -> u8 {
    match end {
        End::Failed(error, answer) => failed(&error, answer.as_deref(), json),
        End::Finished(answer) => {
            let stopped = answer.state == MessageState::Stopped;
            if json {
                print_json(Some(&answer), None);
            } else if answer.cut {
                complain!(
                    "helloagents: 回答到了模型的长度上限，没有说完",
                    "helloagents: the answer reached the model's limit and is not whole"
                );
            }
            match (stopped, answer.cut) {
                (true, _) => STOPPED,
                (false, true) => 1,
                (false, false) => 0,
            }
        }
    }
}

fn failed(error: &ApiError, answer: Option<&TutorMessage>, json: bool) -> u8 {
    if json {
        print_json(answer, Some(error));
    } else {
        complain!("helloagents: {}", crate::failed::told(error));
    }
    exit_code(error.code)
}

fn exit_code(code: ErrorCode) -> u8 {
    match code {
        ErrorCode::InvalidRequest
        | ErrorCode::CourseNotFound
        | ErrorCode::LessonNotFound
        | ErrorCode::SourceTooLarge
        | ErrorCode::AiTooLong => 2,
        ErrorCode::AiSettings
        | ErrorCode::AiNoKey
        | ErrorCode::AiKeyRefused
        | ErrorCode::AiNoBalance
        | ErrorCode::AiCapReached
        | ErrorCode::AiForbidden
        | ErrorCode::AiNotFound
        | ErrorCode::AiBadRequest
        | ErrorCode::AiInvalidParameters
        | ErrorCode::AiUntrusted => NEEDS_YOU,
        ErrorCode::AiRateLimited
        | ErrorCode::AiPaused
        | ErrorCode::AiServiceFault
        | ErrorCode::AiOverloaded
        | ErrorCode::AiUnreachable
        | ErrorCode::AiTimedOut
        | ErrorCode::AiCut
        | ErrorCode::AiMalformed => TRY_LATER,
        _ => MACHINE_FAILED,
    }
}

fn print_json(answer: Option<&TutorMessage>, error: Option<&ApiError>) {
    let cost = answer.and_then(|answer| answer.cost.as_ref());
    let parts = answer.map_or(&[][..], |answer| &answer.parts);
    let thoughts = parts.iter().filter_map(|part| match part {
        TutorPart::Thinking { text } => Some(text.as_str()),
        _ => None,
    });
    let thinking: String = thoughts.collect::<Vec<_>>().join("\n\n");
    let object = serde_json::json!({
        "text": answer.map(|answer| &answer.text),
        "thinking": answer.map(|_| thinking),
        "parts": parts.iter().map(json_part).collect::<Vec<_>>(),
        "state": answer.map(|answer| answer.state),
        "whole": answer.is_some_and(|answer| !answer.cut && answer.state == MessageState::Done),
        "rung": answer.and_then(|answer| answer.rung),
        "model": answer.map(|answer| &answer.model),
        "tokens": cost.map(|cost| serde_json::json!({
            "input": cost.input as u64, "cached": cost.cached as u64, "output": cost.output as u64 })),
        "cost": cost.and_then(|cost| cost.money.as_ref()),
        "error": error,
    });
    say::object(&object);
}

/// A part as it stands in the object: words as Markdown, which the window's form leaves out.
fn json_part(part: &TutorPart) -> serde_json::Value {
    match part {
        TutorPart::Text { text, .. } => serde_json::json!({ "type": "text", "text": text }),
        TutorPart::Thinking { text } => serde_json::json!({ "type": "thinking", "text": text }),
        TutorPart::Tool { tool } => serde_json::json!({ "type": "tool", "tool": tool }),
    }
}
