//! Licences of everything that is built in, against the list in `deny.toml`.
//!
//! `cargo deny` checks the same list and more, but fetches a database; this check needs nothing.

use super::graph::Graph;
use crate::checkout::Checkout;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;

#[derive(Deserialize)]
struct Deny {
    licenses: Licences,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
}

/// npm packages looked at by hand: folder, what its licence file says, and why that is fine here.
const LOOKED_AT: &[(&str, &str, &str)] = &[
    (
        "node_modules/khroma",
        "MIT",
        "its package.json does not say it",
    ),
    (
        "node_modules/elkjs",
        "EPL-2.0",
        "unchanged, in a file of its own that a diagram loads",
    ),
];

/// Tools of developers with a licence that is not on the list, and why that is fine here.
const TOOLS: &[(&str, &str)] = &[(
    "libfuzzer-sys",
    "NCSA, as permissive as MIT, and in nothing that is handed out",
)];

#[derive(Deserialize)]
struct PackageLock {
    packages: BTreeMap<String, NpmPackage>,
}

#[derive(Deserialize)]
struct NpmPackage {
    license: Option<String>,
    /// Tools of the page's build; they are in no binary.
    #[serde(default)]
    dev: bool,
}

/// Checks Rust and npm packages.
pub fn check(checkout: &Checkout, graph: &Graph) -> Result<Vec<String>> {
    let allowed = allowed(checkout)?;
    let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
    let rust = graph
        .foreign()
        .filter_map(|package| problem(&package.name, package.license.as_deref(), &allowed));
    let lock = fs::read_to_string(checkout.path("ui/package-lock.json"))?;
    let lock: PackageLock = serde_json::from_str(&lock).context("ui/package-lock.json")?;
    let npm = lock
        .packages
        .iter()
        .filter(|(folder, package)| !folder.is_empty() && !package.dev)
        .filter(|(folder, _)| !LOOKED_AT.iter().any(|(known, _, _)| known == folder))
        .filter_map(|(folder, package)| problem(folder, package.license.as_deref(), &allowed));
    Ok(rust.chain(npm).collect())
}

/// Checks Rust packages that are in no binary of the app.
pub fn tools(checkout: &Checkout, graph: &Graph) -> Result<Vec<String>> {
    let allowed = allowed(checkout)?;
    let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
    let rest = graph
        .foreign()
        .filter(|package| !TOOLS.iter().any(|(known, _)| *known == package.name));
    let problems =
        rest.filter_map(|package| problem(&package.name, package.license.as_deref(), &allowed));
    Ok(problems.collect())
}

fn allowed(checkout: &Checkout) -> Result<Vec<String>> {
    let deny = fs::read_to_string(checkout.path("deny.toml")).context("read deny.toml")?;
    let Deny { licenses } = toml::from_str(&deny).context("deny.toml")?;
    Ok(licenses.allow)
}

fn problem(name: &str, licence: Option<&str>, allowed: &[&str]) -> Option<String> {
    let Some(licence) = licence else {
        return Some(format!("{name}: says no licence"));
    };
    (!allows(licence, allowed))
        .then(|| format!("{name}: its licence {licence:?} is not allowed in deny.toml"))
}

/// Whether an SPDX expression can be satisfied. `/` is the old way to write `OR`.
fn allows(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    any(&mut words, allowed) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any(words: &mut Words, allowed: &[&str]) -> bool {
    let mut holds = all(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        // Both sides are read, whatever the first one says.
        holds |= all(words, allowed);
    }
    holds
}

fn all(words: &mut Words, allowed: &[&str]) -> bool {
    let mut holds = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        holds &= one(words, allowed);
    }
    holds
}

fn one(words: &mut Words, allowed: &[&str]) -> bool {
    match words.next() {
        Some("(") => {
            let holds = any(words, allowed);
            words.next() == Some(")") && holds
        }
        Some(name) => {
            let mut name = name.to_owned();
            if words.next_if_eq(&"WITH").is_some() {
                name = format!("{name} WITH {}", words.next().unwrap_or_default());
            }
            allowed.contains(&name.as_str())
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expression: &str, expected: bool) {
        let allowed = [
            "MIT",
            "Apache-2.0",
            "Apache-2.0 WITH LLVM-exception",
            "Unicode-3.0",
        ];
        assert_eq!(allows(expression, &allowed), expected, "{expression}");
    }

    #[test]
    fn expressions_are_read_as_spdx_means_them() {
        check("MIT", true);
        check("GPL-3.0-only", false);
        check("GPL-3.0-only OR MIT", true);
        check("MIT AND GPL-3.0-only", false);
        check("(MIT OR GPL-3.0-only) AND Unicode-3.0", true);
        check("(MIT OR Apache-2.0) AND GPL-3.0-only", false);
        check("Apache-2.0 WITH LLVM-exception", true);
        check("GPL-2.0-only WITH Classpath-exception-2.0", false);
        check("MIT/Apache-2.0", true);
        check("MIT)", false);
        check("", false);
    }

    #[test]
    fn a_package_without_a_licence_is_found() {
        assert!(problem("x", None, &["MIT"]).is_some());
    }
}
