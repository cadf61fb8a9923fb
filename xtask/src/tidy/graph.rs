//! The packages of the build and who depends on whom, as cargo resolves them.
//!
//! Development dependencies are left out: tests may use what the program must not.

use crate::checkout::Checkout;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The resolved packages.
pub struct Graph {
    packages: BTreeMap<String, Package>,
    /// Names of our own packages.
    pub house: BTreeSet<String>,
    direct: HashMap<String, BTreeSet<String>>,
}

/// What we ask about a package.
#[derive(Deserialize, Clone)]
pub struct Package {
    id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its SPDX expression, if it has one.
    pub license: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Deserialize)]
struct DependencyKind {
    /// None is a normal dependency.
    kind: Option<String>,
}

impl Graph {
    /// Asks cargo about the package or workspace of a manifest. Fails when its lock file is out of
    /// date.
    pub fn load(checkout: &Checkout, manifest: &str) -> Result<Graph> {
        let arguments = ["metadata", "--format-version", "1", "--locked"];
        let mut cargo = checkout.cargo(&arguments);
        cargo.arg("--manifest-path").arg(checkout.path(manifest));
        let output = cargo.output().context("start cargo")?;
        ensure!(
            output.status.success(),
            "cargo metadata: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let metadata = serde_json::from_slice(&output.stdout).context("read cargo's answer")?;
        Ok(Graph::new(metadata))
    }

    fn new(metadata: Metadata) -> Graph {
        let by_id: HashMap<String, Package> = metadata
            .packages
            .into_iter()
            .map(|package| (package.id.clone(), package))
            .collect();
        let name = |id: &String| by_id[id].name.clone();
        let house = metadata.workspace_members.iter().map(name).collect();
        // By name, not by version: two versions of one library are the same library to the table.
        let mut direct: HashMap<String, BTreeSet<String>> = HashMap::new();
        for node in &metadata.resolve.nodes {
            let edges = direct.entry(name(&node.id)).or_default();
            let built = node.deps.iter().filter(|dependency| dependency.is_built());
            edges.extend(built.map(|dependency| name(&dependency.pkg)));
        }
        let packages = by_id
            .into_values()
            .map(|package| (format!("{} {}", package.name, package.version), package))
            .collect();
        Graph {
            packages,
            house,
            direct,
        }
    }

    /// How many packages there are.
    pub fn len(&self) -> usize {
        self.packages.len()
    }

    /// Whether there is a package of this name.
    pub fn has(&self, name: &str) -> bool {
        self.direct.contains_key(name)
    }

    /// Packages of others, in order of their names.
    pub fn foreign(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .values()
            .filter(|package| !self.house.contains(&package.name))
    }

    /// What a package names in its manifest.
    pub fn direct(&self, name: &str) -> BTreeSet<String> {
        self.direct.get(name).cloned().unwrap_or_default()
    }

    /// Everything a package is built with, itself left out.
    pub fn reachable(&self, name: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![name.to_owned()];
        while let Some(next) = open.pop() {
            for dependency in self.direct(&next) {
                if found.insert(dependency.clone()) {
                    open.push(dependency);
                }
            }
        }
        found
    }

    /// A graph for tests: name and what it depends on.
    #[cfg(test)]
    pub fn of(house: &[&str], edges: &[(&str, &[&str])]) -> Graph {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Graph {
            packages: BTreeMap::new(),
            house: owned(house),
            direct: edges
                .iter()
                .map(|(name, to)| ((*name).to_owned(), owned(to)))
                .collect(),
        }
    }
}

impl Dependency {
    fn is_built(&self) -> bool {
        self.dep_kinds
            .iter()
            .any(|kind| kind.kind.as_deref() != Some("dev"))
    }
}
