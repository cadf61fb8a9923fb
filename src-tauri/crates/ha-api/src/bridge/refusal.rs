//! Why a call of a program gets no reply, in the words of whoever wrote the program.

use crate::wire::Language;
use ha_llm::{LlmError, Unrecorded};
use serde_json::{Value, json};

/// Why a call is refused. Becomes an exception inside the program.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Nobody answers for a model here.
    NoModel,
    /// The cassette has nothing that fits.
    NoRecording(Unrecorded),
    /// The run made as many calls as it may.
    CallLimit(u32),
    /// The run used as many tokens as it may.
    TokenLimit(u32),
    /// The call is not what it should be.
    BadRequest(String),
    /// The month's cap is reached.
    SpendingLimit,
    /// The service did not answer.
    Service(LlmError),
    /// Somebody asked for a fault.
    Fault,
    /// The lesson does not offer this tool, or the learner does not allow it; the reason in both
    /// languages, Chinese first.
    NotAllowed([String; 2]),
    /// There is no such tool.
    UnknownTool(String),
    /// The tool cannot do anything with these arguments.
    BadArguments([String; 2]),
    /// The run forks from an older one, which asked something else here.
    Elsewhere {
        /// Around the first difference, in the JSON of chat completions; empty when nothing more was
        /// asked.
        then: String,
        now: String,
    },
    /// The run forks at this tool, and the model is not told what it said word for word.
    NotTold(String),
    /// What the older run got.
    Again { code: String, message: String },
}

impl From<LlmError> for Refusal {
    fn from(error: LlmError) -> Refusal {
        Refusal::Service(error)
    }
}

impl Refusal {
    /// The last piece of an answer.
    pub(crate) fn answer(&self, language: Language) -> Value {
        json!({ "error": {
            "code": self.code(),
            "message": self.message(language),
            "status": self.status(),
            "detail": self.detail(),
        }})
    }

    /// The stable name that the program's exceptions go by.
    pub(crate) fn code(&self) -> &str {
        match self {
            Refusal::Elsewhere { .. } | Refusal::NotTold(_) => "no_fork",
            Refusal::Again { code, .. } => code,
            Refusal::NoModel => "no_model",
            Refusal::NoRecording(_) => "no_recording",
            Refusal::CallLimit(_) => "call_limit",
            Refusal::TokenLimit(_) => "token_limit",
            Refusal::BadRequest(_) => "bad_request",
            Refusal::SpendingLimit => "spending_limit",
            Refusal::Service(error) => service_code(error).0,
            Refusal::Fault => "service",
            Refusal::NotAllowed(_) => "not_allowed",
            Refusal::UnknownTool(_) => "unknown_tool",
            Refusal::BadArguments(_) => "bad_arguments",
        }
    }

    fn status(&self) -> Option<u16> {
        match self {
            Refusal::BadRequest(_) => Some(400),
            Refusal::NoRecording(_) => Some(404),
            Refusal::Service(error) => service_code(error).1,
            Refusal::Fault => Some(500),
            Refusal::Again { code, .. } => status_of(code),
            Refusal::Elsewhere { .. }
            | Refusal::NotTold(_)
            | Refusal::NoModel
            | Refusal::CallLimit(_)
            | Refusal::TokenLimit(_)
            | Refusal::SpendingLimit
            | Refusal::NotAllowed(_)
            | Refusal::UnknownTool(_)
            | Refusal::BadArguments(_) => None,
        }
    }

    pub(crate) fn message(&self, language: Language) -> String {
        match language {
            Language::Zh => self.chinese(),
            Language::En => self.english(),
        }
    }

