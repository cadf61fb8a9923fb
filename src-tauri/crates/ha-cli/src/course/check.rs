//! `helloagents course check`: for people, for programs and for build servers.

use super::Format;
use crate::MACHINE_FAILED;
use crate::engine::settled;
use crate::say::{self, complain, say};
use ha_api::wire::CourseProblem;
use ha_api::{CourseLint, course_lint};
use ha_sandbox::Runner;
use std::path::Path;

/// Lints a course and answers the exit code.
pub(crate) async fn check(dir: &Path, format: Format, runner: &dyn Runner) -> u8 {
    if !dir.is_dir() {
        complain!("helloagents: {} is not a folder", dir.display());
        return 2;
    }
    runner.warm();
    settled(runner).await;
    let lint = match course_lint(runner, dir).await {
        Ok(lint) => lint,
        Err(error) => {
            complain!("helloagents: {}", error.message);
            return MACHINE_FAILED;
        }
    };
    match format {
        Format::Human => human(&lint),
        Format::Json => {
            let object = serde_json::to_string(&lint).expect("a lint is plain data");
            say::object(&object);
        }
        Format::Junit => say::data(&mut std::io::stdout(), &junit(&lint)),
    }
    u8::from(!lint.problems.is_empty())
}

fn human(lint: &CourseLint) {
    for problem in &lint.problems {
        say::text(&mut std::io::stdout(), &format!("{}\n", line(problem)));
    }
    say!(
        "{}: {} lessons, {} checks, {} cells, {} problems",
        lint.course,
        lint.lessons,
        lint.checks,
        lint.cells,
        lint.problems.len()
    );
}

/// `file:line`, as terminals and editors make links of it.
fn place(file: &str, line: Option<u32>) -> String {
    match line {
        Some(line) => format!("{file}:{line}"),
        None => file.to_string(),
    }
}

/// A problem as people read it. What a program said about it stands below, further in.
pub(super) fn line(problem: &CourseProblem) -> String {
    let reason = problem.reason.replace('\n', "\n    ");
    format!("{}: {reason}", place(&problem.file, problem.line))
}

/// One failed case a problem, and one for the course, which passes when there is none.
fn junit(lint: &CourseLint) -> String {
    let course = escaped(&lint.course);
    let failures = lint.problems.len();
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"{course}\" tests=\"{}\" failures=\"{failures}\">\n\
         <testcase classname=\"{course}\" name=\"{} lessons, {} checks, {} cells\"/>\n",
        failures + 1,
        lint.lessons,
        lint.checks,
        lint.cells,
    );
    for problem in &lint.problems {
        let name = escaped(&place(&problem.file, problem.line));
        let reason = escaped(&problem.reason);
        xml.push_str(&format!(
            "<testcase classname=\"{course}\" name=\"{name}\"><failure message=\"{reason}\"/></testcase>\n"
        ));
    }
    xml + "</testsuite>\n"
}

/// A text as XML's attributes take it; characters that XML cannot hold become a sign for that.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
