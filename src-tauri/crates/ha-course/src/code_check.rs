//! The table `code_check` of a course and of a lesson: what the author says about the code a learner
//! may run. Knows no rule by name; that is left to those who run programs.

use crate::model::{CodeAction, CodeRule};
use crate::toml_text::TomlText;
use toml::de::DeTable;

/// Reads the `code_check` table inside `table`, in the author's order. What does not fit is left
/// out and told.
pub(crate) fn read(toml: &mut TomlText<'_>, table: &DeTable<'_>) -> Vec<CodeRule> {
    let Some(table) = toml.table(table, "code_check") else {
        return Vec::new();
    };
    toml.expect_keys(table, &["deny", "allow", "messages"]);
    let mut rules: Vec<CodeRule> = Vec::new();
    for (name, action) in [("deny", CodeAction::Deny), ("allow", CodeAction::Allow)] {
        for rule in toml.placed_strings(table, name).unwrap_or_default() {
            let (at, rule) = (rule.span(), rule.into_inner());
            if rules.iter().any(|known| known.rule == rule) {
                let reason = said!(
                    "规则 {rule:?} 列了两次",
                    "the rule {rule:?} is listed twice"
                );
                toml.problem(Some(at), reason);
                continue;
            }
            rules.push(CodeRule {
                rule,
                action: Some(action),
                message: None,
                line: toml.line(at),
            });
        }
    }
    messages(toml, table, &mut rules);
    rules
}

fn messages(toml: &mut TomlText<'_>, table: &DeTable<'_>, rules: &mut Vec<CodeRule>) {
    let Some(messages) = toml.table(table, "messages") else {
        return;
    };
    for key in messages.keys() {
        let rule = key.get_ref().to_string();
        let Some(message) = toml.words(messages, &rule) else {
            continue;
        };
        match rules.iter_mut().find(|known| known.rule == rule) {
            Some(known) if known.action == Some(CodeAction::Allow) => {
                let reason = said!(
                    "{rule:?} 是放开的，这句话不会显示",
                    "nothing is said about {rule:?}, because it is allowed"
                );
                toml.problem(Some(key.span()), reason);
            }
            Some(known) => known.message = Some(message),
            None => rules.push(CodeRule {
                rule,
                action: None,
                message: Some(message),
                line: toml.line(key.span()),
            }),
        }
    }
}
