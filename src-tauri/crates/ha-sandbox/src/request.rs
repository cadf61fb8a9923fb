//! One run as it is asked for, and the checks every engine relies on.

use crate::{Inspect, Limits};
use serde::{Deserialize, Serialize};

/// One file laid into the program's folder before it starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Relative path with `/`, for example `main.py` or `data/weather.json`.
    pub path: String,
    /// The bytes as they are written.
    pub bytes: Vec<u8>,
    /// The program may read it, and neither change, remove nor rename it.
    pub read_only: bool,
}

impl SourceFile {
    /// A file the program may change.
    pub fn new(path: impl Into<String>, bytes: Vec<u8>) -> Self {
        SourceFile {
            path: path.into(),
            bytes,
            read_only: false,
        }
    }

    /// A file from text; the program may change it.
    pub fn text(path: impl Into<String>, text: impl Into<String>) -> Self {
        SourceFile::new(path, text.into().into_bytes())
    }

    /// The same file, for reading only.
    pub fn read_only(self) -> Self {
        SourceFile {
            read_only: true,
            ..self
        }
    }
}

/// Where the program's `input()` comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stdin {
    /// The whole input is known; reading past its end is `EOFError`.
    Text(String),
    /// Lines arrive through [`crate::RunControl::input`] while the program runs.
    Interactive,
}

/// What a program is written in. The name of its entry says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// What every engine runs, and whatever has no other ending.
    Python,
    /// `.js` and `.mjs`.
    JavaScript,
    /// `.go`.
    Go,
}

impl Language {
    /// All of them, in the order of their numbers.
    pub const ALL: [Language; 3] = [Language::Python, Language::JavaScript, Language::Go];

    /// That of a file.
    pub fn of(path: &str) -> Language {
        match path.rsplit_once('.') {
            Some((_, "js" | "mjs")) => Language::JavaScript,
            Some((_, "go")) => Language::Go,
            _ => Language::Python,
        }
    }

    /// Short and stable: `python`, `javascript`, `go`.
    pub fn name(self) -> &'static str {
        match self {
            Language::Python => "python",
            Language::JavaScript => "javascript",
            Language::Go => "go",
        }
    }
}

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRequest {
    /// Chosen by the caller before the start, so that no event can be missed.
    pub id: String,
    /// Everything in the program's folder; must contain [`RunRequest::entry`].
    pub files: Vec<SourceFile>,
    /// The file that runs as `__main__`.
    pub entry: String,
    /// Texts of Python that run first, one after the other, in the names of the entry. What they print
    /// is not heard, their lines are no steps, and an error in one ends the program. They are no files:
    /// a traceback calls them `before-1.py` and so on. Other languages have nothing of the kind.
    pub before: Vec<String>,
    /// `sys.argv[1:]`.
    pub args: Vec<String>,
    /// Where `input()` reads.
    pub stdin: Stdin,
    /// What the run may use.
    pub limits: Limits,
    /// Seed of `random`, for runs that must repeat; `None` is truly random.
    pub seed: Option<u64>,
    /// What of its inside is shown at the end.
    pub inspect: Inspect,
}

impl RunRequest {
    /// A program of one file, `main.py`, without input.
    pub fn script(id: impl Into<String>, source: impl Into<String>) -> Self {
        RunRequest {
            id: id.into(),
            files: vec![SourceFile::text("main.py", source)],
            entry: "main.py".into(),
            before: Vec::new(),
            args: Vec::new(),
            stdin: Stdin::Text(String::new()),
            limits: Limits::default(),
            seed: None,
            inspect: Inspect::Nothing,
        }
    }

    /// What the program is written in.
    pub fn language(&self) -> Language {
        Language::of(&self.entry)
    }

    fn input_bytes(&self) -> usize {
        let known = match &self.stdin {
            Stdin::Text(text) => text.len(),
            Stdin::Interactive => 0,
        };
        known + self.args.iter().map(String::len).sum::<usize>()
    }

