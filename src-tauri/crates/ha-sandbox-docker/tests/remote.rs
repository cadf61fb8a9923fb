//! Engines on other machines, as a class or a lab has them: over TCP with certificates of both sides, and
//! through `ssh`. What is not reachable says why.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use ha_sandbox::{PoolReport, RunError, Runner, Standing};
use ha_sandbox_docker::{DockerRunner, Surroundings};
use ha_testkit::conformance::{canary, script};
use ha_testkit::engine::{Identity, PrivateEngine};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Somebody who vouches for others.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Authority {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        Authority { pem, issuer }
    }

    /// Writes a certificate of this machine and its key, and `trusted` as the authority, under docker's
    /// own names.
    fn certify(&self, folder: &Path, trusted: &Authority) -> Identity {
        fs::create_dir_all(folder).unwrap();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["127.0.0.1".into()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let write = |name: &str, text: String| -> PathBuf {
            let path = folder.join(name);
            fs::write(&path, text).unwrap();
            path
        };
        Identity {
            authority: write("ca.pem", trusted.pem.clone()),
            certificate: write("cert.pem", certificate.pem()),
            key: write("key.pem", key.serialize_pem()),
        }
    }
}

/// Our runner with nothing but these variables around it.
fn runner(locks: &Path, environment: &[(&str, &str)]) -> Arc<DockerRunner> {
    let mut settings = common::settings("");
    settings.locks = locks.into();
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    settings.surroundings = Surroundings {
        environment: environment.iter().map(owned).collect::<HashMap<_, _>>(),
        home: None,
    };
    DockerRunner::open(settings)
}

/// Why nothing runs.
async fn refused(runner: &DockerRunner) -> String {
    match runner.start(script("print()")).await {
        Err(RunError::Unavailable(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_behind_certificates_is_used_by_whom_it_knows() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, others) = (Authority::new(), Authority::new());
    let identity = ours.certify(&folder.path().join("engine"), &ours);
    let (_engine, address) = PrivateEngine::start_with_port(&identity).unwrap();
    for (name, vouches, trusted, is_known) in [
        ("friend", &ours, &ours, true),
        ("stranger", &others, &ours, false),
        ("suspicious", &ours, &others, false),
    ] {
        let own = folder.path().join(name);
        vouches.certify(&own, trusted);
        let environment = [
            ("DOCKER_HOST", address.as_str()),
            ("DOCKER_TLS_VERIFY", "1"),
            ("DOCKER_CERT_PATH", own.to_str().unwrap()),
        ];
        let runner = runner(&folder.path().join("locks"), &environment);
        if is_known {
            canary(&*runner).await;
        } else {
            let reason = refused(&runner).await.to_lowercase();
            let is_said = reason.contains("certificate") || reason.contains("unknownca");
            assert!(is_said, "{name}: {reason}");
        }
        runner.rest().await;
    }
}

/// A program that stands for `ssh`: writes down what it was asked, and does the rest of `body`.
fn fake_ssh(folder: &Path, body: &str) {
    let program = folder.join("ssh");
    let notes = folder.join("asked");
    let script = format!("#!/bin/sh\necho \"$@\" >> '{}'\n{body}\n", notes.display());
    fs::write(&program, script).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&program, mode).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_behind_ssh_is_asked_as_docker_asks_it() {
    let folder = tempfile::tempdir().unwrap();
    let engine = PrivateEngine::start().unwrap();
    // What the far `ssh` would start there.
    let dial = format!("exec docker --host '{}' system dial-stdio", engine.host());
    fake_ssh(folder.path(), &dial);
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    let environment = [("DOCKER_HOST", "ssh://me@lab:2222"), ("PATH", &path)];
    let runner = runner(&folder.path().join("locks"), &environment);
    canary(&*runner).await;
    let PoolReport { standing, .. } = runner.pool().unwrap();
    let Standing::Ready { engine } = standing else {
        panic!("{standing:?}");
    };
    assert_eq!(engine.named_by, "DOCKER_HOST");
    runner.rest().await;
    let asked = fs::read_to_string(folder.path().join("asked")).unwrap();
    let expected =
        "-T -oBatchMode=yes -oConnectTimeout=10 -- ssh://me@lab:2222 docker system dial-stdio";
    assert!(asked.lines().all(|line| line == expected), "{asked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ssh_that_gets_nowhere_says_why_in_its_own_words() {
    let folder = tempfile::tempdir().unwrap();
    fake_ssh(
        folder.path(),
        "echo 'me@lab: Permission denied (publickey).' >&2; exit 255",
    );
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    let environment = [("DOCKER_HOST", "ssh://me@lab"), ("PATH", &path)];
    let runner = runner(&folder.path().join("locks"), &environment);
    let reason = refused(&runner).await;
    assert!(reason.contains("Permission denied (publickey)"), "{reason}");
}
