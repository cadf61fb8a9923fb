//! The blocks of code in a book, and what one can see that each needs. Runs nothing: whether a
//! block that needs nothing really runs is found out where there is a sandbox.

use super::ImportReport;
use crate::markdown::options;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// Bytes of code kept in all: what is beyond is counted and not kept.
const MAX_KEPT: usize = 8 * 1024 * 1024;

/// A block of code of an imported text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeBlock {
    /// The text.
    pub file: String,
    /// 1-based.
    pub line: u32,
    /// What it needs.
    pub need: CodeNeed,
    /// The block itself, of those that may run.
    pub source: String,
}

/// What a block of code needs, as far as reading tells. Of several, what is hardest to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeNeed {
    /// It is no Python.
    Other,
    /// Names of environment variables that hold keys.
    Key(Vec<String>),
    /// A module that speaks to the network.
    Network(String),
    /// Modules that are not Python's own.
    Packages(Vec<String>),
    /// Nothing that reading could see.
    Nothing,
}

/// Adds the blocks of a text to the report.
pub(super) fn read(file: &str, text: &str, report: &mut ImportReport) {
    let mut open: Option<(u32, bool, String)> = None;
    let mut kept: usize = report.blocks.iter().map(|block| block.source.len()).sum();
    let (mut counted, mut line) = (0, 1u32);
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let passed = text.get(counted..range.start).unwrap_or_default();
                line += passed.bytes().filter(|byte| *byte == b'\n').count() as u32;
                counted = range.start.max(counted);
                let is_python = match &kind {
                    CodeBlockKind::Fenced(info) => {
                        let name = info.split([' ', ',', '{']).next().unwrap_or_default();
                        ["python", "py", "python3"].contains(&name.to_ascii_lowercase().as_str())
                    }
                    CodeBlockKind::Indented => false,
                };
                open = Some((line, is_python, String::new()));
            }
            Event::Text(part) => {
                if let Some((.., source)) = &mut open {
                    source.push_str(&part);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                let Some((line, is_python, source)) = open.take() else {
                    continue;
                };
                let need = if is_python {
                    need(&source)
                } else {
                    CodeNeed::Other
                };
                let keep = need == CodeNeed::Nothing && kept + source.len() <= MAX_KEPT;
                kept += if keep { source.len() } else { 0 };
                report.blocks.push(CodeBlock {
                    file: file.into(),
                    line,
                    need,
                    source: if keep { source } else { String::new() },
                });
            }
            _ => {}
        }
    }
}

fn need(source: &str) -> CodeNeed {
    let keys = keys(source);
    if !keys.is_empty() {
        return CodeNeed::Key(keys);
    }
    let modules = imported(source);
    if let Some(module) = modules
        .iter()
        .find(|module| NETWORK.contains(&module.as_str()))
    {
        return CodeNeed::Network(module.clone());
    }
    let is_own =
        |module: &&String| !STANDARD.contains(&module.split('.').next().unwrap_or_default());
    let mut packages: Vec<String> = modules.iter().filter(is_own).cloned().collect();
    for package in &mut packages {
        package.truncate(package.find('.').unwrap_or(package.len()));
    }
    packages.sort();
    packages.dedup();
    match packages.is_empty() {
        true => CodeNeed::Nothing,
        false => CodeNeed::Packages(packages),
    }
}

/// Environment variables that are read and whose names say that they are secret.
fn keys(source: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for part in source.split(['"', '\'']) {
        let is_name = !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        let is_secret = ["KEY", "TOKEN", "SECRET"]
            .iter()
            .any(|word| part.contains(word));
        if is_name && is_secret && !keys.iter().any(|key| key == part) {
            keys.push(part.to_string());
        }
    }
    let reads = ["environ", "getenv"]
        .iter()
        .any(|word| source.contains(word));
    keys.retain(|_| reads);
    keys
}

