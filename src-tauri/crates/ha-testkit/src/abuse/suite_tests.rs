//! The suite judges a fake engine: each check must be able to fail.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::{FakeRunner, Step};
use ha_sandbox::RunRequest;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

const CASE: &str = "# id: 1\n# title: Prints.\n# expect: exited 3\n# stdout: out\n\nprint('out')\n";

/// One test at a time, runtime included: each looks at the descriptors of this process.
fn alone(test: impl Future<Output = ()>) {
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(test);
}

fn is_case(request: &RunRequest) -> bool {
    request.files[0].bytes.starts_with(b"# id")
}

/// The verdict over an engine that plays `steps` for the case and `canary` for everything else.
async fn verdict(
    steps: impl Fn() -> Vec<Step> + Send + Sync + 'static,
    canary: impl Fn(usize) -> Vec<Step> + Send + Sync + 'static,
) -> Verdict {
    let runs = AtomicUsize::new(0);
    let runner = FakeRunner::new(move |request| match is_case(request) {
        true => steps(),
        false => canary(runs.fetch_add(1, Ordering::SeqCst)),
    });
    let suite = Suite::open(runner, Surroundings::default()).await.unwrap();
    suite
        .run(&Case::parse("001-prints", CASE, "fake").unwrap())
        .await
}

fn as_expected() -> Vec<Step> {
    vec![Step::print("out\n"), Step::exit(3)]
}

async fn check(
    steps: impl Fn() -> Vec<Step> + Send + Sync + 'static,
    canary: impl Fn(usize) -> Vec<Step> + Send + Sync + 'static,
    expected: &[Check],
) {
    let verdict = verdict(steps, canary).await;
    let failed: Vec<Check> = verdict.problems.iter().map(|(check, _)| *check).collect();
    assert_eq!(failed, expected, "{verdict:?}");
}

#[test]
fn a_case_that_ends_as_expected_passes() {
    alone(async {
        check(as_expected, |_| Vec::new(), &[]).await;
    });
}

#[test]
fn another_end_another_text_and_no_end_are_found() {
    alone(async {
        let print = || Step::print("out\n");
        check(
            move || vec![print(), Step::exit(4)],
            |_| Vec::new(),
            &[Check::End],
        )
        .await;
        check(|| vec![Step::exit(3)], |_| Vec::new(), &[Check::End]).await;
        check(
            move || vec![print(), Step::Vanish],
            |_| Vec::new(),
            &[Check::End],
        )
        .await;
    });
}

#[test]
fn a_canary_that_sings_differently_is_found() {
    alone(async {
        let changed = |run| match run {
            0..CALIBRATION => Vec::new(),
            _ => vec![Step::print("changed")],
        };
        check(as_expected, changed, &[Check::Canary]).await;
    });
}

#[test]
fn files_left_behind_are_found() {
    alone(async {
        let folder = std::env::temp_dir().join(format!("abuse-left-{}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        let inside = folder.join("left");
        let runner = FakeRunner::new(move |request| {
            if is_case(request) {
                std::fs::write(&inside, "x").unwrap();
            }
            as_expected_or_silent(request)
        });
        let surroundings = Surroundings {
            folders: vec![folder.clone()],
        };
        let suite = Suite::open(runner, surroundings).await.unwrap();
        let verdict = suite
            .run(&Case::parse("001-prints", CASE, "fake").unwrap())
            .await;
        std::fs::remove_dir_all(folder).unwrap();
        assert!(!verdict.passed(Check::Left), "{verdict:?}");
    });
}

fn as_expected_or_silent(request: &RunRequest) -> Vec<Step> {
    if is_case(request) {
        as_expected()
    } else {
        Vec::new()
    }
}
