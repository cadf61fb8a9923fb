//! `cargo xtask abuse`: the abuse suite over an engine, as a table.
//!
//! The cases are `tests/abuse/cases`; the program that runs them belongs to the engine, because no
//! engine is linked here. The same cases are tests, so `cargo xtask test` runs them too.

use crate::app;
use crate::checkout::Checkout;
use crate::guest;
use anyhow::{Context, Result, ensure};
use clap::ValueEnum;

const CASES: &str = "tests/abuse/cases";

/// Which engine is attacked.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// The embedded one.
    Wasm,
}

/// Runs the cases whose names contain one of `names`, or all of them, and prints what came of each.
///
/// # Errors
/// A build that fails, and a case that does.
pub fn run(checkout: &Checkout, engine: Engine, json: bool, names: &[String]) -> Result<()> {
    let Engine::Wasm = engine;
    if !json {
        guest::ensure(checkout)?;
    }
    let status = app::example(checkout, "abuse").status();
    ensure!(status.context("start cargo")?.success(), "the build failed");
    let mut suite = checkout.tool(checkout.debug_program("examples/abuse"));
    suite.arg(checkout.path(CASES)).args(names);
    if json {
        suite.arg("--json");
    }
    let status = suite.status().context("start the suite")?;
    ensure!(status.success(), "the engine did not stand every attack");
    Ok(())
}
