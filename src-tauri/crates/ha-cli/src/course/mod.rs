//! `helloagents course …`: what instructors do with courses.

mod bundle;
mod check;
mod follow;
mod import;
mod preview;

use crate::engine::EngineName;
use clap::{Subcommand, ValueEnum};
use ha_api::Places;
use std::path::PathBuf;

/// What can be done with a course.
#[derive(Subcommand)]
pub(crate) enum CourseCommand {
    /// Prove that a course works: its files, that every starter fails, every solution passes and
    /// every cell runs.
    Check {
        /// The course's folder.
        dir: PathBuf,
        /// The engine that runs them: the built-in one, or containers of Docker.
        #[arg(long, default_value = "wasm")]
        engine: EngineName,
        /// How to say what was found.
        #[arg(long, value_enum, default_value = "human")]
        format: Format,
        /// The same as --format json.
        #[arg(long)]
        json: bool,
    },
    /// See a course in the window while you write it in your own editor, and here what is wrong
    /// with it after each save.
    Preview(preview::PreviewArguments),
    /// Make a course of a docsify folder, an mdBook or notebooks. Run it again to take over
    /// changes: ids stay, and so does what was added to the lessons.
    Import(import::ImportArguments),
    /// Everything from a new folder to another learner's machine.
    #[command(flatten)]
    Bundle(bundle::BundleCommand),
}

/// How a check says what it found.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One line a problem.
    Human,
    /// One JSON object.
    Json,
    /// JUnit's XML, as build servers read it.
    Junit,
}

/// Does it and answers the exit code.
pub(crate) async fn course(command: CourseCommand, places: &Places) -> u8 {
    match command {
        CourseCommand::Check {
            dir,
            engine,
            format,
            json,
        } => {
            let format = if json { Format::Json } else { format };
            let runner = engine.open(places);
            let code = check::check(&dir, format, &*runner).await;
            runner.rest().await;
            code
        }
        CourseCommand::Preview(arguments) => preview::preview(&arguments, places).await,
        CourseCommand::Bundle(command) => bundle::bundle(&command, places).await,
        CourseCommand::Import(arguments) => import::import(&arguments, places).await,
    }
}
