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

/// The first of `candidates` that answers and runs Linux containers.
///
/// # Errors
/// Why the one that was asked for does not answer; else why the most promising one does not.
pub(crate) async fn first_of(candidates: Vec<Candidate>) -> Result<Connected, Trouble> {
    let mut worst = None;
    for candidate in candidates {
        if !candidate.chosen && is_absent(&candidate.address) {
            continue;
        }
        match connect(&candidate).await {
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

async fn connect(candidate: &Candidate) -> Result<Connected, Trouble> {
    let limit = match candidate.address {
        Address::Unix(_) | Address::Pipe(_) => QUICK,
        Address::Tcp(_) | Address::Tls(..) | Address::Ssh(_) => FAR,
    };
    let docker = client(&candidate.address)?;
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

fn client(address: &Address) -> Result<Docker, Trouble> {
    let client = match address {
        Address::Unix(path) => unix(path)?,
        Address::Pipe(name) => pipe(name)?,
        Address::Tcp(host) => Docker::connect_with_http(host, HEAD, API_DEFAULT_VERSION)?,
        Address::Tls(host, certificates) => tls(host, certificates)?,
        Address::Ssh(destination) => ssh::client("ssh".into(), destination)?,
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
