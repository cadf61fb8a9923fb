//! What a policy makes of what was found: actions, messages, places, files.

use crate::{findings, passes};
use ha_sandbox::SourceFile;
use ha_sandbox::policy::{Action, Finding, Policy, Rule, RuleId};

fn policy(rules: &[(RuleId, Action)]) -> Policy {
    let rule = |(id, action): &(RuleId, Action)| Rule {
        id: *id,
        action: *action,
        message: None,
    };
    Policy {
        rules: rules.iter().map(rule).collect(),
    }
}

fn place(found: &Finding) -> (u32, u32, u32, u32) {
    (found.line, found.column, found.end_line, found.end_column)
}

#[test]
fn a_rule_advises_unless_it_was_told_otherwise() {
    let program = [SourceFile::text(
        "main.py",
        "eval('1'); open('x'); exec('')",
    )];
    let strict = policy(&[(RuleId::Eval, Action::Deny), (RuleId::Open, Action::Allow)]);
    let found = strict.check(&program);
    let said: Vec<_> = found
        .iter()
        .map(|found| (found.rule, found.action))
        .collect();
    assert_eq!(
        said,
        [(RuleId::Eval, Action::Deny), (RuleId::Exec, Action::Advise)]
    );
    assert!(strict.denies());
    assert!(!Policy::default().denies());
    assert!(
        findings("eval('1')")
            .iter()
            .all(|f| f.action == Action::Advise)
    );
}

#[test]
fn a_message_stands_in_for_the_reason() {
    let mut strict = policy(&[(RuleId::Eval, Action::Deny)]);
    strict.rules[0].message = Some("not in this lesson".into());
    let found = strict.check(&[SourceFile::text("a.py", "eval('1'); exec('')")]);
    assert_eq!(found[0].reason, "not in this lesson");
    assert_eq!(found[1].reason, RuleId::Exec.reason());
}

#[test]
fn places_are_those_of_the_editor() {
    let at = |source: &str| place(&findings(source)[0]);
    assert_eq!(at("x = eval('1')"), (1, 5, 1, 9));
    assert_eq!(at("s = '🙂'; eval('1')"), (1, 11, 1, 15));
    assert_eq!(at("名 = '你好'; eval('1')"), (1, 11, 1, 15));
    assert_eq!(at("\u{feff}eval('1')"), (1, 1, 1, 5));
    assert_eq!(at("x = 1\r\n\r\neval('1')\r\n"), (3, 1, 3, 5));
    assert_eq!(at("import os\nos \\\n .system"), (2, 1, 3, 9));
    assert_eq!(at("if x:\n\teval('1')"), (2, 2, 2, 6));
}

#[test]
fn every_python_file_is_read_and_no_other() {
    let files = [
        SourceFile::text("data/eval.txt", "eval('1')"),
        SourceFile::text("b.py", "\nexec('')"),
        SourceFile::text("package/a.py", "eval('1')"),
    ];
    let found = Policy::default().check(&files);
    let said: Vec<_> = found
        .iter()
        .map(|found| (found.file.as_str(), found.line))
        .collect();
    assert_eq!(said, [("b.py", 2), ("package/a.py", 1)]);
}

#[test]
fn a_file_of_the_learners_wins_over_a_module_of_its_name() {
    let main = SourceFile::text(
        "main.py",
        "import socket\nsocket.say()\nfrom socket import x\nx()",
    );
    let own = SourceFile::text("socket.py", "def say(): ...");
    assert_eq!(Policy::default().check(&[main.clone(), own]), []);
    assert_eq!(Policy::default().check(&[main]).len(), 5);
}

#[test]
fn code_that_is_being_typed_is_judged_where_it_can_be_read() {
    let names = |source: &str| -> Vec<String> {
        let found = findings(source).into_iter();
        found
            .map(|found| format!("{}:{}", found.line, found.name))
            .collect()
    };
    assert_eq!(
        names("x = eval('1')\ndef f(:\n  pass\nexec('y')"),
        ["1:eval", "4:exec"]
    );
    assert_eq!(names("eval("), ["1:eval"]);
    assert_eq!(names("import os\nos.system("), ["2:os.system"]);
    assert_eq!(names("if True:\nexec('x')"), ["2:exec"]);
    passes(&[
        "def open(",
        "self.open(",
        "class exec(",
        "import o",
        "from os import ",
        "path.op",
    ]);
}

#[test]
fn findings_are_bounded_and_what_denies_is_kept() {
    let source = format!("{}eval('1')\n", "open('x')\n".repeat(5000));
    let strict = policy(&[(RuleId::Eval, Action::Deny)]);
    let found = strict.check(&[SourceFile::text("main.py", source)]);
    assert_eq!(found.len(), 200);
    assert_eq!(found[0].line, 1);
    assert_eq!((found[199].rule, found[199].line), (RuleId::Eval, 5001));
}

#[test]
fn names_of_rules_are_unique_and_lead_back() {
    for rule in RuleId::ALL {
        assert_eq!(RuleId::named(rule.name()), Some(rule));
        assert!(!rule.reason().is_empty());
    }
    assert_eq!(RuleId::named("Eval"), None);
}
