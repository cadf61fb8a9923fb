//! The fuzz package stands outside of the workspace, so the other rules do not see what it is built
//! with: versions as the app has them, licences that are allowed, nothing heavy.

use super::graph::Graph;
use super::licences;
use crate::checkout::Checkout;
use crate::fuzz::MANIFEST;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const LOCK: &str = "tests/fuzz/Cargo.lock";
/// A build of minutes for none of its targets.
const NEVER: [&str; 4] = ["rusqlite", "tauri", "tokio", "wasmtime"];

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
}

/// Checks the package.
pub fn check(checkout: &Checkout) -> Result<Vec<String>> {
    let graph = Graph::load(checkout, MANIFEST)
        .with_context(|| format!("{LOCK}: cargo metadata --manifest-path {MANIFEST} renews it"))?;
    let read = |lock: &str| -> Result<Lock> {
        let text = fs::read_to_string(checkout.path(lock)).with_context(|| lock.to_owned())?;
        toml::from_str(&text).with_context(|| lock.to_owned())
    };
    let heavy = NEVER.iter().filter(|name| graph.has(name));
    let heavy = heavy.map(|name| format!("{MANIFEST}: must not depend on {name}"));
    let mut problems = drift(&read("Cargo.lock")?, &read(LOCK)?);
    problems.extend(heavy);
    problems.extend(licences::tools(checkout, &graph)?);
    Ok(problems)
}

/// Packages that both have, and the app not in this version: the targets would judge another reader.
fn drift(app: &Lock, own: &Lock) -> Vec<String> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in &app.package {
        let known = versions.entry(&package.name).or_default();
        known.insert(&package.version);
    }
    let strange = own.package.iter().filter_map(|package| {
        let known = versions.get(package.name.as_str())?;
        let Locked { name, version } = package;
        let known_here = || known.iter().copied().collect::<Vec<_>>().join(", ");
        (!known.contains(version.as_str()))
            .then(|| format!("{LOCK}: {name} {version}, but the app has {}", known_here()))
    });
    strange.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(packages: &[(&str, &str)]) -> Lock {
        let locked = |(name, version): &(&str, &str)| Locked {
            name: (*name).into(),
            version: (*version).into(),
        };
        Lock {
            package: packages.iter().map(locked).collect(),
        }
    }

    #[test]
    fn a_version_that_the_app_does_not_have_is_found() {
        let app = lock(&[("zip", "8.6.0"), ("rand", "0.8.5"), ("rand", "0.9.2")]);
        let same = lock(&[
            ("zip", "8.6.0"),
            ("rand", "0.9.2"),
            ("libfuzzer-sys", "0.4.13"),
        ]);
        assert_eq!(drift(&app, &same), [] as [String; 0]);
        let other = lock(&[("zip", "8.5.0"), ("rand", "0.10.0")]);
        assert_eq!(
            drift(&app, &other),
            [
                "tests/fuzz/Cargo.lock: zip 8.5.0, but the app has 8.6.0",
                "tests/fuzz/Cargo.lock: rand 0.10.0, but the app has 0.8.5, 0.9.2"
            ]
        );
    }
}