    /// The same rules as for files, because they are as much of the program.
    fn check_before(&self) -> Result<(), RequestError> {
        let given: usize = self.files.iter().map(|file| file.bytes.len()).sum();
        let total = given + self.before.iter().map(String::len).sum::<usize>();
        if total > Limits::MAX_SOURCE_BYTES {
            return Err(RequestError::TooLarge(total));
        }
        match self.before.iter().position(|text| text.contains('\0')) {
            Some(at) => Err(RequestError::NulByte(before_name(at))),
            None => Ok(()),
        }
    }

    /// Refuses what no engine should see. Every engine calls this first.
    pub fn validate(&self) -> Result<(), RequestError> {
        check_files(&self.files)?;
        if !self.files.iter().any(|f| f.path == self.entry) {
            return Err(RequestError::NoEntry(self.entry.clone()));
        }
        self.check_before()?;
        let input = self.input_bytes();
        if input > Limits::MAX_INPUT_BYTES {
            return Err(RequestError::InputTooLarge(input));
        }
        if !(Limits::MIN_WALL..=Limits::MAX_WALL).contains(&self.limits.wall) {
            return Err(RequestError::BadWall(self.limits.wall.as_secs()));
        }
        Ok(())
    }
}

/// What a traceback calls the text at this place in [`RunRequest::before`].
pub fn before_name(at: usize) -> String {
    format!("before-{}.py", at + 1)
}

/// Refuses files that no engine should lay out.
pub(crate) fn check_files(files: &[SourceFile]) -> Result<(), RequestError> {
    if files.len() > Limits::MAX_FILES {
        return Err(RequestError::TooManyFiles(files.len()));
    }
    let total: usize = files.iter().map(|f| f.bytes.len()).sum();
    if total > Limits::MAX_SOURCE_BYTES {
        return Err(RequestError::TooLarge(total));
    }
    for (index, file) in files.iter().enumerate() {
        if !is_safe_path(&file.path) {
            return Err(RequestError::BadPath(file.path.clone()));
        }
        if files[..index].iter().any(|f| f.path == file.path) {
            return Err(RequestError::DuplicatePath(file.path.clone()));
        }
        if file.path.ends_with(".py") && file.bytes.contains(&0) {
            return Err(RequestError::NulByte(file.path.clone()));
        }
    }
    Ok(())
}

/// Whether a path may be laid into a program's folder: relative, inside the folder, without
/// anything a file system reads specially.
pub fn is_safe_path(path: &str) -> bool {
    !path.is_empty()
        && path.len() <= 200
        && !path.contains(['\\', '\0', ':'])
        && !path.chars().any(char::is_control)
        && path
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != "..")
}

