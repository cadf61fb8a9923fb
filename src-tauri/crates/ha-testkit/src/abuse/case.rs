//! A case as it is written down: a header of `# key: value` lines, then the program.
//!
//! The whole file is what runs, header included; it is all comments. A file may hold a second
//! program, below a line [`SECOND`], that looks for what the first one left.

use ha_sandbox::{Inspect, Limits, RunRequest, SourceFile, Stdin};
use std::fs;
use std::path::Path;
use std::time::Duration;

const SECOND: &str = "# --- second ---\n";

/// One attack and what must come of it.
///
/// | key | value |
/// |---|---|
/// | `id` | number in the catalogue of attacks; from 200 on, this suite's own |
/// | `title` | what the program tries |
/// | `expect` | `exited`, `exited <code>`, `timed_out`, `output_limit`, `out_of_memory`; several with ` \| ` between |
/// | `note` | name of the `RunNote` the end must carry; several with ` \| ` between |
/// | `stdout`, `stderr` | one whole line of it each time the key is given, all of them together in order |
/// | `stdout contains`, `stdout lacks`, the same of `stderr` | a piece; may be given often |
/// | `inside contains`, `inside lacks` | a piece of what the run shows of its inside, as `Debug` writes it |
/// | `wall`, `memory`, `output`, `disk` | limits: seconds, MiB, KiB, MiB |
/// | `stdin` | text, `\n` being a line end; `interactive` is a person who never answers |
/// | `inspect` | `variables` or `steps`: what of its inside the run is asked to show |
/// | `engine` | the one engine this is for; `any` is the default |
/// | an engine's name before any of the keys above | on that engine this holds instead of the key without its name, which it leaves out when it has no value: `docker stdout: x` |
/// | `twice` | `different`: a second run must print nothing the first one printed |
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The file's name without its end.
    pub name: String,
    /// What the program tries, in one sentence.
    pub title: String,
    /// Ends that are right.
    pub expected: Vec<String>,
    /// Notes that are right; empty when any is.
    pub notes: Vec<String>,
    /// What must be true of the output.
    pub output: Vec<Claim>,
    /// The engine's name, or `any`.
    pub engine: String,
    /// Whether the program runs twice and must not repeat itself.
    pub differs: bool,
    program: String,
    second: Option<String>,
    stdin: Stdin,
    inspect: Inspect,
    limits: Limits,
}

/// Names of engines, as a header's keys begin with them.
const ENGINES: [&str; 2] = ["wasm", "docker"];

/// Something that must be true of what a program printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Of what.
    pub of: Stream,
    /// How it compares.
    pub how: How,
    /// With what.
    pub text: String,
}

/// What a [`Claim`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
    /// What the run showed of its inside.
    Inside,
}

/// How a [`Claim`] compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// All of it.
    Is,
    /// Somewhere in it.
    Contains,
    /// Nowhere in it.
    Lacks,
}

/// Every case of a folder that is meant for `engine`, as it is for it, in order of their names.
///
/// # Errors
/// A folder that cannot be read, and a case that is not written as [`Case`] says; the message names
/// the file and the line.
pub fn load(folder: &Path, engine: &str) -> Result<Vec<Case>, String> {
    let unreadable = |error| format!("{}: {error}", folder.display());
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_none_or(|extension| extension != "py") {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(&path).map_err(|error| format!("{name}: {error}"))?;
        cases.push(Case::parse(&name, &text, engine)?);
    }
    cases.retain(|case| case.is_for(engine));
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(cases)
}

