//! What no file of the project may say: where it was written, and where packages come from.

use super::SourceFile;

/// Beginnings of paths that exist on one machine only, joined here so that this file does not say them.
const PLACES: &[&str] = &[
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
    concat!("/work", "space/"),
];

/// Hosts of package registries. A mirror is the reader's choice; a host in a file takes it away.
const REGISTRIES: &[&str] = &[
    concat!("crates", ".io/"),
    concat!("index.crates", ".io"),
    concat!("registry.npmjs", ".org"),
    concat!("npmjs", ".com"),
    concat!("pypi", ".org"),
    concat!("files.pythonhosted", ".org"),
];

/// Cargo writes the index's address into its lock file; lessons and tests name invented paths.
const EXEMPT: &[&str] = &[
    "Cargo.lock",
    "tests/fuzz/Cargo.lock",
    "courses/",
    "tests/fixtures/",
    "ui/src/testing/",
];

/// No path of a machine, no registry.
pub fn machine(file: &SourceFile) -> Vec<String> {
    let exempt = EXEMPT.iter().any(|path| file.path.starts_with(path));
    if exempt || file.path.contains(".test.ts") {
        return Vec::new();
    }
    let mut problems = Vec::new();
    for (number, line) in file.text.lines().enumerate() {
        let at = format!("{}:{}", file.path, number + 1);
        if let Some(place) = PLACES.iter().find(|place| begins_a_path(line, place)) {
            problems.push(format!("{at}: names {place}, a path of one machine"));
        }
        if let Some(host) = REGISTRIES.iter().find(|host| line.contains(*host)) {
            problems.push(format!("{at}: names the package registry {host}"));
        }
    }
    problems
}

/// Whether the place stands at the beginning of a path, not in the middle of a longer one.
fn begins_a_path(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + place.len()..].chars().next();
        let inside = before.is_some_and(|c| c.is_alphanumeric() || "._-~/}*".contains(c));
        !inside && after.is_some_and(|c| c.is_alphanumeric() || c == '.')
    })
}

/// Words of the window name no host: an address in them would be a link nobody checked.
pub fn locale(file: &SourceFile) -> Vec<String> {
    if !file.path.starts_with("ui/src/locales/") {
        return Vec::new();
    }
    let lines = file.text.lines().enumerate();
    lines
        .filter(|(_, line)| line.contains("://") || line.contains("www."))
        .map(|(number, _)| format!("{}:{}: names a host", file.path, number + 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, problems: usize) {
        let file = SourceFile {
            path: "README.md".into(),
            text: line.into(),
        };
        assert_eq!(machine(&file).len(), problems, "{line}");
    }

    #[test]
    fn paths_of_a_machine_are_found() {
        check(concat!("see /ho", "me/ada/notes"), 1);
        check(concat!("cd /ro", "ot/project"), 1);
        check(concat!("a homework/ho", "me/page"), 0);
        check("target/debug", 0);
    }

    #[test]
    fn registries_are_found() {
        check(concat!("from https://pypi", ".org/simple"), 1);
        check("cargo install", 0);
    }

    #[test]
    fn words_with_an_address_are_found() {
        let file = |path: &str| SourceFile {
            path: path.into(),
            text: "a: 'https://x.example'".into(),
        };
        assert_eq!(locale(&file("ui/src/locales/zh/home.ts")).len(), 1);
        assert_eq!(locale(&file("ui/src/lib/x.ts")).len(), 0);
    }
}
