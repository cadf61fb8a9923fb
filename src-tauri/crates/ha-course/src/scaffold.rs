//! A course to begin with: one lesson that passes every check, from `templates/course`.

use crate::manifest_text::quoted;
use crate::model::Words;
use crate::schema::SCHEMAS;
use crate::toml_text::is_kebab_case;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The files, as they lie in a new course.
const FILES: [(&str, &str); 9] = [
    (
        "01-decide/checks.py",
        include_str!("../../../../templates/course/01-decide/checks.py"),
    ),
    (
        "01-decide/checks.toml",
        include_str!("../../../../templates/course/01-decide/checks.toml"),
    ),
    (
        "01-decide/hints.en.md",
        include_str!("../../../../templates/course/01-decide/hints.en.md"),
    ),
    (
        "01-decide/hints.zh.md",
        include_str!("../../../../templates/course/01-decide/hints.zh.md"),
    ),
    (
        "01-decide/lesson.en.md",
        include_str!("../../../../templates/course/01-decide/lesson.en.md"),
    ),
    (
        "01-decide/lesson.zh.md",
        include_str!("../../../../templates/course/01-decide/lesson.zh.md"),
    ),
    (
        "01-decide/solution/main.py",
        include_str!("../../../../templates/course/01-decide/solution/main.py"),
    ),
    (
        "01-decide/starter/main.py",
        include_str!("../../../../templates/course/01-decide/starter/main.py"),
    ),
    (
        "course.toml",
        include_str!("../../../../templates/course/course.toml"),
    ),
];
/// Hidden, so that neither packing nor learners see it.
const SCHEMA_DIR: &str = ".schema";

/// Why no course was made. Shown, it is the English of [`ScaffoldError::words`].
#[derive(Debug, thiserror::Error)]
#[error("{}", self.words().en)]
pub enum ScaffoldError {
    /// The id is none.
    BadId(String),
    /// Something is there already, and it is somebody's.
    NotEmpty(PathBuf),
    /// The disk failed.
    Io {
        /// Where.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
}

impl ScaffoldError {
    /// What happened, in both languages.
    pub fn words(&self) -> Words {
        match self {
            ScaffoldError::BadId(id) => said!(
                "{id:?} 不能当 id：最多 64 个小写字母和数字，词与词之间一个 -",
                "{id:?} cannot be an id: write at most 64 of a–z, 0–9, with single - between words"
            ),
            ScaffoldError::NotEmpty(dir) => {
                said!("{} 不是空的", "{} is not empty", dir.display())
            }
            ScaffoldError::Io { path, error } => {
                let path = path.display();
                said!("{path}: 读写失败：{error}", "{path}: {error}")
            }
        }
    }
}

/// Writes a course of one lesson into `dir`, which must be empty or not there.
///
/// # Errors
/// [`ScaffoldError`].
pub fn scaffold(dir: &Path, id: &str) -> Result<(), ScaffoldError> {
    if !is_kebab_case(id) {
        return Err(ScaffoldError::BadId(id.into()));
    }
    if fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(ScaffoldError::NotEmpty(dir.into()));
    }
    for (path, text) in FILES {
        write(&dir.join(path), &filled(path, text, id))?;
    }
    for (name, text) in SCHEMAS {
        write(&dir.join(SCHEMA_DIR).join(name), text)?;
    }
    Ok(())
}

/// A template with the course's id and the places of its schemas.
fn filled(path: &str, text: &str, id: &str) -> String {
    let depth = path.matches('/').count();
    let name = path.rsplit('/').next().unwrap_or(path);
    let schema = match name.strip_suffix(".toml") {
        Some(kind) => format!(
            "#:schema {}{SCHEMA_DIR}/{kind}.schema.json\n",
            "../".repeat(depth)
        ),
        None => String::new(),
    };
    schema + &text.replace("id = \"umbrella\"", &format!("id = {}", quoted(id)))
}

fn write(path: &Path, text: &str) -> Result<(), ScaffoldError> {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| fs::write(path, text))
        .map_err(|error| ScaffoldError::Io {
            path: path.into(),
            error,
        })
}
