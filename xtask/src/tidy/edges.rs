//! Who may depend on whom. The table is the one of `src-tauri/ARCHITECTURE.md`.

use super::graph::Graph;

/// What one of our packages may be built with.
struct Row {
    package: &'static str,
    /// Our other packages it may reach; every other one is forbidden.
    house: &'static [&'static str],
    /// Libraries it must not reach at all.
    never: &'static [&'static str],
    /// Libraries that must not stand in its manifest.
    never_named: &'static [&'static str],
}

const TABLE: &[Row] = &[
    Row {
        package: "ha-course",
        house: &[],
        never: &["tokio", "tauri", "rusqlite", "wasmtime"],
        never_named: &[],
    },
    Row {
        package: "ha-sandbox",
        house: &[],
        never: &["wasmtime", "tauri", "rusqlite"],
        never_named: &[],
    },
    Row {
        package: "ha-sandbox-wasm",
        house: &["ha-sandbox"],
        never: &["tauri", "rusqlite"],
        never_named: &[],
    },
    Row {
        package: "ha-sandbox-docker",
        house: &["ha-sandbox"],
        never: &["tauri", "rusqlite", "wasmtime"],
        never_named: &[],
    },
    Row {
        package: "ha-store",
        house: &[],
        never: &["tauri", "wasmtime", "tokio"],
        never_named: &[],
    },
    Row {
        package: "ha-llm",
        house: &[],
        never: &["tauri", "rusqlite", "wasmtime"],
        never_named: &[],
    },
    Row {
        package: "ha-testkit",
        house: &["ha-sandbox"],
        never: &["tauri", "wasmtime", "rusqlite"],
        never_named: &[],
    },
    Row {
        package: "ha-api",
        house: &["ha-course", "ha-llm", "ha-sandbox", "ha-store"],
        never: &["tauri", "wasmtime", "bollard"],
        never_named: &[
            "rusqlite",
            "reqwest",
            "keyring",
            "pulldown-cmark",
            "syntect",
            "ammonia",
            "tree-sitter",
        ],
    },
    Row {
        package: "ha-cli",
        house: &[
            "ha-api",
            "ha-course",
            "ha-llm",
            "ha-sandbox",
            "ha-sandbox-docker",
            "ha-sandbox-wasm",
            "ha-store",
        ],
        never: &["tauri"],
        never_named: &["rusqlite", "wasmtime", "bollard"],
    },
    Row {
        package: "helloagents-desktop",
        house: &[
            "ha-api",
            "ha-course",
            "ha-llm",
            "ha-sandbox",
            "ha-sandbox-docker",
            "ha-sandbox-wasm",
            "ha-store",
        ],
        never: &[],
        never_named: &[
            "rusqlite",
            "reqwest",
            "wasmtime",
            "bollard",
            "ha-store",
            "ha-course",
        ],
    },
    Row {
        package: "helloagents-e2e-tests",
        house: &[],
        never: &["tauri", "wasmtime", "rusqlite"],
        never_named: &[],
    },
    Row {
        package: "xtask",
        house: &[],
        never: &["tauri", "tokio", "wasmtime"],
        never_named: &[],
    },
];

/// Compares the table with the build.
pub fn check(graph: &Graph) -> Vec<String> {
    compare(TABLE, graph)
}

fn compare(table: &[Row], graph: &Graph) -> Vec<String> {
    let mut problems = Vec::new();
    for package in &graph.house {
        if !table.iter().any(|row| row.package == package) {
            problems.push(format!("{package}: has no row in xtask/src/tidy/edges.rs"));
        }
    }
    for row in table {
        problems.extend(unknown_names(row, graph));
        let reachable = graph.reachable(row.package);
        let direct = graph.direct(row.package);
        let strangers = graph.house.iter().map(String::as_str);
        let strangers = strangers.filter(|name| *name != row.package && !row.house.contains(name));
        for name in strangers.chain(row.never.iter().copied()) {
            if reachable.contains(name) {
                problems.push(format!("{}: must not depend on {name}", row.package));
            }
        }
        for name in row
            .never_named
            .iter()
            .filter(|name| direct.contains(**name))
        {
            problems.push(format!(
                "{}: must not name {name} in its manifest",
                row.package
            ));
        }
    }
    problems
}

/// A rule about a name that does not exist would hold for ever and say nothing.
fn unknown_names(row: &Row, graph: &Graph) -> Vec<String> {
    let names = [&[row.package], row.house, row.never, row.never_named].concat();
    names
        .into_iter()
        .filter(|name| !graph.has(name))
        .map(|name| format!("xtask/src/tidy/edges.rs: no package is called {name}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: Row = Row {
        package: "a",
        house: &["b"],
        never: &["web"],
        never_named: &["sql"],
    };

    fn check(edges: &[(&str, &[&str])], expected: &[&str]) {
        let leaves: &[(&str, &[&str])] = &[("web", &[]), ("sql", &[])];
        let graph = Graph::of(&["a"], &[edges, leaves].concat());
        assert_eq!(compare(&[ROW], &graph), expected);
    }

    #[test]
    fn what_the_table_allows_passes() {
        check(&[("a", &["b"]), ("b", &["sql"])], &[]);
    }

    #[test]
    fn a_forbidden_library_is_found_through_others() {
        check(
            &[("a", &["b"]), ("b", &["c"]), ("c", &["web"])],
            &["a: must not depend on web"],
        );
    }

    #[test]
    fn a_library_may_be_reached_and_not_named() {
        check(
            &[("a", &["b", "sql"]), ("b", &[])],
            &["a: must not name sql in its manifest"],
        );
    }

    #[test]
    fn a_rule_about_nothing_is_found() {
        check(
            &[("a", &[])],
            &["xtask/src/tidy/edges.rs: no package is called b"],
        );
    }

    #[test]
    fn a_package_without_a_row_and_an_edge_to_it_are_found() {
        let edges: &[(&str, &[&str])] = &[
            ("a", &["b", "new"]),
            ("b", &[]),
            ("new", &[]),
            ("web", &[]),
            ("sql", &[]),
        ];
        let problems = compare(&[ROW], &Graph::of(&["a", "b", "new"], edges));
        assert!(
            problems.contains(&"new: has no row in xtask/src/tidy/edges.rs".to_owned()),
            "{problems:?}"
        );
        assert!(
            problems.contains(&"a: must not depend on new".to_owned()),
            "{problems:?}"
        );
    }
}
