//! Where an engine may be: what the environment says, the current docker context, and the sockets that
//! Docker Desktop, rootless Docker, Colima, OrbStack, Rancher and Podman make.
//!
//! Reads files and the environment it is given, and connects to nothing.

use serde::Deserialize;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// How an engine is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Address {
    /// A socket in the file system.
    Unix(PathBuf),
    /// A named pipe of Windows.
    Pipe(String),
    /// `host:port`, unprotected; the engine's owner has opened it like that.
    Tcp(String),
    /// `host:port` with certificates of both sides.
    Tls(String, Certificates),
    /// Through `ssh` to this destination, and `docker system dial-stdio` there.
    Ssh(String),
}

/// Files of one connection over TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Certificates {
    pub authority: PathBuf,
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// An engine that may be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// Who named it, for messages: `DOCKER_HOST`, `the docker context "lab"`, a path.
    pub named_by: String,
    pub address: Address,
    /// Whether somebody asked for this one: then its absence is worth a word of its own.
    pub chosen: bool,
}

/// What discovery looks at.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The environment of the process.
    pub environment: HashMap<String, String>,
    /// The user's home folder.
    pub home: Option<PathBuf>,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_this_process() -> Surroundings {
        // A variable that is no text names no engine.
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Surroundings {
            environment: std::env::vars_os().filter_map(text).collect(),
            home: std::env::home_dir(),
        }
    }

    fn variable(&self, name: &str) -> Option<&str> {
        let value = self.environment.get(name)?;
        (!value.is_empty()).then_some(value)
    }

    /// The system's `ssh`, where the environment says that programs are.
    pub(crate) fn ssh(&self) -> PathBuf {
        let path = self.variable("PATH").unwrap_or_default();
        let name = format!("ssh{}", std::env::consts::EXE_SUFFIX);
        let mut found = std::env::split_paths(path).map(|folder| folder.join(&name));
        found
            .find(|program| program.is_file())
            .unwrap_or_else(|| name.into())
    }

    /// The folder of docker's own settings.
    fn docker_folder(&self) -> Option<PathBuf> {
        match self.variable("DOCKER_CONFIG") {
            Some(folder) => Some(folder.into()),
            None => Some(self.home.as_ref()?.join(".docker")),
        }
    }
}

/// Engines in the order in which they are tried. An engine that the environment names is the only one:
/// whoever sets `DOCKER_HOST` does not want another.
///
/// # Errors
/// A name that cannot be understood.
pub(crate) fn candidates(around: &Surroundings) -> Result<Vec<Candidate>, String> {
    if let Some(host) = around.variable("DOCKER_HOST") {
        let certificates = around
            .variable("DOCKER_TLS_VERIFY")
            .and_then(|_| environment_certificates(around));
        let address = address(host, certificates).map_err(|why| format!("DOCKER_HOST: {why}"))?;
        return Ok(vec![chosen("DOCKER_HOST", address)]);
    }
    if let Some(name) = around.variable("DOCKER_CONTEXT")
        && name != "default"
    {
        return Ok(vec![context(around, name)?]);
    }
    let mut found = Vec::new();
    if let Some(name) = current_context(around) {
        // A context that is left over from an uninstalled engine must not hide one that works.
        match context(around, &name) {
            Ok(candidate) => found.push(candidate),
            Err(why) => tracing::warn!("{why}"),
        }
    }
    for address in known_sockets(around) {
        if found.iter().all(|candidate| candidate.address != address) {
            let named_by = match &address {
                Address::Unix(path) => path.display().to_string(),
                Address::Pipe(name) => name.clone(),
                Address::Tcp(host) | Address::Tls(host, _) | Address::Ssh(host) => host.clone(),
            };
            let chosen = false;
            found.push(Candidate {
                named_by,
                address,
                chosen,
            });
        }
    }
    Ok(found)
}

fn chosen(named_by: impl Into<String>, address: Address) -> Candidate {
    Candidate {
        named_by: named_by.into(),
        address,
        chosen: true,
    }
}

/// An address as docker writes it.
fn address(host: &str, certificates: Option<Certificates>) -> Result<Address, String> {
    let (scheme, rest) = host
        .split_once("://")
        .ok_or_else(|| format!("{host:?} has no `unix://`, `tcp://`, `ssh://` or `npipe://`"))?;
    let rest = rest.trim_end_matches('/');
    if rest.is_empty() {
        return Err(format!("{host:?} names nothing"));
    }
    let port = |default: u16| {
        // The last colon of an address in brackets may be the address's own.
        let has_port = rest
            .rsplit_once(':')
            .is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        match has_port {
            true => rest.to_owned(),
            false => format!("{rest}:{default}"),
        }
    };
    match (scheme, certificates) {
        ("unix", _) => Ok(Address::Unix(rest.into())),
        ("npipe", _) => Ok(Address::Pipe(rest.replace('\\', "/"))),
        ("tcp" | "http", None) => Ok(Address::Tcp(port(2375))),
        ("tcp" | "https", Some(certificates)) => Ok(Address::Tls(port(2376), certificates)),
        ("https", None) => Err(format!("{host:?} needs certificates")),
        // What begins with a dash would be read as an option of `ssh`.
        ("ssh", _) if !rest.starts_with('-') => Ok(Address::Ssh(host.into())),
        _ => Err(format!("{host:?} is of no kind that is known")),
    }
}