impl Case {
    /// Reads one case as it is for `engine`.
    ///
    /// # Errors
    /// An unknown key, a value that cannot be read, or a key that is missing.
    pub fn parse(name: &str, text: &str, engine: &str) -> Result<Case, String> {
        let (program, second) = match text.split_once(SECOND) {
            Some((program, second)) => (program, Some(second.to_owned())),
            None => (text, None),
        };
        let mut case = Case {
            name: name.to_owned(),
            title: String::new(),
            expected: Vec::new(),
            notes: Vec::new(),
            output: Vec::new(),
            engine: "any".into(),
            differs: false,
            program: program.to_owned(),
            second,
            stdin: Stdin::Text(String::new()),
            inspect: Inspect::Nothing,
            limits: Limits {
                wall: Duration::from_secs(20),
                ..Limits::default()
            },
        };
        let mut lines = Vec::new();
        for (index, line) in text
            .lines()
            .take_while(|line| line.starts_with('#'))
            .enumerate()
        {
            let (key, value) = line
                .strip_prefix("# ")
                .and_then(|line| line.split_once(':'))
                .ok_or_else(|| format!("{name}:{}: not `# key: value`", index + 1))?;
            lines.push((index + 1, key, value.strip_prefix(' ').unwrap_or(value)));
        }
        let mut id = None;
        for (number, key, value) in of_engine(&lines, engine) {
            match key {
                "id" => id = Some(value.to_owned()),
                _ => case
                    .set(key, value)
                    .map_err(|problem| format!("{name}:{number}: {problem}"))?,
            }
        }
        case.complete(id)
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        let number = || {
            let number = value.parse::<u64>();
            number.map_err(|_| format!("{value:?} is not a number"))
        };
        let alternatives = || value.split(" | ").map(str::to_owned).collect::<Vec<_>>();
        match key {
            "title" => self.title = value.to_owned(),
            "expect" => {
                self.expected = alternatives();
                if let Some(unknown) = self.expected.iter().find(|end| !is_end(end)) {
                    return Err(format!("{unknown:?} is not an end"));
                }
            }
            "note" => self.notes = alternatives(),
            "engine" => self.engine = value.to_owned(),
            "wall" => self.limits.wall = Duration::from_secs(number()?),
            "memory" => self.limits.memory_bytes = number()? << 20,
            "output" => self.limits.output_bytes = number()? << 10,
            "disk" => self.limits.disk_bytes = number()? << 20,
            "stdin" if value == "interactive" => self.stdin = Stdin::Interactive,
            "stdin" => self.stdin = Stdin::Text(value.replace("\\n", "\n")),
            "inspect" if value == "variables" => self.inspect = Inspect::Variables,
            "inspect" if value == "steps" => self.inspect = Inspect::Steps,
            "twice" if value == "different" => self.differs = true,
            _ => self.output.push(claim(key, value)?),
        }
        Ok(())
    }

    fn complete(mut self, id: Option<String>) -> Result<Case, String> {
        let name = &self.name;
        let number = name.split('-').next().unwrap_or_default();
        let id = id.ok_or_else(|| format!("{name}: has no id"))?;
        if number.trim_start_matches('0') != id {
            return Err(format!("{name}: its id is {id}"));
        }
        if self.title.is_empty() || self.expected.is_empty() {
            return Err(format!("{name}: needs a title and what to expect"));
        }
        self.output = joined(self.output);
        Ok(self)
    }

    /// The run this case asks for.
    pub fn request(&self, id: &str) -> RunRequest {
        self.of(id, &self.program)
    }

    /// The run that looks for traces of the first one.
    pub fn second(&self, id: &str) -> Option<RunRequest> {
        let second = self.second.as_ref();
        second.map(|program| self.of(id, program))
    }

    /// Whether the case is meant for the engine of this name.
    fn is_for(&self, engine: &str) -> bool {
        self.engine == "any" || self.engine == engine
    }

    fn of(&self, id: &str, program: &str) -> RunRequest {
        RunRequest {
            files: vec![SourceFile::text("main.py", program)],
            stdin: self.stdin.clone(),
            inspect: self.inspect,
            limits: self.limits.clone(),
            ..RunRequest::script(id, "")
        }
    }
}

/// A header's lines as they hold for one engine.
fn of_engine<'a>(
    lines: &[(usize, &'a str, &'a str)],
    engine: &str,
) -> Vec<(usize, &'a str, &'a str)> {
    let own = |key: &'a str| {
        let (first, rest) = key.split_once(' ')?;
        ENGINES.contains(&first).then_some((first, rest))
    };
    let replaced = |key: &str| {
        lines
            .iter()
            .any(|(_, other, _)| own(other) == Some((engine, key)))
    };
    let mut found = Vec::new();
    for (number, key, value) in lines {
        match own(key) {
            Some((for_engine, key)) if for_engine == engine && !value.is_empty() => {
                found.push((*number, key, *value));
            }
            None if !replaced(key) => found.push((*number, *key, *value)),
            _ => {}
        }
    }
    found
}

/// Whether an end that is written like this can be.
fn is_end(words: &str) -> bool {
    match words.split_once(' ') {
        Some(("exited", code)) => code.parse::<u8>().is_ok(),
        Some(_) => false,
        None => ["exited", "timed_out", "output_limit", "out_of_memory"].contains(&words),
    }
}

