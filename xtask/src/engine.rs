//! A container engine for the tests, of their own: started before them, stopped after them, whatever
//! happens in between.
//!
//! It is `ha-testkit` that knows how; its small program lives as long as our end of its input is open, so
//! it also stops when this program is interrupted.

use crate::checkout::Checkout;
use crate::image::{self, Language};
use crate::system;
use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Where tests find an engine. Whoever sets it beforehand gets that one used.
const HOST: &str = "HELLOAGENTS_TEST_DOCKER_HOST";
/// Where tests find the image for it.
const IMAGE: &str = "HELLOAGENTS_TEST_IMAGE";
const PROGRAM: &str = "test-engine";
/// The packages whose tests need an engine.
pub const PACKAGES: &str = "package(ha-sandbox-docker) & kind(test)";
/// The journeys that need one.
pub const JOURNEYS: &str = "test(/^engines::docker::/)";

/// Whether the tests can have an engine here, and if not, why.
pub fn is_possible() -> std::result::Result<(), &'static str> {
    if std::env::var_os(HOST).is_some() {
        return Ok(());
    }
    image::is_possible()?;
    if !system::is_root() {
        return Err("an engine of their own needs root");
    }
    Ok(())
}

/// Which build of the program that keeps engines.
#[derive(Clone, Copy)]
pub enum Keeper {
    /// The debug one.
    OfTests,
    /// The release one.
    OfBench,
}

/// An engine that lives as long as this value.
pub struct Engine {
    keeper: Option<Child>,
    host: String,
    checkout_image: std::path::PathBuf,
}

impl Engine {
    /// Starts one, or takes the one that the environment names. The image must have been built, and the
    /// program that keeps engines.
    pub fn start(checkout: &Checkout, keeper: Keeper) -> Result<Engine> {
        let checkout_image = image::archive(checkout, Language::Python);
        if let Ok(host) = std::env::var(HOST) {
            return Ok(Engine {
                keeper: None,
                host,
                checkout_image,
            });
        }
        let program = match keeper {
            Keeper::OfTests => checkout.debug_program(PROGRAM),
            Keeper::OfBench => checkout.release_program(PROGRAM),
        };
        let mut keeper = Command::new(program)
            .arg(checkout.path("target/engine"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("start a container engine")?;
        let stdout = keeper.stdout.take().context("it has an output")?;
        let mut host = String::new();
        BufReader::new(stdout).read_line(&mut host)?;
        let host = host.trim().to_owned();
        ensure!(!host.is_empty(), "the container engine did not start");
        let engine = Engine {
            keeper: Some(keeper),
            host,
            checkout_image,
        };
        image::load(checkout, &engine.host)?;
        Ok(engine)
    }

    /// Tells a command where it is, in docker's own words.
    pub fn apply_as_docker(&self, command: &mut Command) {
        command
            .env("DOCKER_HOST", &self.host)
            .env("HELLOAGENTS_IMAGE", &self.checkout_image);
    }

    /// Tells a command's tests where it is.
    pub fn apply(&self, command: &mut Command) {
        command
            .env(HOST, &self.host)
            .env(IMAGE, &self.checkout_image);
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if let Some(keeper) = &mut self.keeper {
            drop(keeper.stdin.take());
            keeper.wait().ok();
        }
    }
}
