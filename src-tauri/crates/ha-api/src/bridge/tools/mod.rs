//! Tools of the host that a lesson may offer to its agents.
//!
//! What stays on this machine (search over the courses, the calculator, the lesson's own data) needs
//! no more than the lesson's word. What leaves it needs the author's signature and the learner's leave.

mod calculator;
mod data;
mod search;

use super::refusal::Refusal;
use crate::wire::Language;
use ha_course::{Agent, Course};
use ha_llm::{WebError, WebReader};
use ha_sandbox::SourceFile;
use serde_json::{Value, json};
use std::sync::Arc;

/// The tools that a lesson can name.
pub(crate) const NAMES: [&str; 4] = ["search", "calculator", "data", "http_get"];
/// Sections that a search gives, where the program asks for no number.
const FOUND: u64 = 5;

/// What tools a run has.
#[derive(Clone, Default)]
pub(crate) struct HostTools {
    /// Those that the lesson names.
    pub(crate) offered: Vec<String>,
    /// The lesson's data files.
    pub(crate) data: Arc<Vec<SourceFile>>,
    /// The installed courses.
    pub(crate) courses: Arc<Vec<Course>>,
    /// Hosts that may be asked.
    pub(crate) hosts: Vec<String>,
    /// Why none may, in both languages, Chinese first.
    pub(crate) closed: Option<[String; 2]>,
}

impl std::fmt::Debug for HostTools {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "HostTools({:?})", self.offered)
    }
}

impl HostTools {
    /// Those that need nothing but the lesson: what checks have, which are the same everywhere.
    pub(crate) fn offline(agent: &Agent, data: &[SourceFile]) -> HostTools {
        let closed = [
            "检查时不访问网络；可以把回答录进 cassette.toml",
            "checks do not reach the network; cassette.toml can hold the answers",
        ];
        HostTools {
            offered: agent.tools.clone(),
            data: Arc::new(data.to_vec()),
            closed: Some(closed.map(String::from)),
            ..HostTools::default()
        }
    }

    /// Whether a tool may be used at all. A recorded answer reaches nobody, so it always may.
    pub(super) fn allow(&self, name: &str, is_recorded: bool) -> Result<(), Refusal> {
        if !NAMES.contains(&name) {
            return Err(Refusal::UnknownTool(name.into()));
        }
        if !self.offered.iter().any(|offered| offered == name) {
            return Err(Refusal::NotAllowed([
                format!("这节课没有提供工具 {name}"),
                format!("this lesson does not offer the tool {name:?}"),
            ]));
        }
        match (&self.closed, name) {
            (Some(reason), "http_get") if !is_recorded => Err(Refusal::NotAllowed(reason.clone())),
            _ => Ok(()),
        }
    }

    /// Uses a tool that is allowed.
    pub(super) async fn call(
        &self,
        name: &str,
        arguments: &Value,
        language: Language,
    ) -> Result<Value, Refusal> {
        match name {
            "search" => self.search(arguments, language).await,
            "calculator" => {
                let value = calculator::calculate(text(arguments, "expression")?);
                value.map(number).map_err(|reason| {
                    let chinese = format!("算不出来：{reason}");
                    Refusal::BadArguments([chinese, format!("cannot work this out: {reason}")])
                })
            }
            "data" => self.data(arguments),
            "http_get" => {
                let url = text(arguments, "url")?;
                let page = WebReader::of_this_machine().get(url, &self.hosts).await;
                page.map(|page| json!({ "status": page.status, "text": page.text }))
                    .map_err(|error| web_refusal(&error))
            }
            _ => Err(Refusal::UnknownTool(name.into())),
        }
    }

    async fn search(&self, arguments: &Value, language: Language) -> Result<Value, Refusal> {
        let query = text(arguments, "query")?.to_string();
        let limit = arguments.get("limit").and_then(Value::as_u64);
        let limit = limit.unwrap_or(FOUND) as usize;
        let courses = Arc::clone(&self.courses);
        let language = crate::lessons::course_language(language);
        let work = move || search::search(&courses, language, &query, limit);
        let found = tokio::task::spawn_blocking(work).await;
        Ok(found.unwrap_or_else(|panic| {
            tracing::error!(%panic, "the search over the courses broke");
            json!([])
        }))
    }

    fn data(&self, arguments: &Value) -> Result<Value, Refusal> {
        let name = text(arguments, "file")?;
        let found = self.data.iter().find(|file| {
            file.path == name
                || file
                    .path
                    .strip_prefix("data/")
                    .is_some_and(|bare| bare == name)
        });
        let Some(file) = found else {
            return Err(Refusal::BadArguments([
                format!("这节课没有数据文件 {name}"),
                format!("the lesson has no data file {name:?}"),
            ]));
        };
        let text = String::from_utf8_lossy(&file.bytes);
        let document = serde_json::from_str(&text).unwrap_or_else(|_| Value::from(&*text));
        let wanted = arguments.get("where").unwrap_or(&Value::Null);
        Ok(data::select(&document, wanted))
    }
}

fn text<'a>(arguments: &'a Value, name: &str) -> Result<&'a str, Refusal> {
    let value = arguments.get(name).and_then(Value::as_str);
    value.ok_or_else(|| {
        Refusal::BadArguments([
            format!("缺少参数 {name}，它应当是一段文字"),
            format!("the argument {name:?} is missing, or no text"),
        ])
    })
}

/// Whole numbers without a point, as people write them.
fn number(value: f64) -> Value {
    let whole = value.fract() == 0.0 && value.abs() < 9e15;
    match whole {
        true => (value as i64).into(),
        false => value.into(),
    }
}

fn web_refusal(error: &WebError) -> Refusal {
    let chinese = match error {
        WebError::BadAddress => "这不是一个 http(s) 网址",
        WebError::HostNotAllowed => "这节课没有说可以访问这个主机",
        WebError::PrivateAddress => "这个地址在本机或内网里，不能访问",
        WebError::TooManyRedirects => "转来转去太多次了",
        WebError::TooLarge => "页面太大了",
        WebError::NotText => "那里的内容不是文字",
        WebError::TimedOut => "没有及时回答",
        WebError::Unreachable => "连不上那个主机",
    };
    let words = [chinese.to_string(), error.to_string()];
    match error {
        WebError::BadAddress | WebError::HostNotAllowed | WebError::PrivateAddress => {
            Refusal::NotAllowed(words)
        }
        _ => Refusal::BadArguments(words),
    }
}
