//! `helloagents course check`.

use crate::{MACHINE_FAILED, settled};
use ha_api::course_lint;
use ha_sandbox::Runner;
use std::path::Path;

/// Lints a course and answers the exit code.
pub(crate) async fn check(dir: &Path, json: bool, runner: &dyn Runner) -> u8 {
    if !dir.is_dir() {
        eprintln!("helloagents: {} is not a folder", dir.display());
        return 2;
    }
    settled(runner).await;
    let lint = match course_lint(runner, dir).await {
        Ok(lint) => lint,
        Err(error) => {
            eprintln!("helloagents: {}", error.message);
            return MACHINE_FAILED;
        }
    };
    if json {
        let object = serde_json::to_string(&lint).expect("a lint is plain data");
        println!("{object}");
    } else {
        for problem in &lint.problems {
            let line = problem.line.map(|line| format!(":{line}"));
            let line = line.unwrap_or_default();
            println!("{}{line}: {}", problem.file, problem.reason);
        }
        println!(
            "{}: {} lessons, {} checks, {} problems",
            lint.course,
            lint.lessons,
            lint.checks,
            lint.problems.len()
        );
    }
    u8::from(!lint.problems.is_empty())
}
