//! What reading a course finds, said once and after each save: only what is new and what is gone.

use super::check::line;
use crate::say::{inert, language, spoken};
use ha_api::wire::{AuthorCourse, CourseProblem, Language, Words};
use ha_api::{ApiError, ApiResult, course_read, folder_saved};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

/// Editors write a file in steps; one that rests this long is taken to be whole.
const REST: Duration = Duration::from_millis(100);

/// Reads the course on a thread that may block.
pub(super) async fn read(dir: &Path) -> ApiResult<AuthorCourse> {
    let dir = dir.to_path_buf();
    let read = tokio::task::spawn_blocking(move || course_read(&dir));
    read.await.expect("reading a course never panics")
}

/// Says what reading found, and after each save what has changed in that, until nobody listens.
/// Files that are broken for a moment, or gone, end nothing.
pub(super) async fn follow(dir: &Path, course: AuthorCourse) -> ApiResult<()> {
    let language = language();
    let lessons = course.lessons.len();
    let head = spoken!(
        "{} {}：{}，{}\n下面是每次保存带来的变化；按 Ctrl+C 结束",
        "{} {}: {}, {}\nhere is what each save changes; Ctrl+C ends it",
        course.id,
        course.version,
        match (language, lessons) {
            (Language::Zh, count) => format!("{count} 课"),
            (Language::En, 1) => "1 lesson".into(),
            (Language::En, count) => format!("{count} lessons"),
        },
        count(course.problems.len(), language),
    );
    let lines = course.problems.iter().map(|it| line(it, language));
    let lines: Vec<String> = lines.collect();
    let mut known = Known {
        problems: course.problems,
        language,
    };
    if print(&lines).is_err() || print(&[head]).is_err() {
        return Ok(());
    }
    // None, so that a save since the first reading is not missed.
    let mut stamp = None;
    loop {
        stamp = Some(saved(dir, stamp).await?);
        let news = match read(dir).await {
            Ok(course) => known.news(course.problems, !course.lessons.is_empty()),
            Err(error) => known.news(vec![unreadable(dir, error)], false),
        };
        if print(&news).is_err() {
            return Ok(());
        }
    }
}

/// The stamp of the next save, once the files rest.
async fn saved(dir: &Path, known: Option<String>) -> ApiResult<String> {
    let mut stamp = folder_saved(dir, known.as_deref()).await?;
    while let Ok(next) = tokio::time::timeout(REST, folder_saved(dir, Some(&stamp))).await {
        stamp = next?;
    }
    Ok(stamp)
}

fn unreadable(dir: &Path, error: ApiError) -> CourseProblem {
    let reason = match dir.is_dir() {
        true => Words {
            zh: error.message_in(Language::Zh).into(),
            en: error.message,
        },
        false => Words {
            zh: "文件夹不见了；等它回来再继续".into(),
            en: "the folder is gone; this goes on when it is back".into(),
        },
    };
    CourseProblem {
        file: dir.display().to_string(),
        line: None,
        reason,
    }
}

/// The problems that were told, and how.
struct Known {
    problems: Vec<CourseProblem>,
    language: Language,
}

impl Known {
    /// The lines to print, now that these problems were found. `whole`: the lessons were read, so
    /// that what was not found again is gone.
    fn news(&mut self, found: Vec<CourseProblem>, whole: bool) -> Vec<String> {
        let new = without(&found, &self.problems);
        let gone = match whole {
            true => without(&self.problems, &found),
            false => Vec::new(),
        };
        let line = |it: &CourseProblem| line(it, self.language);
        let mended = match self.language {
            Language::Zh => "改好了：",
            Language::En => "mended: ",
        };
        let gone = gone.iter().map(|it| format!("{mended}{}", line(it)));
        let mut lines: Vec<String> = gone.collect();
        lines.extend(new.iter().map(line));
        if !lines.is_empty() && whole {
            lines.push(count(found.len(), self.language));
        }
        match whole {
            true => self.problems = found,
            false => self.problems.extend(new),
        }
        lines
    }
}

/// The problems of one list that the other does not have. One that only moved to another line, as
/// all do below a line that was added, is the same.
fn without(list: &[CourseProblem], other: &[CourseProblem]) -> Vec<CourseProblem> {
    let mut other: Vec<&CourseProblem> = other.iter().collect();
    let is_new = |problem: &&CourseProblem| {
        let same = other
            .iter()
            .position(|it| it.file == problem.file && it.reason == problem.reason);
        same.map(|at| other.swap_remove(at)).is_none()
    };
    list.iter().filter(is_new).cloned().collect()
}

fn count(problems: usize, language: Language) -> String {
    match (language, problems) {
        (Language::Zh, 0) => "没有问题".into(),
        (Language::Zh, some) => format!("{some} 处问题"),
        (Language::En, 0) => "no problems".into(),
        (Language::En, 1) => "1 problem".into(),
        (Language::En, many) => format!("{many} problems"),
    }
}

/// Fails once nobody reads what is printed.
fn print(lines: &[String]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in lines {
        writeln!(out, "{}", inert(line, "\t\n"))?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn problem(line: u32, reason: &str) -> CourseProblem {
        CourseProblem {
            file: "课/lesson.zh.md".into(),
            line: Some(line),
            reason: Words {
                zh: format!("坏了：{reason}"),
                en: reason.into(),
            },
        }
    }

    fn told(problems: Vec<CourseProblem>, language: Language) -> Known {
        Known { problems, language }
    }

    /// What is printed when `after` is found after `before`.
    fn check(before: &[(u32, &str)], after: &[(u32, &str)], expected: &[&str]) {
        let list = |of: &[(u32, &str)]| of.iter().map(|(at, why)| problem(*at, why)).collect();
        let mut known = told(list(before), Language::En);
        assert_eq!(known.news(list(after), true), expected);
        assert_eq!(known.news(list(after), true), [] as [&str; 0], "told once");
    }

    #[test]
    fn only_what_has_changed_is_said() {
        check(&[], &[], &[]);
        check(&[], &[(7, "bad")], &["课/lesson.zh.md:7: bad", "1 problem"]);
        check(
            &[(7, "bad")],
            &[],
            &["mended: 课/lesson.zh.md:7: bad", "no problems"],
        );
        check(&[(7, "bad")], &[(9, "bad")], &[]);
        check(
            &[(7, "bad")],
            &[(9, "bad"), (20, "bad")],
            &["课/lesson.zh.md:20: bad", "2 problems"],
        );
    }

    #[test]
    fn it_is_said_in_chinese_too() {
        let mut known = told(vec![problem(7, "bad")], Language::Zh);
        assert_eq!(
            known.news(vec![problem(9, "worse")], true),
            [
                "改好了：课/lesson.zh.md:7: 坏了：bad",
                "课/lesson.zh.md:9: 坏了：worse",
                "1 处问题"
            ]
        );
        assert_eq!(known.news(Vec::new(), true).last().unwrap(), "没有问题");
    }

    #[test]
    fn what_could_not_be_read_is_not_called_gone() {
        let mut known = told(vec![problem(7, "bad")], Language::En);
        let broken = || vec![problem(1, "no TOML")];
        assert_eq!(known.news(broken(), false), ["课/lesson.zh.md:1: no TOML"]);
        assert_eq!(known.news(broken(), false), [] as [&str; 0]);
        let mended = known.news(vec![problem(7, "bad")], true);
        assert_eq!(mended, ["mended: 课/lesson.zh.md:1: no TOML", "1 problem"]);
    }
}
