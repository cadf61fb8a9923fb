//! What went wrong on our side, for people. The core says it in English, and in Chinese where an author
//! or whoever was given a course has to act on it; for the rest, a sentence stands here in Chinese:
//! what happened and what to do, with the core's own words behind it.

use crate::say::language;
use ha_api::wire::Language;
use ha_api::{ApiError, ErrorCode, request_words};
use ha_sandbox::RunError;

/// An error of a use case.
pub(crate) fn told(error: &ApiError) -> String {
    in_language(error, language())
}

fn in_language(error: &ApiError, language: Language) -> String {
    match (language, &error.message_zh) {
        (Language::En, _) => error.message.clone(),
        (Language::Zh, Some(message)) => message.clone(),
        (Language::Zh, None) => format!("{}（{}）", in_chinese(error.code), error.message),
    }
}

/// An engine that did not run a program.
pub(crate) fn told_of_run(error: &RunError) -> String {
    let what = match (language(), error) {
        (Language::En, _) => return error.to_string(),
        (_, RunError::Refused(refused)) => return request_words(refused).zh,
        (_, RunError::Unavailable(_)) => in_chinese(ErrorCode::EngineUnavailable),
        (_, RunError::Language(_)) => in_chinese(ErrorCode::LanguageUnavailable),
        (_, RunError::Lost(_)) => in_chinese(ErrorCode::EngineLost),
    };
    format!("{what}（{error}）")
}

fn in_chinese(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::InvalidRequest => "这个操作超出了限制",
        ErrorCode::CourseNotFound => "没有这门课程",
        ErrorCode::LessonNotFound => "课程里没有这一课",
        ErrorCode::LessonBroken => "这一课的文件读不出来，请告诉课程作者",
        ErrorCode::HistoryNotFound => "历史里已经没有这一条了",
        ErrorCode::CannotFork => "从这一步分叉不了，请直接重新运行",
        ErrorCode::NotYourCourse => "这门课不是你的，什么都没有改动",
        ErrorCode::SourceTooLarge => "文件太大，运行不了，请改小一些",
        ErrorCode::SourceNotText => "有个文件不是文本，请删掉里面的异常字符",
        ErrorCode::RunNotFound => "这次运行已经结束",
        ErrorCode::TooManyRuns => "同时运行的程序太多了，请先停掉一个",
        ErrorCode::EngineUnavailable => "引擎现在不能运行程序",
        ErrorCode::LanguageUnavailable => "现在运行不了这种语言的程序",
        ErrorCode::EngineLost => "引擎意外停止了，请再运行一次",
        ErrorCode::StoreCorrupt => "学习数据损坏了，文件原样保留着",
        ErrorCode::StoreNewer => "学习数据来自更新的版本，请更新 HelloAgents",
        ErrorCode::StoreUnwritable => "数据文件夹写不进去，请检查权限",
        ErrorCode::StoreBusy => "数据正被另一个程序占用，请关掉它再试",
        ErrorCode::StoreFull => "磁盘满了，请腾出一些空间再试",
        ErrorCode::ThreadNotFound => "这个对话已经不在了",
        ErrorCode::AiSettings => "AI 设置有问题，请看看地址、代理、模型和密钥",
        ErrorCode::AiNoKey => {
            "这个服务需要密钥：在窗口的“设置 › AI”里填写，或者设置环境变量 HELLOAGENTS_API_KEY"
        }
        ErrorCode::AiCapReached => "这个月的上限到了，请在“设置 › AI”里调高，或者等到下个月",
        ErrorCode::AiBadRequest => "服务看不懂这个请求，请核对“设置 › AI”里的服务商",
        ErrorCode::AiKeyRefused => "服务不认这个密钥，请到服务商的网页重新复制",
        ErrorCode::AiNoBalance => "账户里没有余额了，充值以后就能继续",
        ErrorCode::AiForbidden => "服务不允许，请换一个模型，或者问问给你密钥的人",
        ErrorCode::AiNotFound => "那里没有这个地址或模型，请在“设置 › AI”里换一个",
        ErrorCode::AiInvalidParameters => "服务不接受这个请求，请换一个模型",
        ErrorCode::AiRateLimited => "问得太频繁了，请等一会儿再问",
        ErrorCode::AiServiceFault => "服务自己出了故障，请过一会儿再问",
        ErrorCode::AiOverloaded => "服务太忙了，请过几分钟再问",
        ErrorCode::AiPaused => "服务连续失败了好几次，先停一会儿，请稍后再问",
        ErrorCode::AiTooLong => "内容超出了模型的长度，请问得短一些",
        ErrorCode::AiUnreachable => "连不上服务，请检查网络、地址和代理",
        ErrorCode::AiUntrusted => "这个连接不可信，什么都没有发出去，请核对地址",
        ErrorCode::AiTimedOut => "等了太久没有回答，请再问一次",
        ErrorCode::AiCut => "回答中途断了，请再问一次",
        ErrorCode::AiMalformed => "收到的不是回答，请核对“设置 › AI”里的地址",
        ErrorCode::FileUnreadable => "读不到这个文件",
        ErrorCode::NotABundle => "这不是课程文件，也不是代码文件",
        ErrorCode::BundleDamaged => "文件不完整，请重新下载",
        ErrorCode::BundleRefused => "这个文件不能放进来",
        ErrorCode::BundleChanged => "有人改过这个文件，不要用它",
        ErrorCode::NewerAppNeeded => "要用更新的 HelloAgents 打开",
        ErrorCode::SignerChanged => "这门课不是预想的人签的，请先问清楚作者",
        ErrorCode::BundleReplaced => "文件换过了，请再看一遍里面是什么",
        ErrorCode::CannotPack => "现在还不能打包",
        ErrorCode::KeyringLocked => "系统的钥匙串没有打开，请解锁后再试",
        ErrorCode::SaveFailed => "文件没能保存，请看看磁盘空间和权限",
        ErrorCode::Internal => "HelloAgents 自己出了问题",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ha_api::said;

    #[test]
    fn what_the_core_said_in_both_languages_is_said_in_each() {
        let error = ApiError::said(ErrorCode::NotABundle, said!("不是", "it is none"));
        assert_eq!(in_language(&error, Language::Zh), "不是");
        assert_eq!(in_language(&error, Language::En), "it is none");
    }

    #[test]
    fn what_it_said_in_english_stands_behind_what_to_do() {
        let error = ApiError::new(ErrorCode::AiNoBalance, "no balance (402)");
        assert_eq!(
            in_language(&error, Language::Zh),
            "账户里没有余额了，充值以后就能继续（no balance (402)）"
        );
        assert_eq!(in_language(&error, Language::En), "no balance (402)");
    }
}
