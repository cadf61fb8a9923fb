//! The worker process: the engine behind walls, serving one app over its standard input and output.
//!
//! It starts, raises its walls, says hello, is told where the guest is, and serves until its input
//! ends. Nothing it prints reaches the app but frames; its standard error goes to the app's log and
//! carries no word of a learner's.

mod crew;
mod line;
mod walls;

#[cfg(test)]
pub(crate) use line::testing;
pub(crate) use line::{Leave, Line, Output};

use crate::frame::{Frames, News, Order, PROTOCOL};
use crate::guest::GuestLocation;
use anyhow::{Context, Result, bail};
use crew::Crew;
use std::ffi::OsStr;
use std::fs::File;

/// The first argument that makes a program the worker.
pub(crate) const FLAG: &str = "--sandbox-worker";

/// Call this first in `main`: before logging, arguments, threads and windows. In a process that was
/// started as a worker it serves and ends the process; in any other it does nothing.
pub fn serve_if_worker() {
    if std::env::args_os().nth(1).as_deref() != Some(OsStr::new(FLAG)) {
        return;
    }
    let code = match serve() {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("{error:#}");
            1
        }
    };
    std::process::exit(code);
}

fn serve() -> Result<()> {
    walls::raise();
    speak_of_ourselves_only();
    let (input, output) = take_pipes().context("there is no pipe to an app")?;
    let output = Output::new(output);
    output.send([News::Hello {
        protocol: PROTOCOL,
        pid: std::process::id(),
    }]);
    let mut orders = Frames::new(input);
    let location = match orders.next()? {
        Some(Order::Open { dir, cache_dir }) => GuestLocation {
            dir: dir.into(),
            cache_dir: cache_dir.into(),
        },
        Some(_) => bail!("the app began with something else than where the guest is"),
        None => return Ok(()),
    };
    Crew::serve(orders, output, location)
}

/// The two pipes as files of their own; whoever prints by mistake disturbs no frame.
#[cfg(unix)]
fn take_pipes() -> Result<(File, File)> {
    use std::os::fd::AsFd;
    let input = std::io::stdin().as_fd().try_clone_to_owned()?;
    let output = std::io::stdout().as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    rustix::stdio::dup2_stdout(std::io::stderr())?;
    Ok((input.into(), output.into()))
}

#[cfg(windows)]
fn take_pipes() -> Result<(File, File)> {
    use std::os::windows::io::AsHandle;
    let input = std::io::stdin().as_handle().try_clone_to_owned()?;
    let output = std::io::stdout().as_handle().try_clone_to_owned()?;
    Ok((input.into(), output.into()))
}

/// Sends our own warnings to standard error. A panic says where it was and not what: its message may
/// quote a program's text.
fn speak_of_ourselves_only() {
    use tracing_subscriber::filter::{LevelFilter, Targets};
    use tracing_subscriber::layer::SubscriberExt;
    use tracing_subscriber::util::SubscriberInitExt;
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .without_time();
    let ours = Targets::new().with_target(env!("CARGO_CRATE_NAME"), LevelFilter::WARN);
    // Fails only where somebody else came first; nobody did.
    tracing_subscriber::registry()
        .with(ours)
        .with(lines)
        .try_init()
        .ok();
    std::panic::set_hook(Box::new(|panic| match panic.location() {
        Some(place) => eprintln!("panicked at {place}"),
        None => eprintln!("panicked"),
    }));
}
