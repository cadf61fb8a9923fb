//! The table `code_check`: what an author says about the code of a course and of a lesson.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;

use fixture::{Small, lesson, manifest, shown};
use ha_course::CodeAction;

/// A course whose lesson `first` ends with `tables`; what holds for that lesson, and what is told.
fn check(tables: &str, expected: &[&str], told: &[&str]) {
    let small = Small::new();
    let lessons = format!("{}\n{tables}", lesson("first", "01-first"));
    small.write("course.toml", manifest(&lessons));
    let (course, problems) = small.load();
    let said = course.code_rules("first").map(|rule| {
        let action = match rule.action {
            Some(CodeAction::Deny) => "deny",
            Some(CodeAction::Allow) => "allow",
            None => "say",
        };
        let words = rule.message.as_ref();
        let words = words.map_or(String::new(), |words| format!(" {}|{}", words.zh, words.en));
        format!("{action} {}{words}", rule.rule)
    });
    let said: Vec<String> = said.collect();
    let problems = shown(&problems);
    assert_eq!(said, expected, "{problems}");
    let lines: Vec<&str> = problems.lines().collect();
    assert_eq!(lines.len(), told.len(), "{problems}");
    for (line, told) in lines.iter().zip(told) {
        assert!(line.contains(told), "{told:?} is not in {line:?}");
    }
}

#[test]
fn a_lesson_and_its_course_deny_and_allow() {
    check(
        "[chapter.lesson.code_check]\ndeny = [\"eval\", \"os.system\"]\nallow = [\"open\"]\n\
         [chapter.lesson.code_check.messages]\neval = { zh = \"不\", en = \"no\" }\n",
        &["deny eval 不|no", "deny os.system", "allow open"],
        &[],
    );
    check(
        "[chapter.lesson.code_check]\nallow = [\"eval\"]\n[code_check]\ndeny = [\"eval\"]\n",
        &["deny eval", "allow eval"],
        &[],
    );
}

#[test]
fn words_alone_change_no_action() {
    check(
        "[code_check.messages.open]\nen = \"the files are in data\"\n",
        &["say open the files are in data|the files are in data"],
        &[],
    );
}

#[test]
fn a_rule_remembers_its_line() {
    let small = Small::new();
    let tables = "[code_check]\ndeny = [\n  \"eval\",\n  \"exec\",\n]\n[code_check.messages]\nopen = \"x\"\n";
    let text = manifest(&format!("{}\n{tables}", lesson("first", "01-first")));
    let first = 1 + text
        .lines()
        .position(|line| line.contains("\"eval\""))
        .unwrap() as u32;
    small.write("course.toml", text);
    let (course, _) = small.load();
    let lines: Vec<u32> = course.code_check.iter().map(|rule| rule.line).collect();
    assert_eq!(lines, [first, first + 1, first + 4]);
}

#[test]
fn what_does_not_fit_is_told_and_the_rest_holds() {
    check(
        "[code_check]\nforbid = [\"eval\"]\n",
        &[],
        &["unknown name `forbid`"],
    );
    check("[[code_check]]\n", &[], &["`code_check` must be a table"]);
    check(
        "[code_check]\ndeny = \"eval\"\nallow = [\"open\"]\n",
        &["allow open"],
        &["`deny` must be a list of texts"],
    );
    check(
        "[code_check]\ndeny = [\"eval\", \"eval\"]\nallow = [\"eval\"]\n",
        &["deny eval"],
        &["\"eval\" is listed twice", "\"eval\" is listed twice"],
    );
    check(
        "[code_check]\nallow = [\"eval\"]\n[code_check.messages]\neval = \"why\"\nexec = 7\n",
        &["allow eval"],
        &["nothing is said about \"eval\"", "`exec` must look like"],
    );
}
