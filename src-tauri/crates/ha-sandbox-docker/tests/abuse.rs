//! The abuse suite over the container engine: all cases in one engine, one after the other, so that what
//! one of them damaged shows in those behind it.
//!
//! `HELLOAGENTS_ABUSE_CASES` names parts of the cases' names when only some are to run.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use ha_sandbox::Runner;
use ha_testkit::abuse::{self, Suite, Surroundings, Verdict};
use std::path::Path;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_catalogue_of_attacks_is_stood() {
    let wanted = std::env::var("HELLOAGENTS_ABUSE_CASES").unwrap_or_default();
    let is_wanted =
        |name: &str| wanted.is_empty() || wanted.split(' ').any(|part| name.contains(part));
    let runner = common::runner();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/abuse/cases");
    let suite = Suite::open(runner.clone(), Surroundings::default())
        .await
        .unwrap();
    let mut failed = Vec::new();
    let mut judge = |verdict: Verdict| {
        let took = verdict.took.as_secs_f64();
        println!("{:<32} {:<24} {took:>7.3} s", verdict.name, verdict.outcome);
        if let Some(failure) = verdict.failure() {
            failed.push(format!("{} ({}):\n{failure}", verdict.name, verdict.title));
        }
    };
    let cases = abuse::load(&folder, runner.name()).unwrap();
    // The first of them opens what stays open, so it is judged when it comes again.
    suite.run(&cases[0]).await;
    for case in cases {
        if is_wanted(&case.name) {
            judge(suite.run(&case).await);
        }
    }
    for case in abuse::host_cases() {
        if is_wanted(case.name) {
            judge(suite.run_host(&case).await);
        }
    }
    assert!(
        failed.is_empty(),
        "{} cases failed:\n\n{}",
        failed.len(),
        failed.join("\n\n")
    );
}