fn claim(key: &str, value: &str) -> Result<Claim, String> {
    let (stream, how) = match key.split_once(' ') {
        None => (key, How::Is),
        Some((stream, "contains")) => (stream, How::Contains),
        Some((stream, "lacks")) => (stream, How::Lacks),
        Some(_) => (key, How::Is),
    };
    let of = match stream {
        "stdout" => Stream::Stdout,
        "stderr" => Stream::Stderr,
        "inside" => Stream::Inside,
        _ => return Err(format!("{key:?} is not a key")),
    };
    let text = value.to_owned();
    Ok(Claim { of, how, text })
}

/// The whole lines of one stream become one claim.
fn joined(claims: Vec<Claim>) -> Vec<Claim> {
    let mut whole: Vec<Claim> = Vec::new();
    for claim in claims {
        let same = whole
            .iter_mut()
            .find(|other| other.how == How::Is && other.of == claim.of);
        match (claim.how, same) {
            (How::Is, Some(lines)) => lines.text += &format!("{}\n", claim.text),
            (How::Is, None) => whole.push(Claim {
                text: format!("{}\n", claim.text),
                ..claim
            }),
            _ => whole.push(claim),
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    const GOOD: &str = "# id: 7\n# title: Prints.\n# expect: exited 0 | timed_out\n";

    #[test]
    fn a_header_is_read_to_its_end_and_the_whole_file_runs() {
        let text = format!(
            "{GOOD}# wall: 1\n# memory: 48\n# stdout: a\n# stdout: b\n# stderr lacks: x\n\nprint('# id: 9')\n"
        );
        let case = Case::parse("007-prints", &text, "wasm").unwrap();
        assert_eq!(case.expected, ["exited 0", "timed_out"]);
        assert_eq!(case.limits.wall, Duration::from_secs(1));
        assert_eq!(case.limits.memory_bytes, 48 << 20);
        let claim = |of, how, text: &str| Claim {
            of,
            how,
            text: text.into(),
        };
        assert_eq!(
            case.output,
            [
                claim(Stream::Stdout, How::Is, "a\nb\n"),
                claim(Stream::Stderr, How::Lacks, "x")
            ]
        );
        assert_eq!(case.request("r").files[0].bytes, text.as_bytes());
        assert_eq!(case.second("r"), None);
    }

    #[test]
    fn a_second_program_is_apart_from_the_first() {
        let text = format!("{GOOD}\nfirst()\n{SECOND}second()\n");
        let case = Case::parse("007-prints", &text, "wasm").unwrap();
        let source = |request: RunRequest| String::from_utf8(request.files[0].bytes.clone());
        assert!(source(case.request("r")).unwrap().ends_with("first()\n"));
        assert_eq!(source(case.second("r").unwrap()).unwrap(), "second()\n");
    }

    #[test]
    fn an_engines_own_lines_hold_instead_of_the_others() {
        let text = format!(
            "{GOOD}# stdout: a\n# stdout: b\n# docker stdout: c\n# docker expect: exited 3\n# stderr lacks: x\n# docker stderr lacks:\n"
        );
        let on = |engine| {
            let case = Case::parse("007-prints", &text, engine).unwrap();
            (
                case.expected,
                case.output
                    .into_iter()
                    .map(|claim| claim.text)
                    .collect::<Vec<_>>(),
            )
        };
        let texts = |texts: &[&str]| {
            texts
                .iter()
                .map(|text| text.to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(on("docker"), (texts(&["exited 3"]), texts(&["c\n"])));
        assert_eq!(
            on("wasm"),
            (texts(&["exited 0", "timed_out"]), texts(&["a\nb\n", "x"]))
        );
    }

    fn check_refused(name: &str, text: &str, expected: &str) {
        assert_eq!(Case::parse(name, text, "wasm"), Err(expected.into()));
    }

    #[test]
    fn what_is_not_written_as_agreed_is_refused_with_its_place() {
        let with = |line: &str| format!("{GOOD}{line}\n");
        check_refused("007-x", &with("# wal: 1"), "007-x:4: \"wal\" is not a key");
        check_refused(
            "007-x",
            &with("# wall: a"),
            "007-x:4: \"a\" is not a number",
        );
        check_refused("007-x", &with("#wall"), "007-x:4: not `# key: value`");
        check_refused(
            "007-x",
            &with("# expect: exits"),
            "007-x:4: \"exits\" is not an end",
        );
        check_refused("008-x", GOOD, "008-x: its id is 7");
        check_refused(
            "007-x",
            "# id: 7\n",
            "007-x: needs a title and what to expect",
        );
    }
}
