//! `helloagents check-code`: what programs are about to use, without running them.

use crate::say::{self, complain, say};
use clap::Args;
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
    say!(
        "{}:{}:{}: {} ({}): {}",
        found.file,
        found.line,
        found.column,
        action(found),
        found.name,
        found.reason
    );
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
