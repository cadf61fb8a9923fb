//! What the manifest says of one lesson beside its name and folder: where the text lies, what comes
//! before it, what its programs need, when the solution may be seen.

use crate::folder::is_plain_path;
use crate::model::{Agent, Course, Needs, ProgramLanguage, SolutionRule, Texts};
use crate::toml_text::TomlText;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::DeTable;

/// What the manifest may say of a lesson.
pub(crate) const KEYS: [&str; 12] = [
    "id",
    "path",
    "text",
    "title",
    "minutes",
    "license",
    "prerequisites",
    "language",
    "needs",
    "agent",
    "solution_after",
    "code_check",
];
/// What it may say of a lesson's needs.
pub(crate) const NEEDS_KEYS: [&str; 4] = ["docker", "model", "network", "packages"];

/// `text = { zh = "…", en = "…" }`: files of the course.
pub(crate) fn texts(toml: &mut TomlText<'_>, table: &DeTable<'_>) -> Option<Texts> {
    let inner = toml.table(table, "text")?;
    toml.expect_keys(inner, &["zh", "en"]);
    let mut file = |name: &str| {
        let file = toml.string(inner, name)?;
        if is_plain_path(&file) && file.ends_with(".md") {
            return Some(file);
        }
        let at = inner.get(name).map(Spanned::span);
        let reason = said!(
            "text {file:?} 必须是课程里的一个 Markdown 文件，用 / 分隔",
            "text {file:?} must be a Markdown file inside the course, written with /"
        );
        toml.problem(at, reason);
        None
    };
    let texts = Texts {
        zh: file("zh"),
        en: file("en"),
    };
    (texts.zh.is_some() || texts.en.is_some()).then_some(texts)
}

/// `language = "javascript"`: what the lesson's program is written in.
pub(crate) fn language(toml: &mut TomlText<'_>, table: &DeTable<'_>) -> ProgramLanguage {
    let Some(name) = toml.string(table, "language") else {
        return ProgramLanguage::Python;
    };
    let known = ProgramLanguage::ALL
        .into_iter()
        .find(|known| known.name() == name);
    known.unwrap_or_else(|| {
        let at = table.get("language").map(Spanned::span);
        let names = ProgramLanguage::ALL.map(|known| format!("{:?}", known.name()));
        let reason = said!(
            "`language` 只能是 {} 之一",
            "`language` must be one of {}",
            names.join(", ")
        );
        toml.problem(at, reason);
        ProgramLanguage::Python
    })
}

/// The table `needs`.
pub(crate) fn needs(toml: &mut TomlText<'_>, table: &DeTable<'_>) -> Needs {
    let Some(table) = toml.table(table, "needs") else {
        return Needs::default();
    };
    toml.expect_keys(table, &NEEDS_KEYS);
    Needs {
        docker: toml.flag(table, "docker"),
        model: toml.flag(table, "model"),
        network: toml.strings(table, "network").unwrap_or_default(),
        packages: toml.strings(table, "packages").unwrap_or_default(),
    }
}

/// What it may say of its agents.
pub(crate) const AGENT_KEYS: [&str; 4] = ["calls", "tokens", "tools", "hosts"];

/// The table `agent`.
pub(crate) fn agent(toml: &mut TomlText<'_>, table: &DeTable<'_>) -> Agent {
    let Some(table) = toml.table(table, "agent") else {
        return Agent::default();
    };
    toml.expect_keys(table, &AGENT_KEYS);
    let hosts = toml.placed_strings(table, "hosts").unwrap_or_default();
    let (hosts, addresses): (Vec<_>, Vec<_>) =
        hosts.into_iter().partition(|host| is_host(host.get_ref()));
    for address in addresses {
        let host = address.get_ref();
        let reason = said!(
            "主机 {host:?} 要写成 \"api.example.com\" 这样的名字，不带协议、路径，也不能是数字地址",
            "host {host:?} must be a name like \"api.example.com\": no scheme, no path, no number"
        );
        toml.problem(Some(address.span()), reason);
    }
    Agent {
        calls: toml.number(table, "calls"),
        tokens: toml.number(table, "tokens"),
        tools: toml.strings(table, "tools").unwrap_or_default(),
        hosts: hosts.into_iter().map(Spanned::into_inner).collect(),
    }
}

/// A name with a dot, in lower case; an address in numbers has no name that somebody could judge.
fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.contains('.')
        && host.split('.').all(is_label)
        && !last.bytes().all(|byte| byte.is_ascii_digit())
}

/// `solution_after = "passed"`, `"always"`, `"never"` or a number of failed checks.
pub(crate) fn solution_rule(toml: &mut TomlText<'_>, table: &DeTable<'_>) -> SolutionRule {
    let Some(value) = table.get("solution_after") else {
        return SolutionRule::Passed;
    };
    let number = value.get_ref().as_integer();
    match (value.get_ref().as_str(), number) {
        (Some("passed"), _) => SolutionRule::Passed,
        (Some("always"), _) => SolutionRule::Always,
        (Some("never"), _) => SolutionRule::Never,
        (_, Some(_)) => SolutionRule::Failed(toml.number(table, "solution_after").unwrap_or(1)),
        _ => {
            let reason = said!(
                "`solution_after` 只能是 \"passed\"、\"always\"、\"never\"，或者检查失败的次数",
                "`solution_after` must be \"passed\", \"always\", \"never\" or a number of failed checks"
            );
            toml.problem(Some(value.span()), reason);
            SolutionRule::Passed
        }
    }
}

/// Tells prerequisites that lead nowhere or round in a circle.
pub(crate) fn check_prerequisites(toml: &mut TomlText<'_>, table: &DeTable<'_>, course: &Course) {
    let before: BTreeMap<&str, &[String]> = course
        .lessons()
        .map(|lesson| (lesson.id.as_str(), lesson.prerequisites.as_slice()))
        .collect();
    let at = table.get("chapter").map(Spanned::span);
    for (lesson, wanted) in &before {
        for other in wanted
            .iter()
            .filter(|other| !before.contains_key(other.as_str()))
        {
            let reason = said!(
                "课 {lesson:?} 要先学 {other:?}，可是没有这一课",
                "lesson {lesson:?} needs {other:?} before it, and there is no such lesson"
            );
            toml.problem(at.clone(), reason);
        }
    }
    // What has nothing open before it goes, until nothing more does; what is left stands in a circle.
    let mut open = before;
    loop {
        let count = open.len();
        let keys: Vec<&str> = open.keys().copied().collect();
        let blocked = |wanted: &[String]| {
            wanted
                .iter()
                .any(|other| keys.binary_search(&other.as_str()).is_ok())
        };
        open.retain(|_, wanted| blocked(wanted));
        if open.len() == count {
            break;
        }
    }
    if let Some(lesson) = open.keys().next() {
        let reason = said!(
            "课 {lesson:?} 要先学的课绕成了一个圈",
            "the prerequisites of lesson {lesson:?} lead in a circle"
        );
        toml.problem(at, reason);
    }
}
