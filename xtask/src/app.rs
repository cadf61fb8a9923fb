//! Building the workspace, always in one way.
//!
//! Cargo compiles a library again for every other set of features. One command line for run, test
//! and set-up means that Tauri is compiled once.

use crate::checkout::Checkout;
use crate::progress::Progress;
use anyhow::Result;
use std::process::Command;

/// The window's program.
pub const WINDOW: &str = "helloagents-desktop";
/// The command line's program.
pub const CLI: &str = "helloagents";
/// The program that walks the first lesson in the real window.
pub const WALK: &str = "helloagents-walk";
/// The program that measures the window.
pub const WINDOW_BENCH: &str = "helloagents-window-bench";
/// The program that measures the window while the tutor speaks.
pub const TUTOR_BENCH: &str = "helloagents-tutor-bench";
/// The program that measures a long trace in the window.
pub const TRACE_BENCH: &str = "helloagents-trace-bench";
/// The package of the window tests.
pub const JOURNEYS: &str = "helloagents-e2e-tests";

/// Builds the page into the binary. Every cargo command names it: without it Tauri would be another
/// Tauri, one that looks for a development server.
pub const FEATURES: &str = "helloagents-desktop/custom-protocol";

/// How much to build.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// What can be started.
    Programs,
    /// That and every test.
    Tests,
}

/// Step: the app, the command line and, if asked, the tests.
pub fn build(checkout: &Checkout, progress: &mut Progress, depth: Depth) -> Result<()> {
    let title = match depth {
        Depth::Programs => "App and command line",
        Depth::Tests => "App, command line and tests",
    };
    progress.require(title, "build", command(checkout, depth))
}

/// The build's command line. It leaves this program out, which runs meanwhile.
fn command(checkout: &Checkout, depth: Depth) -> Command {
    let mut cargo = checkout.cargo(&["build", "--workspace", "--exclude", "xtask"]);
    if depth == Depth::Tests {
        cargo.args(["--lib", "--bins", "--tests"]);
    }
    cargo.args(["--features", FEATURES]);
    cargo
}

/// Builds one small program of the workspace, with the features it has in the whole, so that its
/// libraries are those of the app.
pub fn only(checkout: &Checkout, program: &str) -> Command {
    let mut cargo = command(checkout, Depth::Programs);
    cargo.args(["--quiet", "--bin", program]);
    cargo
}

/// As [`only`], for a program among the examples.
pub fn example(checkout: &Checkout, program: &str) -> Command {
    let mut cargo = command(checkout, Depth::Programs);
    cargo.args(["--quiet", "--example", program]);
    cargo
}

/// A release build of the same packages; `more` names further targets. Packing and measuring share it.
pub fn release(checkout: &Checkout, more: &[&str]) -> Command {
    let mut cargo = command(checkout, Depth::Programs);
    cargo.arg("--release").args(more);
    cargo
}
