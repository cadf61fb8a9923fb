//! Jupyter notebooks: each becomes a Markdown text whose cells run, with its outputs and images.
//!
//! The one format that cannot be copied as it is: no Git host and no reader of ours takes JSON for
//! a lesson. Cells keep their ids, so that a second import of a changed notebook is a small diff.

use super::outline::{Outline, Part, Place};
use super::pairs::is_chinese;
use super::{ImportError, ImportReport, ids, titles};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Largest notebook, in bytes: outputs hold images.
const MAX_NOTEBOOK: u64 = 64 * 1024 * 1024;
/// Longest text of one output, in characters; the rest is in the notebook.
const MAX_OUTPUT: usize = 4000;

/// Whether this is a notebook or a folder with some.
pub(super) fn is_there(from: &Path) -> bool {
    !notebooks(from).is_empty()
}

fn notebooks(from: &Path) -> Vec<PathBuf> {
    let is_notebook =
        |path: &PathBuf| path.extension().is_some_and(|ending| ending == "ipynb") && path.is_file();
    if is_notebook(&from.to_path_buf()) {
        return vec![from.into()];
    }
    let entries = fs::read_dir(from).into_iter().flatten().flatten();
    let mut found: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(is_notebook)
        .collect();
    found.sort();
    found
}

/// Writes each notebook as a text into the course and lists them.
pub(super) fn outline(
    from: &Path,
    into: &Path,
    report: &mut ImportReport,
) -> Result<Outline, ImportError> {
    let name = from.file_stem().map_or_else(
        || "notebooks".into(),
        |name| name.to_string_lossy().into_owned(),
    );
    let mut lessons = Vec::new();
    for path in notebooks(from) {
        let stem = path
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned());
        let stem = stem.unwrap_or_default();
        let file = format!("{stem}.md");
        if !crate::folder::is_plain_path(&file) {
            report
                .left_out
                .push(format!("{stem}: a name that some systems refuse"));
            continue;
        }
        let mut writer = Writer {
            into,
            stem: &stem,
            text: String::new(),
            before: None,
            images: 0,
        };
        writer.notebook(&read(&path)?)?;
        let to = into.join(&file);
        fs::write(&to, &writer.text).map_err(|error| ImportError::io(&to, error))?;
        let heading = writer.text.lines().find_map(|line| line.strip_prefix("# "));
        let title = heading.map_or(stem.clone(), |heading| heading.trim().to_string());
        let chinese = is_chinese(&title) || super::pairs::has_chinese(&writer.text);
        lessons.push(Place {
            title: titles(Some(&title), None),
            zh: chinese.then(|| file.clone()),
            en: (!chinese).then_some(file),
        });
    }
    if lessons.is_empty() {
        return Err(ImportError::Unknown(from.into()));
    }
    Ok(Outline {
        root: into.into(),
        title: titles(Some(&name), None),
        chapters: vec![Part {
            title: titles(Some(&name), None),
            lessons,
        }],
        name,
        license: String::new(),
        beside: Vec::new(),
    })
}

fn read(path: &Path) -> Result<Value, ImportError> {
    let file = fs::File::open(path).map_err(|error| ImportError::io(path, error))?;
    let broken = |reason: String| ImportError::Broken {
        file: path.display().to_string(),
        reason,
    };
    let mut text = Vec::new();
    file.take(MAX_NOTEBOOK + 1)
        .read_to_end(&mut text)
        .map_err(|error| ImportError::io(path, error))?;
    if text.len() as u64 > MAX_NOTEBOOK {
        return Err(broken("larger than 64 MiB; clear its outputs".into()));
    }
    let notebook: Value =
        serde_json::from_slice(&text).map_err(|error| broken(error.to_string()))?;
    match notebook["nbformat"].as_u64() {
        Some(4) => Ok(notebook),
        _ => Err(broken(
            "only nbformat 4 is read; save it with a newer Jupyter".into(),
        )),
    }
}

struct Writer<'a> {
    into: &'a Path,
    stem: &'a str,
    text: String,
    /// The id of the last cell that runs.
    before: Option<String>,
    images: usize,
}