fn environment_certificates(around: &Surroundings) -> Option<Certificates> {
    let folder = match around.variable("DOCKER_CERT_PATH") {
        Some(folder) => folder.into(),
        None => around.docker_folder()?,
    };
    Some(certificates(&folder))
}

fn certificates(folder: &Path) -> Certificates {
    Certificates {
        authority: folder.join("ca.pem"),
        certificate: folder.join("cert.pem"),
        key: folder.join("key.pem"),
    }
}

#[derive(Deserialize)]
struct Config {
    #[serde(rename = "currentContext")]
    current_context: Option<String>,
}

fn current_context(around: &Surroundings) -> Option<String> {
    let text = fs::read_to_string(around.docker_folder()?.join("config.json")).ok()?;
    let config: Config = serde_json::from_str(&text).ok()?;
    config
        .current_context
        .filter(|name| !name.is_empty() && name != "default")
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "Name")]
    name: String,
    #[serde(rename = "Endpoints")]
    endpoints: HashMap<String, Endpoint>,
}

#[derive(Deserialize)]
struct Endpoint {
    #[serde(rename = "Host", default)]
    host: String,
    #[serde(rename = "SkipTLSVerify", default)]
    skips_verification: bool,
}

/// The engine of a docker context. Its folder is named by a digest of its name; looking into each is
/// as quick as digesting.
fn context(around: &Surroundings, name: &str) -> Result<Candidate, String> {
    let named_by = format!("the docker context {name:?}");
    let missing = || format!("{named_by} does not exist");
    let folder = around.docker_folder().ok_or_else(missing)?.join("contexts");
    let entries = fs::read_dir(folder.join("meta")).map_err(|_| missing())?;
    for entry in entries.flatten() {
        let Ok(text) = fs::read_to_string(entry.path().join("meta.json")) else {
            continue;
        };
        let Ok(meta) = serde_json::from_str::<Meta>(&text) else {
            continue;
        };
        let Some(endpoint) = meta.endpoints.get("docker").filter(|_| meta.name == name) else {
            continue;
        };
        let keys = folder.join("tls").join(entry.file_name()).join("docker");
        let keys = keys.is_dir().then(|| certificates(&keys));
        if endpoint.skips_verification && keys.is_some() {
            return Err(format!(
                "{named_by} does not verify its engine, which is not supported"
            ));
        }
        let address = address(&endpoint.host, keys).map_err(|why| format!("{named_by}: {why}"))?;
        return Ok(chosen(named_by, address));
    }
    Err(missing())
}

