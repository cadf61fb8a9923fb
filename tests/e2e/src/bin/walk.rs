//! Walks the first lesson in the real window and takes a picture: what `cargo xtask run` does where
//! nobody can look at a window.
//!
//! Arguments: the app's program, the picture's file.

use anyhow::{Context, Result};
use helloagents_e2e::{App, Place};
use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match walk().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nThe walk ended early: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn walk() -> Result<()> {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let program = arguments.next().context("the app's program is missing")?;
    let picture = arguments.next().context("the picture's file is missing")?;
    let place = Place::of(program)?;
    println!("Open the app …");
    let app = App::start(&place).await?;
    println!("Press Start …");
    app.open_first_lesson().await?;
    println!("Run the lesson's program (Ctrl+Enter) …");
    app.focus_editor().await?;
    app.run().await?;
    app.run_has_ended().await?;
    println!("\nIts output:\n");
    for line in app.output().await?.lines() {
        println!("    {line}");
    }
    app.screenshot(&picture)?;
    println!("\nPicture of the window: {}", picture.display());
    app.close().await
}
