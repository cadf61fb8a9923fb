//! `helloagents course check`: for people, for programs and for build servers.

use super::Format;
use crate::MACHINE_FAILED;
use crate::engine::settled;
use crate::failed::told;
use crate::say::{self, complain, language, say};
use ha_api::wire::{CourseProblem, Language};
use ha_api::{CourseLint, course_lint};
use ha_sandbox::Runner;
use std::path::Path;

/// Lints a course and answers the exit code.
pub(crate) async fn check(dir: &Path, format: Format, runner: &dyn Runner) -> u8 {
    if !dir.is_dir() {
        let dir = dir.display();
        complain!(
            "helloagents: {dir} 不是文件夹",
            "helloagents: {dir} is not a folder"
        );
        return 2;
    }
    runner.warm();
    settled(runner).await;
    let lint = match course_lint(runner, dir).await {
        Ok(lint) => lint,
        Err(error) => {
            complain!("helloagents: {}", told(&error));
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
        let line = line(problem, language());
        say::text(&mut std::io::stdout(), &format!("{line}\n"));
    }
    say!(
        "{}：{} 课，{} 项检查，{} 个代码块，{} 处问题",
        "{}: {} lessons, {} checks, {} cells, {} problems",
        lint.course,
        lint.lessons,
        lint.checks,
        lint.cells.len(),
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
pub(super) fn line(problem: &CourseProblem, language: Language) -> String {
    let reason = problem.reason.pick(language).replace('\n', "\n    ");
    format!("{}: {reason}", place(&problem.file, problem.line))
}

/// In English, as the names in it are: one case for the files, one for each cell with its time, and one for each other problem.
fn junit(lint: &CourseLint) -> String {
    let course = escaped(&lint.course);
    let mut cases = Vec::new();
    let mut rest: Vec<_> = lint.problems.iter().collect();
    for cell in &lint.cells {
        let name = place(&cell.file, Some(cell.line));
        let is_of_cell = |problem: &&CourseProblem| place(&problem.file, problem.line) == name;
        let failed = rest.iter().position(is_of_cell).map(|at| rest.remove(at));
        cases.push(case(&course, &name, Some(cell.ms), failed));
    }
    for problem in &rest {
        let name = place(&problem.file, problem.line);
        cases.push(case(&course, &name, None, Some(problem)));
    }
    if rest.is_empty() {
        let counts = format!("{} lessons, {} checks", lint.lessons, lint.checks);
        cases.push(case(&course, &counts, None, None));
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"{course}\" tests=\"{}\" failures=\"{}\">\n{}</testsuite>\n",
        cases.len(),
        lint.problems.len(),
        cases.concat()
    )
}

fn case(course: &str, name: &str, ms: Option<f64>, failed: Option<&CourseProblem>) -> String {
    let name = escaped(name);
    let time = ms.map_or_else(String::new, |ms| format!(" time=\"{:.4}\"", ms / 1e3));
    let start = format!("<testcase classname=\"{course}\" name=\"{name}\"{time}");
    match failed {
        None => start + "/>\n",
        Some(problem) => {
            let reason = escaped(&problem.reason.en);
            format!("{start}><failure message=\"{reason}\"/></testcase>\n")
        }
    }
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