impl Writer<'_> {
    fn notebook(&mut self, notebook: &Value) -> Result<(), ImportError> {
        let cells = notebook["cells"].as_array().map_or(&[][..], Vec::as_slice);
        for (at, cell) in cells.iter().enumerate() {
            let source = joined(&cell["source"]);
            match cell["cell_type"].as_str() {
                Some("markdown") => {
                    let source = self.attachments(&cell["attachments"], source)?;
                    self.paragraph(&source);
                }
                Some("code") if !source.trim().is_empty() => self.code(at, cell, &source)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn paragraph(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push_str("\n\n");
    }

    fn code(&mut self, at: usize, cell: &Value, source: &str) -> Result<(), ImportError> {
        // `%matplotlib` and `!pip` are Jupyter's and no Python.
        let is_python = !source
            .lines()
            .any(|line| line.trim_start().starts_with(['%', '!', '?']));
        let info = match is_python {
            true => {
                let written = cell["id"].as_str().map(ids::kebab);
                let id = written.unwrap_or_else(|| format!("cell-{}", at + 1));
                let after = self.before.replace(id.clone());
                let after = after.map(|after| format!(" after={after}"));
                format!("python run id={id}{}", after.unwrap_or_default())
            }
            false => "python".into(),
        };
        self.fenced(&info, source);
        for output in cell["outputs"].as_array().map_or(&[][..], Vec::as_slice) {
            self.output(output)?;
        }
        Ok(())
    }

    /// A fence longer than any in the text it holds.
    fn fenced(&mut self, info: &str, text: &str) {
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        self.paragraph(&format!("{fence}{info}\n{}\n{fence}", text.trim_end()));
    }

    fn output(&mut self, output: &Value) -> Result<(), ImportError> {
        for (mime, ending) in [("image/png", "png"), ("image/jpeg", "jpg")] {
            let image = joined(&output["data"][mime]);
            if !image.is_empty() {
                if let Some(file) = self.image(&image, ending)? {
                    self.paragraph(&format!("![output]({file})"));
                }
                return Ok(());
            }
        }
        let text = match output["output_type"].as_str() {
            Some("stream") => joined(&output["text"]),
            Some("error") => output["evalue"].as_str().unwrap_or_default().to_string(),
            _ => joined(&output["data"]["text/plain"]),
        };
        let text: String = text.chars().take(MAX_OUTPUT).collect();
        if !text.trim().is_empty() {
            self.fenced("text", &text);
        }
        Ok(())
    }

    /// Images that a text brings along, in place of the addresses it shows them by.
    fn attachments(
        &mut self,
        attachments: &Value,
        mut text: String,
    ) -> Result<String, ImportError> {
        for (name, kinds) in attachments.as_object().into_iter().flatten() {
            for (mime, ending) in [("image/png", "png"), ("image/jpeg", "jpg")] {
                let image = joined(&kinds[mime]);
                if image.is_empty() {
                    continue;
                }
                if let Some(file) = self.image(&image, ending)? {
                    text = text.replace(&format!("attachment:{name}"), &file);
                }
            }
        }
        Ok(text)
    }

    /// Writes an image and gives its address; nothing when it is none.
    fn image(&mut self, encoded: &str, ending: &str) -> Result<Option<String>, ImportError> {
        let packed: String = encoded.split_whitespace().collect();
        let Ok(bytes) = STANDARD.decode(packed) else {
            return Ok(None);
        };
        self.images += 1;
        let folder = self.into.join("images").join(self.stem);
        let path = folder.join(format!("{}.{ending}", self.images));
        fs::create_dir_all(&folder)
            .and_then(|()| fs::write(&path, bytes))
            .map_err(|error| ImportError::io(&path, error))?;
        let file = format!("images/{}/{}.{ending}", self.stem, self.images);
        Ok(Some(crate::markdown::percent_encoded(&file)))
    }
}

/// Notebooks write texts as one or as a list of lines.
fn joined(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        _ => String::new(),
    }
}