    fn english(&self) -> String {
        match self {
            Refusal::NoModel => "no model answers here: there are no recorded replies, and the \
                live model is not switched on"
                .into(),
            Refusal::NoRecording(unrecorded) => nearest_in(
                unrecorded,
                "no recorded reply fits this request",
                |line, at| {
                    format!(
                        "The nearest recorded one (line {line} of cassette.toml) differs in {at}:"
                    )
                },
                |number, role| format!("message {number} ({role})"),
                "the tools",
            ),
            Refusal::CallLimit(most) => format!(
                "this run asked the model {most} times, and that is the most it may: does a loop not end?"
            ),
            Refusal::TokenLimit(most) => {
                format!("this run used {most} tokens, and that is the most it may")
            }
            Refusal::BadRequest(reason) => format!("the request cannot be understood: {reason}"),
            Refusal::SpendingLimit => {
                "the month's cap is reached; the settings have it under AI".into()
            }
            Refusal::Service(error) => match error.words() {
                "" => error.to_string(),
                words => format!("{error}: {words}"),
            },
            Refusal::Fault => "the service has a fault of its own (500), on purpose".into(),
            Refusal::UnknownTool(name) => format!("there is no tool {name:?} on this side"),
            Refusal::NotAllowed([_, english]) | Refusal::BadArguments([_, english]) => {
                english.clone()
            }
            Refusal::Elsewhere { then, now } => {
                let then = or(then, "(nothing more)");
                format!(
                    "this run forks from an older one, and went another way before the fork: what was \
                     asked then has no place here. Fork with the code of that run, or run anew.\n  \
                     then: {then}\n  now:  {now}"
                )
            }
            Refusal::NotTold(tool) => format!(
                "the program does not tell the model word for word what {tool} said, so there is \
                 nothing to replace: fork at the next call of the model and change its prompt"
            ),
            Refusal::Again { message, .. } => message.clone(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Refusal::NoModel => "这里没有模型可以回答：没有录好的回复，也没有打开真实模型".into(),
            Refusal::NoRecording(unrecorded) => nearest_in(
                unrecorded,
                "没有哪条录好的回复对得上这次请求",
                |line, at| format!("最接近的一条（cassette.toml 第 {line} 行）在{at}不一样："),
                |number, role| format!("第 {number} 条消息（{role}）"),
                "工具",
            ),
            Refusal::CallLimit(most) => {
                format!("这次运行已经问了模型 {most} 次，到上限了：是不是有个循环停不下来？")
            }
            Refusal::TokenLimit(most) => format!("这次运行已经用了 {most} 个 token，到上限了"),
            Refusal::BadRequest(reason) => format!("看不懂这个请求：{reason}"),
            Refusal::SpendingLimit => "这个月的花费到上限了，可以在设置的「AI」里调整".into(),
            Refusal::Service(error) => match error.words() {
                "" => service_chinese(error).into(),
                words => format!("{}：{words}", service_chinese(error)),
            },
            Refusal::Fault => "服务自己出错了（500），这次是故意的".into(),
            Refusal::UnknownTool(name) => format!("这边没有叫 {name} 的工具"),
            Refusal::NotAllowed([chinese, _]) | Refusal::BadArguments([chinese, _]) => {
                chinese.clone()
            }
            Refusal::Elsewhere { then, now } => {
                let then = or(then, "（没有再问）");
                format!(
                    "这次运行是从以前的一次分叉出来的，可是还没走到分叉的那一步，程序问的就不一样了，\
                     以前的回答接不上。请用那次的代码来分叉，或者直接重新运行。\n  那次：{then}\n  这次：{now}"
                )
            }
            Refusal::NotTold(tool) => format!(
                "程序没有把 {tool} 的结果原样告诉模型，所以没有地方可以替换：请在下一次模型调用那里分叉，改它的提示词"
            ),
            Refusal::Again { message, .. } => message.clone(),
        }
    }

    fn detail(&self) -> Value {
        let Refusal::NoRecording(Unrecorded {
            nearest: Some(near),
        }) = self
        else {
            return Value::Null;
        };
        json!({
            "nearest_line": near.line,
            "message": near.message,
            "role": near.role,
            "diff": near.diff,
        })
    }
}

fn or<'t>(text: &'t str, nothing: &'t str) -> &'t str {
    match text {
        "" => nothing,
        text => text,
    }
}

/// The HTTP status that goes with a name, for an error that was kept by its name.
fn status_of(code: &str) -> Option<u16> {
    Some(match code {
        "bad_request" => 400,
        "unauthorized" => 401,
        "balance" => 402,
        "no_recording" => 404,
        "rate_limited" => 429,
        "service" => 500,
        "overloaded" => 503,
        _ => return None,
    })
}

/// The name of a service's error inside the program, and its HTTP status where it has one.
fn service_code(error: &LlmError) -> (&'static str, Option<u16>) {
    match error {
        LlmError::NoKey | LlmError::BadSettings(_) | LlmError::KeyInTheClear => ("no_model", None),
        LlmError::TooFast { .. } | LlmError::TooManyAtOnce | LlmError::RateLimited { .. } => {
            ("rate_limited", Some(429))
        }
        LlmError::Paused { .. } | LlmError::Overloaded { .. } => ("overloaded", Some(503)),
        LlmError::KeyRefused => ("unauthorized", Some(401)),
        LlmError::NoBalance => ("balance", Some(402)),
        LlmError::Forbidden(_) => ("bad_request", Some(403)),
        LlmError::NotFound(_) => ("bad_request", Some(404)),
        LlmError::InvalidParameters(_) => ("bad_request", Some(422)),
        LlmError::BadRequest(_) | LlmError::ContextTooLong | LlmError::RequestTooLarge { .. } => {
            ("bad_request", Some(400))
        }
        LlmError::Unreachable | LlmError::Untrusted | LlmError::ProxyFailed => {
            ("unreachable", None)
        }
        LlmError::TimedOut(_) => ("timeout", None),
        LlmError::ShuttingDown => ("cancelled", None),
        LlmError::UnexpectedStatus(status) => ("service", Some(*status)),
        LlmError::ServiceFault(_) => ("service", Some(500)),
        LlmError::Cut | LlmError::Malformed(_) | LlmError::ReplyTooLarge { .. } => {
            ("service", None)
        }
    }
}

fn service_chinese(error: &LlmError) -> &'static str {
    match service_code(error).0 {
        "no_model" => "真实模型还不能用：请在设置的「AI」里填好密钥和地址",
        "rate_limited" => "问得太快了，服务要我们慢一点（429）",
        "overloaded" => "服务太忙了，过一会儿再试（503）",
        "unauthorized" => "服务不认这个密钥（401）",
        "balance" => "账户里没有余额了（402）",
        "bad_request" => "服务不接受这个请求",
        "unreachable" => "连不上服务",
        "timeout" => "服务没有及时回答",
        "cancelled" => "应用正在关闭",
        _ => "服务自己出错了",
    }
}

/// The sentence, where the nearest differs, and the difference.
fn nearest_in(
    unrecorded: &Unrecorded,
    sentence: &str,
    intro: impl Fn(u32, &str) -> String,
    message: impl Fn(usize, &str) -> String,
    tools: &str,
) -> String {
    let Some(near) = &unrecorded.nearest else {
        return sentence.into();
    };
    let place = match near.message {
        Some(at) => message(at + 1, &near.role),
        None => tools.into(),
    };
    let intro = intro(near.line, &place);
    format!("{sentence}\n{intro}\n{}", near.diff.join("\n"))
}
