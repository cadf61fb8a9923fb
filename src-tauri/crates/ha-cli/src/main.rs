//! `helloagents`: the same use cases without a window, for instructors' CI, for developers and for
//! tests.
//!
//! Exit codes, all commands: 0 done and everything right, 1 done and something wrong (a course with
//! problems, code that a rule denies, an unhealthy part), 2 usage, 125 our machine failed. `run` answers the program's own
//! code, 124 when its time ran out, 130 when it was stopped, 137 when its memory ran out, 122 when
//! it wrote more than the cap. `ask` answers 1 for an answer that reached the model's limit, 3 when the
//! service needs something of you first (a key, money, settings), 4 when it did not answer or not
//! whole, 130 when it was stopped.

#![deny(clippy::print_stdout, clippy::print_stderr)]

mod ask;
mod check_code;
mod course;
mod doctor;
mod engine;
mod failed;
mod help;
mod run;
mod say;

use clap::{Parser, Subcommand};
use ha_api::Places;
use say::complain;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

/// Our machine failed, as `docker` and `timeout` say it.
const MACHINE_FAILED: u8 = 125;

/// Learn to build AI agents by building them: the command line.
#[derive(Parser)]
#[command(name = "helloagents", version, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 right, 1 something is wrong, 2 usage, 125 our machine failed. \
`run`: the program's own, 122 output cap, 124 time-out, 130 stopped, 137 memory. \
`ask`: 1 not whole, 3 needs a key, money or settings, 4 try later, 130 stopped.";

#[derive(Subcommand)]
enum Command {
    /// Run a Python program in the sandbox.
    Run(run::RunArguments),
    /// Ask the tutor. The key comes from the keyring or from HELLOAGENTS_API_KEY.
    Ask(ask::AskArguments),
    /// Say what programs are about to use, without running them.
    CheckCode(check_code::CheckCodeArguments),
    /// Work on courses.
    #[command(subcommand)]
    Course(course::CourseCommand),
    /// Say whether database, sandbox and courses are healthy.
    Doctor {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
}

fn main() -> ExitCode {
    ha_sandbox_wasm::serve_if_worker();
    answer()
}

#[tokio::main]
async fn answer() -> ExitCode {
    let arguments = help::arguments();
    let Some(places) = Places::of_this_machine() else {
        complain!(
            "helloagents: 这个用户没有主文件夹",
            "helloagents: this user has no home folder"
        );
        return ExitCode::from(MACHINE_FAILED);
    };
    let code = match arguments.command {
        Command::Run(arguments) => {
            let runner = arguments.engine().open(&places);
            let code = run::run(arguments, places, &*runner).await;
            runner.rest().await;
            code
        }
        Command::Course(command) => course::course(command, &places).await,
        Command::Ask(arguments) => ask::ask(arguments, places).await,
        Command::CheckCode(arguments) => check_code::check_code(&arguments),
        Command::Doctor { json } => doctor::doctor(places, json).await,
    };
    // A thread that waits for a line of the terminal must not hold the process.
    std::process::exit(code.into());
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis() as i64)
}
