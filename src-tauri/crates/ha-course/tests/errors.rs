//! Errors in plain words: the dictionary that comes with the app, and books of a course's own.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;

use fixture::Small;
use ha_course::{ErrorBook, Explanation, Language, Raised};

const DICTIONARY: &str = include_str!("../../../../templates/errors/python.toml");

fn dictionary() -> ErrorBook {
    let (book, problems) = ErrorBook::parse("python.toml", DICTIONARY);
    assert_eq!(problems, []);
    book
}

fn explain(book: &ErrorBook, kind: &str, message: &str, language: Language) -> Explanation {
    let raised = Raised {
        kind: kind.into(),
        message: message.into(),
    };
    book.explain(&raised, language).unwrap()
}

/// What the dictionary says means this.
fn check(kind: &str, message: &str, en: &str, zh: &str) {
    let book = dictionary();
    for (language, expected) in [(Language::En, en), (Language::Zh, zh)] {
        let said = explain(&book, kind, message, language).means;
        assert!(said.contains(expected), "{kind}: {message}\n{said}");
    }
}

#[test]
fn frequent_errors_are_recognised_by_what_python_says() {
    check(
        "NameError",
        "name 'pirnt' is not defined. Did you mean: 'print'?",
        "one that looks like it: <code>print</code>",
        "有一个很像的：<code>print</code>",
    );
    check(
        "NameError",
        "name 'tools' is not defined",
        "nothing called <code>tools</code>",
        "还没有叫 <code>tools</code> 的东西",
    );
    check(
        "NameError",
        "name 'json' is not defined. Did you forget to import 'json'?",
        "<code>json</code> is a module",
        "<code>json</code> 是一个模块",
    );
    check(
        "TypeError",
        "can only concatenate str (not \"int\") to str",
        "the other is <code>int</code>",
        "另一边是 <code>int</code>",
    );
    check(
        "TypeError",
        "unsupported operand type(s) for +: 'int' and 'NoneType'",
        "between <code>int</code> and <code>NoneType</code>",
        "<code>int</code> 和 <code>NoneType</code> 之间",
    );
    check(
        "TypeError",
        "decide() missing 1 required positional argument: 'observation'",
        "<code>decide()</code> lacks 1 argument: 'observation'",
        "少给了 1 个参数",
    );
    check(
        "TypeError",
        "step() takes 1 positional argument but 2 were given",
        "takes 1 argument,",
        "只接受 1 个参数",
    );
    check(
        "json.decoder.JSONDecodeError",
        "Expecting value: line 1 column 1 (char 0)",
        "is no JSON",
        "不是 JSON",
    );
    check(
        "FileNotFoundError",
        "[Errno 44] No such file or directory: 'notes.txt'",
        "<code>notes.txt</code> was not found",
        "<code>notes.txt</code>",
    );
    check(
        "SyntaxError",
        "invalid character '（' (U+FF08)",
        "<code>（</code>",
        "不认识的字符：<code>（</code>",
    );
    check(
        "SyntaxError",
        "unterminated f-string literal (detected at line 3)",
        "quotes of a text",
        "引号没有关上",
    );
    check(
        "AttributeError",
        "'NoneType' object has no attribute 'group'",
        "<code>.group</code>",
        "<code>.group</code>",
    );
    check(
        "MyOwnError",
        "no more tea",
        "raised <code>MyOwnError</code>",
        "抛出了 <code>MyOwnError</code>",
    );
}

#[test]
fn a_bracket_that_is_meant_stays() {
    let said = explain(
        &dictionary(),
        "TypeError",
        "can only concatenate str (not \"int\") to str",
        Language::En,
    );
    assert!(said.look.contains("{score}"), "{}", said.look);
}

#[test]
fn what_a_program_says_stays_text() {
    let hostile = "name '<img src=x onerror=alert(1)>`[x](javascript:a)' is not defined";
    let said = explain(&dictionary(), "NameError", hostile, Language::En);
    for html in [&said.means, &said.causes, &said.look] {
        assert!(!html.contains("<img") && !html.contains("href"), "{html}");
    }
    let long = format!("name '{}' is not defined", "x".repeat(100_000));
    let said = explain(&dictionary(), "NameError", &long, Language::En);
    assert!(said.means.len() < 1000);
    explain(&dictionary(), "*", "", Language::Zh);
    explain(&dictionary(), "", "\n\n", Language::Zh);
}

#[test]
fn an_author_hears_what_is_wrong_in_a_book() {
    let book = r#"
[[error]]
message = "no kind"
[error.zh]
means = "。"
[[error]]
kind = "KeyError"
[error.en]
means = "{nobody} caught this"
wrong = "name"
[[error]]
kind = "KeyError"
"#;
    let (_, problems) = ErrorBook::parse("errors.toml", book);
    let said: Vec<_> = problems.iter().map(|p| p.reason.en.as_str()).collect();
    assert!(said[0].starts_with("`kind` is missing"), "{said:?}");
    assert!(said[1].starts_with("unknown name `wrong`"), "{said:?}");
    assert!(said[2].contains("{nobody} is not caught"), "{said:?}");
    assert!(said[3].contains("[error.zh], [error.en]"), "{said:?}");
}

#[test]
fn a_lesson_explains_its_own_errors_before_its_course_does() {
    let fixture = Small::new();
    let entry =
        |words: &str| format!("[[error]]\nkind = \"ToolError\"\n[error.en]\nmeans = \"{words}\"\n");
    fixture.write("errors.toml", entry("the course's word"));
    let (course, _) = ha_course::load(fixture.dir());
    let lesson = course.chapters[0].lessons[0].clone();
    let said = |language| {
        let book = course.error_book(&lesson.id);
        explain(&book, "ToolError", "", language).means
    };
    assert_eq!(said(Language::En), "<p>the course's word</p>\n");
    fixture.write(
        &format!("{}/errors.toml", lesson.path),
        entry("the lesson's word"),
    );
    assert_eq!(said(Language::En), "<p>the lesson's word</p>\n");
    assert_eq!(said(Language::Zh), "<p>the lesson's word</p>\n");
    let (_, problems) = ha_course::lint(fixture.dir());
    assert!(
        problems
            .iter()
            .all(|problem| !problem.file.ends_with("errors.toml"))
    );
    fixture.write("errors.toml", "[[error]]\n");
    let (_, problems) = ha_course::lint(fixture.dir());
    assert!(problems.iter().any(|problem| problem.file == "errors.toml"));
}
