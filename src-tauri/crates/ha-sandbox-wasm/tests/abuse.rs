//! The abuse suite over the embedded engine: every case is a test of its own.
//!
//! `libtest-mimic` makes them, because they are files. They run one after the other, since each looks
//! at the memory, processes and descriptors of the whole process; a runner that gives every test a
//! process of its own may still run several at once.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use ha_sandbox::Runner;
use ha_testkit::abuse::{self, Suite, Surroundings, Verdict};
use libtest_mimic::{Arguments, Failed, Trial};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/abuse/cases");
    let cases = abuse::load(&folder, "wasm").unwrap();
    let programs = cases.into_iter().map(|case| {
        Trial::test(case.name.clone(), move || {
            judge(async |suite| suite.run(&case).await)
        })
    });
    let hosts = abuse::host_cases().into_iter();
    #[cfg(unix)]
    let hosts = hosts.chain(abuse::worker_cases(Arc::new(|| {
        common::runner().worker_pid()
    })));
    let hosts = hosts.map(|case| {
        Trial::test(case.name, move || {
            judge(async |suite| suite.run_host(&case).await)
        })
    });
    libtest_mimic::run(&arguments, programs.chain(hosts).collect()).exit_code()
}

/// The engine and what is usual for it: one for every test that runs in this process.
struct Bench {
    runtime: tokio::runtime::Runtime,
    suite: Suite,
}

fn judge(run: impl AsyncFnOnce(&Suite) -> Verdict) -> Result<(), Failed> {
    static BENCH: OnceLock<Bench> = OnceLock::new();
    let bench = BENCH.get_or_init(open);
    let verdict = bench.runtime.block_on(run(&bench.suite));
    match verdict.failure() {
        None => Ok(()),
        Some(failure) => Err(failure.into()),
    }
}

fn open() -> Bench {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let suite = runtime.block_on(async {
        let runner: Arc<dyn Runner> = common::runner();
        let surroundings = Surroundings {
            folders: vec![common::cache_dir()],
        };
        Suite::open(runner, surroundings).await.unwrap()
    });
    Bench { runtime, suite }
}