/// Modules named at the beginning of lines.
fn imported(source: &str) -> Vec<String> {
    let mut modules = Vec::new();
    for line in source.lines().map(str::trim_start) {
        if let Some(rest) = line.strip_prefix("from ") {
            let module = rest.split_whitespace().next().unwrap_or_default();
            // A module beside this one, which a single block does not have.
            modules.push(module.trim_start_matches('.').to_string());
        } else if let Some(rest) = line.strip_prefix("import ") {
            let names = rest.split('#').next().unwrap_or_default().split(',');
            modules.extend(
                names.filter_map(|name| name.split_whitespace().next().map(str::to_string)),
            );
        }
    }
    modules.retain(|module| {
        !module.is_empty()
            && module
                .chars()
                .all(|c| c.is_alphanumeric() || c == '_' || c == '.')
    });
    modules
}

/// Modules that speak to the network whatever one does with them.
const NETWORK: [&str; 17] = [
    "aiohttp",
    "anthropic",
    "dashscope",
    "ftplib",
    "google.generativeai",
    "http.client",
    "httpx",
    "openai",
    "requests",
    "serpapi",
    "smtplib",
    "socket",
    "ssl",
    "tavily",
    "urllib.request",
    "websockets",
    "zhipuai",
];

/// Python's own modules.
const STANDARD: [&str; 120] = [
    "__future__",
    "abc",
    "argparse",
    "array",
    "ast",
    "asyncio",
    "atexit",
    "base64",
    "binascii",
    "bisect",
    "builtins",
    "bz2",
    "calendar",
    "cmath",
    "cmd",
    "code",
    "codecs",
    "collections",
    "colorsys",
    "configparser",
    "contextlib",
    "contextvars",
    "copy",
    "copyreg",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "dis",
    "doctest",
    "email",
    "enum",
    "errno",
    "faulthandler",
    "filecmp",
    "fileinput",
    "fnmatch",
    "fractions",
    "functools",
    "gc",
    "getopt",
    "getpass",
    "gettext",
    "glob",
    "graphlib",
    "gzip",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "importlib",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "keyword",
    "linecache",
    "locale",
    "logging",
    "lzma",
    "marshal",
    "math",
    "mimetypes",
    "numbers",
    "operator",
    "os",
    "pathlib",
    "pickle",
    "pickletools",
    "pkgutil",
    "platform",
    "plistlib",
    "pprint",
    "profile",
    "pstats",
    "queue",
    "quopri",
    "random",
    "re",
    "reprlib",
    "sched",
    "secrets",
    "selectors",
    "shelve",
    "shlex",
    "shutil",
    "signal",
    "site",
    "sqlite3",
    "stat",
    "statistics",
    "string",
    "stringprep",
    "struct",
    "symtable",
    "sys",
    "sysconfig",
    "tempfile",
    "textwrap",
    "threading",
    "time",
    "timeit",
    "tokenize",
    "tomllib",
    "traceback",
    "tracemalloc",
    "types",
    "typing",
    "unicodedata",
    "unittest",
    "urllib",
    "uuid",
    "warnings",
    "weakref",
    "xml",
    "zipfile",
    "zlib",
    "zoneinfo",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: CodeNeed) {
        assert_eq!(need(source), expected, "{source}");
    }

    #[test]
    fn what_a_block_needs_is_read_from_it() {
        check("import json, re\nprint(1)", CodeNeed::Nothing);
        check(
            "import os\nk = os.getenv('LLM_API_KEY')",
            CodeNeed::Key(vec!["LLM_API_KEY".into()]),
        );
        check("API_KEY = 'x'", CodeNeed::Nothing);
        check(
            "from openai import OpenAI",
            CodeNeed::Network("openai".into()),
        );
        check(
            "import numpy as np\nfrom hello_agents.core import x\nimport numpy.linalg",
            CodeNeed::Packages(vec!["hello_agents".into(), "numpy".into()]),
        );
        check("from __future__ import annotations", CodeNeed::Nothing);
    }

    #[test]
    fn blocks_are_found_where_they_stand() {
        let mut report = ImportReport::default();
        read(
            "a.md",
            "x\n\n```python\nprint(1)\n```\n\n- b\n  ```bash\n  ls\n  ```\n",
            &mut report,
        );
        let found: Vec<_> = report
            .blocks
            .iter()
            .map(|block| (block.line, &block.need))
            .collect();
        assert_eq!(found, [(3, &CodeNeed::Nothing), (8, &CodeNeed::Other)]);
    }
}
