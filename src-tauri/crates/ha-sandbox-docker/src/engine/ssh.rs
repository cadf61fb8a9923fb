//! An engine on another machine, reached through the system's own `ssh`, which knows the user's keys,
//! agents and jump hosts.
//!
//! Every request is a connection and so an `ssh` of its own, with `docker system dial-stdio` at the other
//! end; `ControlMaster` in the user's settings makes the further ones quick. Passwords cannot be asked for.

use bollard::errors::Error;
use bollard::{BollardRequest, Docker};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::ffi::OsString;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{ChildStderr, Command};

/// The answer of the far engine: two networks and a login lie between.
const LIMIT: Duration = Duration::from_secs(30);

/// Bytes of `ssh`'s own words that are read.
const MOST_WORDS: u64 = 64 << 10;

/// A client whose requests go through `program`, normally `ssh`, to a destination like `ssh://me@lab:22`.
pub(super) fn client(program: OsString, destination: &str) -> Result<Docker, Error> {
    let command: Arc<[OsString]> = [
        program,
        "-T".into(),
        "-oBatchMode=yes".into(),
        "-oConnectTimeout=10".into(),
        "--".into(),
        destination.into(),
        "docker".into(),
        "system".into(),
        "dial-stdio".into(),
    ]
    .into();
    Docker::connect_with_custom_transport(
        move |request| send(command.clone(), request),
        // The far end does not care for the name; it is one machine.
        Some("http://docker"),
        LIMIT.as_secs(),
        bollard::API_DEFAULT_VERSION,
    )
}

async fn send(
    command: Arc<[OsString]>,
    request: BollardRequest,
) -> Result<hyper::Response<Incoming>, Error> {
    let mut ssh = Command::new(&command[0])
        .args(&command[1..])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let ends = (ssh.stdin.take(), ssh.stdout.take(), ssh.stderr.take());
    let (Some(input), Some(output), Some(errors)) = ends else {
        return Err(std::io::Error::from(std::io::ErrorKind::BrokenPipe).into());
    };
    let words = tokio::spawn(last_words(errors));
    let pipes = TokioIo::new(tokio::io::join(output, input));
    let (mut sender, connection) = http1::handshake(pipes).await?;
    tokio::spawn(async move {
        // Ends with the connection, also with one that has become a container's stream.
        connection.with_upgrades().await.ok();
        ssh.wait().await.ok();
    });
    let (mut head, body) = request.into_parts();
    // Of the address only the path is the engine's.
    if let Some(path) = head.uri.path_and_query() {
        head.uri = hyper::Uri::from(path.clone());
    }
    head.headers.insert(
        hyper::header::HOST,
        hyper::header::HeaderValue::from_static("docker"),
    );
    let request = hyper::Request::from_parts(head, body);
    match sender.send_request(request).await {
        Ok(answer) => Ok(answer),
        // Why there is no answer, `ssh` knows better than whoever waited for one.
        Err(error) => match words.await {
            Ok(Some(words)) => Err(std::io::Error::other(words).into()),
            _ => Err(error.into()),
        },
    }
}

/// The last thing `ssh` complains of; reads to the end, so that it never waits for a reader.
async fn last_words(errors: ChildStderr) -> Option<String> {
    let mut lines = BufReader::new(errors.take(MOST_WORDS)).lines();
    let mut last = None;
    while let Ok(Some(line)) = lines.next_line().await {
        if !line.trim().is_empty() {
            last = Some(format!("ssh: {}", line.trim()));
        }
    }
    last
}
