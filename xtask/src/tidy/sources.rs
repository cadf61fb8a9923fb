//! What a source file looks like: it says what it is for, and it is short.

use super::SourceFile;

/// Generated, or written by and for learners.
const WITHOUT_HEADER: &[&str] = &[
    "ui/src/bindings/",
    "courses/",
    "templates/course/",
    "tests/fixtures/",
];

/// A style module belongs to the component of the same name beside it, which has the header.
const MODULE: &str = ".module.css";

/// Lines a file may have, by the end of its name. A page's tests are scenes one after the other.
const CEILINGS: &[(&str, usize)] = &[(".rs", 600), (".test.tsx", 600), (".tsx", 300)];

/// Files that may be longer, and why.
const LONGER: &[(&str, &str)] = &[];

/// Every source file begins by saying what it is for.
pub fn header(file: &SourceFile) -> Option<String> {
    let exempt = WITHOUT_HEADER
        .iter()
        .any(|folder| file.path.starts_with(folder));
    if exempt || file.path.ends_with(MODULE) {
        return None;
    }
    let starts: &[&str] = match file.extension() {
        "rs" => &["//!"],
        "ts" | "tsx" => &["//", "/*"],
        "css" => &["/*", "//"],
        "py" => &["\"\"\"", "#"],
        _ => return None,
    };
    let first = first_line(file);
    if starts.iter().any(|start| first.starts_with(start)) {
        return None;
    }
    Some(format!(
        "{}:1: begin with `{}` and a sentence: what the file does, what it leaves out",
        file.path, starts[0]
    ))
}

/// The first line with content; a script's `#!` line is for the system, not for readers.
fn first_line(file: &SourceFile) -> &str {
    let mut lines = file.text.lines().map(str::trim);
    lines
        .find(|line| !line.is_empty() && !line.starts_with("#!/"))
        .unwrap_or_default()
}

/// No file grows beyond what one reads in one go.
pub fn length(file: &SourceFile) -> Option<String> {
    if LONGER.iter().any(|(path, _)| *path == file.path) {
        return None;
    }
    let (_, ceiling) = CEILINGS
        .iter()
        .find(|(ending, _)| file.path.ends_with(ending))?;
    let lines = file.text.lines().count();
    (lines > *ceiling).then(|| {
        format!(
            "{}: {lines} lines, at most {ceiling}: split it by what it is about",
            file.path
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    fn check_header(path: &str, text: &str, complains: bool) {
        assert_eq!(
            header(&file(path, text)).is_some(),
            complains,
            "{path}: {text}"
        );
    }

    #[test]
    fn a_file_without_its_first_sentence_is_found() {
        check_header("a/b.rs", "//! Does it.\nfn a() {}", false);
        check_header("a/b.rs", "fn a() {}", true);
        check_header("a/b.rs", "// Not a header.\nfn a() {}", true);
        check_header(
            "a/b.py",
            "#!/usr/bin/env python3\n\"\"\"Does it.\"\"\"",
            false,
        );
        check_header("a/b.py", "#!/usr/bin/env python3\nimport os", true);
        check_header("ui/src/x.tsx", "import x from 'x'", true);
        check_header("ui/src/bindings/X.ts", "export type X = string", false);
        check_header("README.md", "words", false);
    }

    #[test]
    fn a_file_over_its_ceiling_is_found() {
        assert!(length(&file("a.rs", &"x\n".repeat(600))).is_none());
        assert!(length(&file("a.rs", &"x\n".repeat(601))).is_some());
        assert!(length(&file("a.tsx", &"x\n".repeat(301))).is_some());
        assert!(length(&file("a.md", &"x\n".repeat(9000))).is_none());
    }
}
