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
use tokio::process::Command;

/// The answer of the far engine: two networks and a login lie between.
const LIMIT: Duration = Duration::from_secs(30);

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
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let (Some(output), Some(input)) = (ssh.stdout.take(), ssh.stdin.take()) else {
        return Err(std::io::Error::from(std::io::ErrorKind::BrokenPipe).into());
    };
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
    Ok(sender.send_request(request).await?)
}
