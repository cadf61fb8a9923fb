//! Developer commands: `cargo xtask <command>`. Each module is one command or one thing commands share.
//!
//! Nothing here is part of the app. It depends on little, so that the first command on a fresh
//! machine starts within seconds.

mod abuse;
mod app;
mod bench;
mod bench_table;
mod bindings;
mod checkout;
mod display;
mod engine;
mod fuzz;
mod guest;
mod image;
mod package;
mod peers;
mod progress;
mod run;
mod setup;
mod system;
mod tally;
mod test;
mod tidy;

use checkout::Checkout;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Developer commands of HelloAgents")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Set up what is missing, build, and open the window
    Run,
    /// Set up what is missing and run every test
    Test,
    /// Set up what is missing and build what the app and its tests need, without starting anything
    Setup,
    /// Check the rules of the house: headers, sizes, dependencies, licences
    Tidy,
    /// Write the wire types as TypeScript into ui/src/bindings
    Bindings {
        /// Only compare, and fail on a difference
        #[arg(long)]
        check: bool,
    },
    /// Build the CPython guest
    Guest,
    /// Build the image of the container engine
    Image {
        /// The language that it is for
        #[arg(long, value_enum, default_value = "python")]
        language: image::Language,
    },
    /// Attack an engine and print what came of it
    Abuse {
        /// The engine
        #[arg(long, value_enum, default_value = "wasm")]
        engine: abuse::Engine,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
        /// Parts of names of cases; all cases when left out
        names: Vec<String>,
    },
    /// Give hostile inputs, guided by coverage, to what reads courses of others
    Fuzz {
        /// One target; all of them when left out
        target: Option<String>,
        /// How long each explores
        #[arg(long, default_value_t = 60)]
        seconds: u32,
        /// Give it this input only
        #[arg(long)]
        replay: Option<PathBuf>,
    },
    /// Measure release builds
    Bench {
        /// One area; all of them when left out
        #[arg(value_enum)]
        area: Option<bench::Area>,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
        /// The sandbox alone, without installing others to compare with
        #[arg(long)]
        no_peers: bool,
    },
    /// Build the .deb and the .rpm
    Package,
}

fn main() -> ExitCode {
    match dispatch(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> anyhow::Result<()> {
    let checkout = Checkout::find()?;
    match command {
        Command::Run => run::run(&checkout),
        Command::Test => test::run(&checkout),
        Command::Setup => setup::everything(&checkout),
        Command::Tidy => tidy::run(&checkout),
        Command::Bindings { check: true } => bindings::check(&checkout),
        Command::Bindings { check: false } => bindings::write(&checkout),
        Command::Guest => guest::ensure(&checkout),
        Command::Image { language } => image::ensure(&checkout, language),
        Command::Abuse {
            engine,
            json,
            names,
        } => abuse::run(&checkout, engine, json, &names),
        Command::Fuzz {
            target,
            replay: Some(input),
            ..
        } => fuzz::replay(&checkout, target.as_deref(), &input),
        Command::Fuzz {
            target, seconds, ..
        } => fuzz::run(&checkout, target.as_deref(), seconds),
        Command::Bench {
            area,
            json,
            no_peers,
        } => bench::run(&checkout, area, json, !no_peers),
        Command::Package => package::run(&checkout),
    }
}