/// Why a request was refused before any engine ran.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum RequestError {
    /// More than [`Limits::MAX_FILES`].
    #[error("{0} files; at most {max} are allowed", max = Limits::MAX_FILES)]
    TooManyFiles(usize),
    /// More than [`Limits::MAX_SOURCE_BYTES`].
    #[error("{0} bytes of files; at most {max} are allowed", max = Limits::MAX_SOURCE_BYTES)]
    TooLarge(usize),
    /// Absolute, with `..`, or with characters a file system reads specially.
    #[error("{0:?} is not a usable file name")]
    BadPath(String),
    /// The same path twice.
    #[error("{0} is given twice")]
    DuplicatePath(String),
    /// Python refuses NUL bytes in source; say so before it does, with the file.
    #[error("{0} contains a NUL byte, so it is not a text file")]
    NulByte(String),
    /// The entry file is not among the files.
    #[error("{0} is not among the files")]
    NoEntry(String),
    /// More than [`Limits::MAX_INPUT_BYTES`].
    #[error("{0} bytes of input; at most {max} are allowed", max = Limits::MAX_INPUT_BYTES)]
    InputTooLarge(usize),
    /// Outside 1–60 s.
    #[error("a time limit of {0} s is outside 1–60 s")]
    BadWall(u64),
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn check(change: impl FnOnce(&mut RunRequest), expected: Result<(), RequestError>) {
        let mut request = RunRequest::script("r", "print()");
        change(&mut request);
        assert_eq!(request.validate(), expected);
    }

    #[test]
    fn a_plain_script_is_accepted() {
        check(|_| {}, Ok(()));
        check(
            |r| r.files.push(SourceFile::text("数据/天气.json", "{}")),
            Ok(()),
        );
    }

    #[test]
    fn what_runs_before_counts_as_much_as_the_files() {
        let long = |room: usize| "#".repeat(Limits::MAX_SOURCE_BYTES - room);
        let own = "print()".len();
        check(|r| r.before = vec!["x = 1".into(), String::new()], Ok(()));
        check(|r| r.before = vec![long(own)], Ok(()));
        check(
            |r| r.before = vec!["#".into(), long(own)],
            Err(RequestError::TooLarge(Limits::MAX_SOURCE_BYTES + 1)),
        );
        check(
            |r| r.before = vec!["x = 1".into(), "y\0".into()],
            Err(RequestError::NulByte("before-2.py".into())),
        );
    }

    #[test]
    fn paths_stay_inside_the_folder() {
        for bad in ["../x.py", "/etc/passwd", "a//b", "C:\\x", "a\0b", "", "./a"] {
            check(
                |r| r.files.push(SourceFile::text(bad, "")),
                Err(RequestError::BadPath(bad.into())),
            );
        }
    }

    #[test]
    fn size_is_obeyed_at_the_limit_and_refused_one_above() {
        let room = Limits::MAX_SOURCE_BYTES;
        check(|r| r.files[0].bytes = vec![b'#'; room], Ok(()));
        check(
            |r| r.files[0].bytes = vec![b'#'; room + 1],
            Err(RequestError::TooLarge(room + 1)),
        );
    }

    #[test]
    fn input_is_obeyed_at_the_limit_and_refused_one_above() {
        let room = Limits::MAX_INPUT_BYTES;
        let text = |length| Stdin::Text("x".repeat(length));
        check(|r| r.stdin = text(room), Ok(()));
        let refused = Err(RequestError::InputTooLarge(room + 1));
        check(|r| r.stdin = text(room + 1), refused.clone());
        let with_argument = |r: &mut RunRequest| {
            r.stdin = text(room);
            r.args = vec!["x".into()];
        };
        check(with_argument, refused);
    }

    #[test]
    fn nul_bytes_are_refused_in_source_and_allowed_in_data() {
        check(
            |r| r.files[0].bytes = b"print()\0".to_vec(),
            Err(RequestError::NulByte("main.py".into())),
        );
        check(
            |r| r.files.push(SourceFile::new("image.bin", vec![0, 1])),
            Ok(()),
        );
    }

    #[test]
    fn wall_clock_limit_is_one_to_sixty_seconds() {
        for (seconds, expected) in [
            (0, Err(RequestError::BadWall(0))),
            (1, Ok(())),
            (60, Ok(())),
            (61, Err(RequestError::BadWall(61))),
        ] {
            check(|r| r.limits.wall = Duration::from_secs(seconds), expected);
        }
    }

    #[test]
    fn the_entry_says_what_a_program_is_written_in() {
        for (entry, language) in [
            ("main.py", Language::Python),
            ("script", Language::Python),
            ("a.go/main.js", Language::JavaScript),
            ("main.mjs", Language::JavaScript),
            ("main.go", Language::Go),
        ] {
            assert_eq!(Language::of(entry), language, "{entry}");
        }
    }

    #[test]
    fn entry_must_exist_once() {
        check(
            |r| r.entry = "other.py".into(),
            Err(RequestError::NoEntry("other.py".into())),
        );
        check(
            |r| r.files.push(SourceFile::text("main.py", "")),
            Err(RequestError::DuplicatePath("main.py".into())),
        );
    }
}
