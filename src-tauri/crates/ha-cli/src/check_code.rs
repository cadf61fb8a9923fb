//! `helloagents check-code`: what programs are about to use, without running them.

use crate::say::{self, complain, language, say};
use clap::Args;
use ha_api::wire::Language;
use ha_sandbox::SourceFile;
use ha_sandbox::policy::{Action, Finding, Policy, Rule, RuleId};
use std::path::{Path, PathBuf};

/// Arguments of `check-code`.
#[derive(Args)]
pub(crate) struct CheckCodeArguments {
    /// The Python files of one program.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A rule that the program must not break; may be given several times.
    #[arg(long, value_name = "RULE", value_parser = rule)]
    deny: Vec<RuleId>,
    /// A rule about which nothing is said; may be given several times.
    #[arg(long, value_name = "RULE", value_parser = rule)]
    allow: Vec<RuleId>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

fn rule(name: &str) -> Result<RuleId, String> {
    RuleId::named(name).ok_or_else(|| {
        let known = RuleId::ALL.map(RuleId::name).join(", ");
        format!("the rules are {known}")
    })
}

/// Checks the files and answers the exit code.
pub(crate) fn check_code(arguments: &CheckCodeArguments) -> u8 {
    // The files import each other by their names below the first one's folder.
    let folder = arguments.files.first().and_then(|file| file.parent());
    let folder = folder.unwrap_or(Path::new(""));
    let mut files = Vec::new();
    for file in &arguments.files {
        let path = file.strip_prefix(folder).unwrap_or(file);
        match std::fs::read(file) {
            Ok(bytes) => files.push(SourceFile {
                path: path.display().to_string(),
                bytes,
                read_only: false,
            }),
            Err(error) => {
                complain!("helloagents: {}: {error}", file.display());
                return 2;
            }
        }
    }
    let told = |rules: &[RuleId], action: Action| {
        let rule = move |id: &RuleId| Rule {
            id: *id,
            action,
            message: None,
        };
        rules.iter().map(rule).collect::<Vec<_>>()
    };
    let mut rules = told(&arguments.allow, Action::Allow);
    rules.extend(told(&arguments.deny, Action::Deny));
    let mut findings = Policy { rules }.check(&files);
    for found in &mut findings {
        let at = files.iter().position(|file| file.path == found.file);
        if let Some(file) = at.and_then(|at| arguments.files.get(at)) {
            found.file = file.display().to_string();
        }
    }
    match arguments.json {
        true => say::object(&json(&findings)),
        false => findings.iter().for_each(tell),
    }
    u8::from(findings.iter().any(|found| found.action == Action::Deny))
}

fn action(found: &Finding) -> &'static str {
    match found.action {
        Action::Deny => "denied",
        Action::Advise | Action::Allow => "advice",
    }
}

fn tell(found: &Finding) {
    let what = match (language(), found.action) {
        (Language::En, _) => action(found),
        (Language::Zh, Action::Deny) => "拒绝",
        (Language::Zh, Action::Advise | Action::Allow) => "提醒",
    };
    say!(
        "{}:{}:{}: {what} ({}): {}",
        found.file,
        found.line,
        found.column,
        found.name,
        reason(found, language())
    );
}

/// Why the platform speaks up. The rules say it in English themselves.
fn reason(found: &Finding, language: Language) -> &str {
    if language == Language::En {
        return &found.reason;
    }
    match found.rule {
        RuleId::Eval => {
            "eval 会把拿到的文字当成代码来执行：文字是谁写的，程序就听谁的。只是想读数据的话，用 json.loads 或 ast.literal_eval"
        }
        RuleId::Exec => {
            "exec 会把一段文字当成程序来运行：文字是谁写的，程序就听谁的。写成函数，或者把函数放进字典、按名字取用，一样能办到，还看得明白"
        }
        RuleId::Compile => "compile 会把文字变成可以执行的代码，这段代码做什么，由写文字的人决定",
        RuleId::Open => "程序在这里只能读写自己文件夹里的文件，写下的内容在运行结束后不会保留",
        RuleId::Import => {
            "用一段文字来指定要导入的模块，别人光看代码就不知道导入了什么。能写 import 的地方，就写 import"
        }
        RuleId::System | RuleId::Subprocess => {
            "这里要启动另一个程序，可是内置沙箱里没有别的程序，运行到这里会失败"
        }
        RuleId::Ctypes => "内置沙箱不能加载 Python 以外的本机代码",
        RuleId::Socket => "这里需要联网，而内置沙箱里没有网络",
    }
}

fn json(findings: &[Finding]) -> serde_json::Value {
    let object = |found: &Finding| {
        serde_json::json!({
            "file": found.file,
            "line": found.line,
            "column": found.column,
            "end_line": found.end_line,
            "end_column": found.end_column,
            "rule": found.rule.name(),
            "name": found.name,
            "action": action(found),
            "reason": found.reason,
        })
    };
    serde_json::json!({ "findings": findings.iter().map(object).collect::<Vec<_>>() })
}
