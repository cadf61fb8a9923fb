//! `cargo xtask run`: from a fresh clone to the open window, or to a picture of it.

use crate::app::{self, Depth};
use crate::checkout::Checkout;
use crate::display;
use crate::progress::Progress;
use crate::setup;
use anyhow::{Context, Result, ensure};

/// Sets up, builds, and opens the window; without a display, walks the first lesson in a virtual one.
pub fn run(checkout: &Checkout) -> Result<()> {
    let mut progress = Progress::new(checkout.logs(), setup::STEPS + 1)?;
    setup::basics(checkout, &mut progress)?;
    app::build(checkout, &mut progress, Depth::Programs)?;
    if display::present() {
        open(checkout)
    } else {
        walk(checkout)
    }
}

fn open(checkout: &Checkout) -> Result<()> {
    println!("\nThe window opens. Close it or press Ctrl+C to end.");
    let status = checkout
        .tool(checkout.debug_program(app::WINDOW))
        .status()
        .context("start the app")?;
    ensure!(status.success(), "the app ended with {status}");
    Ok(())
}

fn walk(checkout: &Checkout) -> Result<()> {
    let screen = display::Virtual::start()?;
    println!(
        "\nThere is no display here (DISPLAY and WAYLAND_DISPLAY are not set), so no window can be\n\
         seen. Instead the first lesson is walked through in a virtual display ({}).\n",
        screen.name
    );
    let mut walk = checkout.tool(checkout.debug_program(app::WALK));
    walk.arg(checkout.debug_program(app::WINDOW))
        .arg(checkout.path("target/first-lesson.png"));
    screen.apply(&mut walk);
    let status = walk.status().context("start the walk")?;
    ensure!(status.success(), "the walk through the first lesson failed");
    println!("\nOn a machine with a display the same command opens the window.");
    Ok(())
}