/// Sockets that engines make by themselves.
fn known_sockets(around: &Surroundings) -> Vec<Address> {
    if cfg!(windows) {
        let pipes = [
            "dockerDesktopLinuxEngine",
            "docker_engine",
            "podman-machine-default",
        ];
        let pipe = |name| Address::Pipe(format!("//./pipe/{name}"));
        return pipes.map(pipe).into();
    }
    let mut sockets = vec![PathBuf::from("/var/run/docker.sock")];
    if let Some(home) = &around.home {
        sockets.extend(
            [
                ".docker/run/docker.sock",
                ".docker/desktop/docker.sock",
                ".orbstack/run/docker.sock",
                ".colima/default/docker.sock",
                ".rd/docker.sock",
                ".local/share/containers/podman/machine/podman.sock",
            ]
            .map(|path| home.join(path)),
        );
    }
    if let Some(folder) = around.variable("XDG_RUNTIME_DIR").map(Path::new) {
        sockets.push(folder.join("docker.sock"));
        sockets.push(folder.join("podman/podman.sock"));
    }
    sockets.push("/run/podman/podman.sock".into());
    sockets.into_iter().map(Address::Unix).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn around(variables: &[(&str, &str)], home: &Path) -> Surroundings {
        let owned = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
        Surroundings {
            environment: variables.iter().map(owned).collect(),
            home: Some(home.into()),
        }
    }

    fn check_host(variables: &[(&str, &str)], expected: Result<Address, &str>) {
        let found = candidates(&around(variables, Path::new("/users/a")));
        let expected = expected.map_err(|why| format!("DOCKER_HOST: {why}"));
        assert_eq!(
            found,
            expected.map(|address| vec![chosen("DOCKER_HOST", address)])
        );
    }

    #[test]
    fn the_host_in_the_environment_is_the_only_one() {
        let check = |host, expected| check_host(&[("DOCKER_HOST", host)], expected);
        check(
            "unix:///run/x.sock",
            Ok(Address::Unix("/run/x.sock".into())),
        );
        check("tcp://lab:2375", Ok(Address::Tcp("lab:2375".into())));
        check("tcp://lab/", Ok(Address::Tcp("lab:2375".into())));
        check("tcp://[::1]", Ok(Address::Tcp("[::1]:2375".into())));
        check(
            "ssh://me@lab:22",
            Ok(Address::Ssh("ssh://me@lab:22".into())),
        );
        check("npipe:////./pipe/x", Ok(Address::Pipe("//./pipe/x".into())));
        check(
            "lab",
            Err("\"lab\" has no `unix://`, `tcp://`, `ssh://` or `npipe://`"),
        );
        check(
            "ftp://lab",
            Err("\"ftp://lab\" is of no kind that is known"),
        );
        check(
            "ssh://-oProxyCommand=x",
            Err("\"ssh://-oProxyCommand=x\" is of no kind that is known"),
        );
        check("unix://", Err("\"unix://\" names nothing"));
    }

    #[test]
    fn certificates_come_from_their_folder() {
        let with = |folder: &str| {
            Ok(Address::Tls(
                "lab:2376".into(),
                certificates(Path::new(folder)),
            ))
        };
        let host = ("DOCKER_HOST", "tcp://lab");
        let verify = ("DOCKER_TLS_VERIFY", "1");
        check_host(
            &[host, verify, ("DOCKER_CERT_PATH", "/certs")],
            with("/certs"),
        );
        check_host(&[host, verify], with("/users/a/.docker"));
        check_host(
            &[host, ("DOCKER_TLS_VERIFY", "")],
            Ok(Address::Tcp("lab:2375".into())),
        );
    }

    fn write_context(home: &Path, folder: &str, meta: &str) {
        let folder = home.join(".docker/contexts/meta").join(folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("meta.json"), meta).unwrap();
    }

    fn meta(name: &str, host: &str) -> String {
        format!(
            r#"{{"Name":"{name}","Metadata":{{}},"Endpoints":{{"docker":{{"Host":"{host}","SkipTLSVerify":false}}}}}}"#
        )
    }

    #[test]
    fn the_current_context_comes_before_the_known_sockets() {
        let home = tempfile::tempdir().unwrap();
        write_context(home.path(), "aa", &meta("other", "unix:///run/other.sock"));
        write_context(home.path(), "bb", &meta("lab", "tcp://lab:2376"));
        write_context(home.path(), "cc", "not a context");
        let keys = home.path().join(".docker/contexts/tls/bb/docker");
        fs::create_dir_all(&keys).unwrap();
        fs::write(
            home.path().join(".docker/config.json"),
            r#"{"currentContext":"lab"}"#,
        )
        .unwrap();
        let lab = chosen(
            "the docker context \"lab\"",
            Address::Tls("lab:2376".into(), certificates(&keys)),
        );
        let found = candidates(&around(&[], home.path())).unwrap();
        assert_eq!(found[0], lab);
        assert!(found.len() > 3, "{found:?}");
        let other = around(&[("DOCKER_CONTEXT", "other")], home.path());
        let other = candidates(&other).unwrap();
        assert_eq!(other.len(), 1);
        assert_eq!(other[0].address, Address::Unix("/run/other.sock".into()));
        let none = around(&[("DOCKER_CONTEXT", "none")], home.path());
        assert_eq!(
            candidates(&none),
            Err("the docker context \"none\" does not exist".into())
        );
    }

    #[test]
    fn a_context_that_is_gone_does_not_hide_the_known_sockets() {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join(".docker")).unwrap();
        fs::write(
            home.path().join(".docker/config.json"),
            r#"{"currentContext":"gone"}"#,
        )
        .unwrap();
        let found =
            candidates(&around(&[("XDG_RUNTIME_DIR", "/run/user/1")], home.path())).unwrap();
        let has = |path: &str| {
            found
                .iter()
                .any(|one| one.address == Address::Unix(path.into()))
        };
        if cfg!(unix) {
            assert!(
                has("/var/run/docker.sock") && has("/run/user/1/docker.sock"),
                "{found:?}"
            );
            assert!(has("/run/user/1/podman/podman.sock"), "{found:?}");
        }
        assert!(found.iter().all(|one| !one.chosen));
    }
}
