//! From an address to a client that speaks the engine's version.

use super::find::{Address, Candidate, Certificates};
use super::ssh;
use crate::trouble::{QUICK, Trouble, within};
use bollard::models::{SystemInfo, SystemVersion};
use bollard::{API_DEFAULT_VERSION, ClientVersion, Docker};
use std::path::Path;
use std::time::Duration;

/// The client's own deadline for the head of an answer; ours are shorter, except for loading images.
const HEAD: u64 = 120;
/// The first answer of an engine on another machine.
const FAR: Duration = Duration::from_secs(20);
/// The oldest version that is spoken: Docker 20.10, Podman 4.
const OLDEST: ClientVersion = ClientVersion {
    major_version: 1,
    minor_version: 40,
};

/// An engine that has answered.
#[derive(Debug, Clone)]
pub(crate) struct Connected {
    pub docker: Docker,
    /// Who named it.
    pub named_by: String,
    pub version: String,
    pub api: String,
    /// `amd64`, `arm64`.
    pub architecture: String,
    pub info: SystemInfo,
}

/// The first of `candidates` that answers and runs Linux containers. `ssh` is the program for those that
/// are reached through it.
///
/// # Errors
/// Why the one that was asked for does not answer; else why the most promising one does not.
pub(crate) async fn first_of(candidates: Vec<Candidate>, ssh: &Path) -> Result<Connected, Trouble> {
    let mut worst = None;
    for candidate in candidates {
        if !candidate.chosen && is_absent(&candidate.address) {
            continue;
        }
        match connect(&candidate, ssh).await {
            Ok(connected) => return Ok(connected),
            Err(trouble) => {
                tracing::info!(engine = candidate.named_by, %trouble, "no engine there");
                let trouble = named(&candidate, trouble);
                worst = worst.or(Some(trouble));
            }
        }
    }
    Err(worst
        .unwrap_or_else(|| Trouble::Unreachable("none is installed, or none is started".into())))
}

fn is_absent(address: &Address) -> bool {
    matches!(address, Address::Unix(path) if !path.exists())
}

fn named(candidate: &Candidate, trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::Unreachable(why) => {
            Trouble::Unreachable(format!("{} ({})", why, candidate.named_by))
        }
        other => other,
    }
}

async fn connect(candidate: &Candidate, ssh: &Path) -> Result<Connected, Trouble> {
    let limit = match candidate.address {
        Address::Unix(_) | Address::Pipe(_) => QUICK,
        Address::Tcp(_) | Address::Tls(..) | Address::Ssh(_) => FAR,
    };
    let docker = client(&candidate.address, ssh)?;
    // Always: a newer client would ask an older engine for a version that it does not have.
    let docker = within(limit, "tell its version", docker.negotiate_version()).await?;
    let version = within(limit, "tell its version", docker.version()).await?;
    let info = within(limit, "describe itself", docker.info()).await?;
    let spoken = docker.client_version();
    if (spoken.major_version, spoken.minor_version) < (OLDEST.major_version, OLDEST.minor_version) {
        return Err(Trouble::Refused(format!(
            "its version is {spoken}, and {OLDEST} is needed"
        )));
    }
    if info
        .os_type
        .as_deref()
        .is_some_and(|system| system != "linux")
    {
        return Err(Trouble::Refused(
            "it runs Windows containers; switch it to Linux containers".into(),
        ));
    }
    Ok(Connected {
        named_by: candidate.named_by.clone(),
        api: spoken.to_string(),
        architecture: architecture(&version),
        version: version.version.unwrap_or_default(),
        info,
        docker,
    })
}

/// As images name it.
fn architecture(version: &SystemVersion) -> String {
    match version.arch.as_deref() {
        Some("x86_64") | None => "amd64".into(),
        Some("aarch64") => "arm64".into(),
        Some(other) => other.into(),
    }
}

fn client(address: &Address, ssh: &Path) -> Result<Docker, Trouble> {
    let client = match address {
        Address::Unix(path) => unix(path)?,
        Address::Pipe(name) => pipe(name)?,
        Address::Tcp(host) => Docker::connect_with_http(host, HEAD, API_DEFAULT_VERSION)?,
        Address::Tls(host, certificates) => tls(host, certificates)?,
        Address::Ssh(destination) => ssh::client(ssh.into(), destination)?,
    };
    Ok(client)
}

#[cfg(unix)]
fn unix(path: &Path) -> Result<Docker, Trouble> {
    let path = path.to_string_lossy();
    Ok(Docker::connect_with_unix(&path, HEAD, API_DEFAULT_VERSION)?)
}

#[cfg(not(unix))]
fn unix(path: &Path) -> Result<Docker, Trouble> {
    Err(Trouble::Unreachable(format!(
        "{} is a socket of another system",
        path.display()
    )))
}

#[cfg(windows)]
fn pipe(name: &str) -> Result<Docker, Trouble> {
    Ok(Docker::connect_with_named_pipe(
        name,
        HEAD,
        API_DEFAULT_VERSION,
    )?)
}

#[cfg(not(windows))]
fn pipe(name: &str) -> Result<Docker, Trouble> {
    Err(Trouble::Unreachable(format!(
        "{name} is a pipe of another system"
    )))
}

fn tls(host: &str, certificates: &Certificates) -> Result<Docker, Trouble> {
    // Fails when there is one already, which is just as good.
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    Ok(Docker::connect_with_ssl(
        host,
        &certificates.key,
        &certificates.certificate,
        &certificates.authority,
        HEAD,
        API_DEFAULT_VERSION,
    )?)
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::UnixListener;

    /// An engine that says of itself what it is told to; which version it was asked for is in the answer.
    async fn told(api: &str, system: &str) -> Result<Connected, Trouble> {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("engine.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let version = format!(r#"{{"Version":"1","ApiVersion":"{api}","Arch":"arm64"}}"#);
        let info = format!(r#"{{"OSType":"{system}"}}"#);
        let engine = tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut asked = [0; 4096];
                let length = stream.read(&mut asked).await.unwrap();
                let asked = String::from_utf8_lossy(&asked[..length]);
                let body = match asked.contains("/info") {
                    true => &info,
                    false => &version,
                };
                let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close";
                let answer = format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        let candidate = Candidate {
            named_by: "a test".into(),
            address: Address::Unix(socket),
            chosen: true,
        };
        let connected = first_of(vec![candidate], Path::new("ssh")).await;
        engine.abort();
        connected
    }

    #[tokio::test]
    async fn the_older_of_both_versions_is_spoken() {
        let newest = API_DEFAULT_VERSION.to_string();
        for (theirs, spoken) in [("1.40", "1.40"), ("1.41", "1.41"), ("1.99", &newest)] {
            let connected = told(theirs, "linux").await.unwrap();
            assert_eq!(connected.api, spoken);
            assert_eq!(connected.architecture, "arm64");
        }
    }

    #[tokio::test]
    async fn an_engine_that_is_too_old_or_runs_windows_is_refused_in_words() {
        for (api, system, expected) in [
            ("1.39", "linux", "its version is 1.39, and 1.40 is needed"),
            ("1.41", "windows", "switch it to Linux containers"),
        ] {
            let refused = told(api, system).await.unwrap_err().to_string();
            assert!(refused.contains(expected), "{refused}");
        }
    }
}
