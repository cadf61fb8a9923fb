//! One notebook as a Markdown text whose cells run, with its outputs and images. Cells keep their
//! ids, so that a second import of a changed notebook is a small diff. What Markdown cannot show is
//! among the notes.

use super::record::write as write_file;
use super::{ImportError, ids};
use crate::folder::Folder;
use crate::lesson::parent;
use crate::model::Words;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// Longest text of one output, in characters; the rest is in the notebook.
const MAX_OUTPUT: usize = 4000;
/// Longest name of a cell, in characters, as the lessons' format has it.
const MAX_NAME: usize = 40;
/// Pictures that notebooks hold, with the endings of their files.
const PICTURES: [(&str, &str); 5] = [
    ("image/png", "png"),
    ("image/jpeg", "jpg"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
    ("image/svg+xml", "svg"),
];

/// What a notebook became.
pub(super) struct Written {
    pub(super) text: String,
    /// The first heading of the first level.
    pub(super) heading: Option<String>,
    /// What was not taken over: sentences.
    pub(super) notes: Vec<Words>,
}

/// Writes the notebook of `path`, a path in the `book` without its ending. Its images are written
/// below `staged`, beside where the text will be.
pub(super) fn write(
    notebook: &Value,
    path: &str,
    book: &Folder,
    staged: &Path,
) -> Result<Written, ImportError> {
    let mut writer = Writer {
        path,
        book,
        staged,
        language: language(notebook),
        written: Written {
            text: String::new(),
            heading: None,
            notes: Vec::new(),
        },
        before: None,
        names: BTreeSet::new(),
        images: 0,
    };
    let cells = notebook["cells"].as_array().map_or(&[][..], Vec::as_slice);
    for (at, cell) in cells.iter().enumerate() {
        writer.cell(at + 1, cell)?;
    }
    Ok(writer.written)
}

/// What its kernel speaks; Python when it does not say.
fn language(notebook: &Value) -> String {
    let metadata = &notebook["metadata"];
    let said = [
        &metadata["kernelspec"]["language"],
        &metadata["language_info"]["name"],
    ];
    let said = said.into_iter().find_map(Value::as_str).unwrap_or("python");
    let is_name = |c: &char| c.is_ascii_alphanumeric() || "+#-".contains(*c);
    let name = said
        .chars()
        .take_while(is_name)
        .take(24)
        .collect::<String>();
    match name.to_ascii_lowercase().as_str() {
        "" | "ipython" => "python".into(),
        name => name.to_string(),
    }
}

struct Writer<'a> {
    path: &'a str,
    book: &'a Folder,
    staged: &'a Path,
    language: String,
    written: Written,
    /// The id of the last cell that runs to its end.
    before: Option<String>,
    /// Ids of the cells until now.
    names: BTreeSet<String>,
    images: usize,
}

impl Writer<'_> {
    /// The cell that is the `number`th, counted from 1.
    fn cell(&mut self, number: usize, cell: &Value) -> Result<(), ImportError> {
        let source = joined(&cell["source"]);
        match cell["cell_type"].as_str() {
            _ if source.trim().is_empty() => Ok(()),
            Some("markdown") => {
                let source = self.attachments(number, &cell["attachments"], source)?;
                if self.written.heading.is_none() {
                    let heading = source.lines().find_map(|line| line.strip_prefix("# "));
                    self.written.heading = heading.map(|heading| heading.trim().to_string());
                }
                self.paragraph(&source);
                Ok(())
            }
            Some("code") => self.code(number, cell, &source),
            kind => {
                let kind = kind.map_or_else(|| said!("没有类型", "of no kind"), Words::same);
                let what = said!("{kind}，不导入", "it is {kind}, so it is left out"; kind);
                self.note(number, &what);
                Ok(())
            }
        }
    }

    fn note(&mut self, number: usize, what: &Words) {
        self.written.notes.push(said!(
            "第 {number} 个单元格：{what}",
            "cell {number}: {what}";
            what
        ));
    }

    fn paragraph(&mut self, text: &str) {
        self.written.text.push_str(text.trim_end());
        self.written.text.push_str("\n\n");
    }

    fn code(&mut self, number: usize, cell: &Value, source: &str) -> Result<(), ImportError> {
        let outputs = cell["outputs"].as_array().map_or(&[][..], Vec::as_slice);
        // `%matplotlib` and `!pip` are Jupyter's and no Python.
        let mut lines = source.lines().map(str::trim_start);
        let runs =
            self.language == "python" && !lines.any(|line| line.starts_with(['%', '!', '?']));
        let info = match runs {
            true => self.run(number, cell, outputs),
            false => self.language.clone(),
        };
        self.fenced(&info, source);
        for output in outputs {
            self.output(number, output)?;
        }
        Ok(())
    }

    /// What the fence of a cell that runs says. One that ended with an error is meant to, and no
    /// other comes after it: nothing would run behind the error.
    fn run(&mut self, number: usize, cell: &Value, outputs: &[Value]) -> String {
        let is_error = |output: &Value| output["output_type"] == "error";
        let mut tags = cell["metadata"]["tags"].as_array().into_iter().flatten();
        let raises = outputs.iter().any(is_error) || tags.any(|tag| tag == "raises-exception");
        let id = self.name(number, cell);
        let mut info = format!("python run id={id}");
        if let Some(before) = &self.before {
            info.push_str(&format!(" after={before}"));
        }
        match raises {
            true => info.push_str(" raises"),
            false => self.before = Some(id),
        }
        info
    }

    /// The cell's own id, as far as it has one that no cell before it has.
    fn name(&mut self, number: usize, cell: &Value) -> String {
        let own = cell["id"].as_str().map(ids::kebab);
        let own = own.unwrap_or_else(|| format!("cell-{number}"));
        let short = |length: usize| {
            let cut: String = own.chars().take(length).collect();
            cut.trim_matches('-').to_string()
        };
        let mut name = short(MAX_NAME);
        let mut tries = 1;
        while !self.names.insert(name.clone()) {
            tries += 1;
            name = format!("{}-{tries}", short(MAX_NAME - 5));
        }
        name
    }

    /// A fence longer than any in the text it holds.
    fn fenced(&mut self, info: &str, text: &str) {
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        self.paragraph(&format!("{fence}{info}\n{}\n{fence}", text.trim_end()));
    }

    fn output(&mut self, number: usize, output: &Value) -> Result<(), ImportError> {
        let data = &output["data"];
        for (kind, ending) in PICTURES {
            let image = joined(&data[kind]);
            if image.is_empty() {
                continue;
            }
            match self.image(&image, ending)? {
                Some(file) => self.paragraph(&format!("![output]({file})")),
                None => {
                    let what = said!(
                        "输出里标为图片的内容不是图片",
                        "the picture it shows is none"
                    );
                    self.note(number, &what);
                }
            }
            return Ok(());
        }
        let text = match output["output_type"].as_str() {
            Some("stream") => joined(&output["text"]),
            Some("error") => {
                let kind = output["ename"].as_str().unwrap_or("Error");
                match output["evalue"].as_str().unwrap_or_default() {
                    "" => kind.to_string(),
                    what => format!("{kind}: {what}"),
                }
            }
            _ => joined(&data["text/plain"]),
        };
        let mut forms = data.as_object().into_iter().flat_map(|forms| forms.keys());
        match text.is_empty() {
            true if !joined(&data["text/html"]).is_empty() => {
                let what = said!(
                    "输出是 HTML，不导入",
                    "its output is HTML, so it is left out"
                );
                self.note(number, &what);
            }
            true => {
                if let Some(form) = forms.next() {
                    let what = said!(
                        "输出是 {form}，不导入",
                        "its output is {form}, so it is left out"
                    );
                    self.note(number, &what);
                }
            }
            false if forms.any(|form| form == "text/html") => {
                let what = said!(
                    "输出是 HTML，显示成纯文字",
                    "its output in HTML is shown as plain text"
                );
                self.note(number, &what);
            }
            false => {}
        }
        let mut text = as_shown(&text);
        let length = text.chars().count();
        if length > MAX_OUTPUT {
            text = text.chars().take(MAX_OUTPUT).chain("\n…".chars()).collect();
            let what = said!(
                "输出有 {length} 个字符，只留 {MAX_OUTPUT} 个",
                "its output of {length} characters is cut to {MAX_OUTPUT}"
            );
            self.note(number, &what);
        }
        if !text.trim().is_empty() {
            self.fenced("text", &text);
        }
        Ok(())
    }

    /// Images that a text brings along, in place of the addresses it shows them by.
    fn attachments(
        &mut self,
        number: usize,
        attachments: &Value,
        mut text: String,
    ) -> Result<String, ImportError> {
        for (name, kinds) in attachments.as_object().into_iter().flatten() {
            let images = PICTURES.map(|(kind, ending)| (joined(&kinds[kind]), ending));
            let image = images.iter().find(|(image, _)| !image.is_empty());
            let file = match image {
                Some((image, ending)) => self.image(image, ending)?,
                None => None,
            };
            match file {
                Some(file) => text = text.replace(&format!("attachment:{name}"), &file),
                None => {
                    let what = said!(
                        "附件 {name} 不是图片",
                        "what is attached as {name} is no picture"
                    );
                    self.note(number, &what);
                }
            }
        }
        Ok(text)
    }

    /// Writes an image and gives its address; nothing when it is none.
    fn image(&mut self, written: &str, ending: &str) -> Result<Option<String>, ImportError> {
        let packed: String = written.split_whitespace().collect();
        let bytes = match STANDARD.decode(packed) {
            Ok(bytes) => bytes,
            // The one kind that is a text.
            Err(_) if ending == "svg" => written.as_bytes().to_vec(),
            Err(_) => return Ok(None),
        };
        let folder = parent(self.path);
        let stem = self.path.rsplit('/').next().unwrap_or(self.path);
        loop {
            self.images += 1;
            let file = format!("images/{stem}/{}.{ending}", self.images);
            let path = match folder {
                "" => file.clone(),
                folder => format!("{folder}/{file}"),
            };
            // The book may have a picture of that name.
            if self.book.locate(&path).is_err() {
                write_file(&self.staged.join(path), &bytes)?;
                return Ok(Some(crate::markdown::percent_encoded(&file)));
            }
        }
    }
}

/// A text as a terminal would have left it: without the codes for colours, and of lines that were
/// written over only the last.
fn as_shown(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut parts = text.split('\u{1b}');
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let rest = match part.chars().next() {
            // `[31m`: up to the letter that ends it.
            Some('[') => part[1..].trim_start_matches(|c: char| ('\u{20}'..='\u{3f}').contains(&c)),
            // `]0;title`: up to the bell.
            Some(']') => part.split_once('\u{7}').map_or("", |(_, rest)| rest),
            _ => part,
        };
        let is_code = part.starts_with(['[', '(']);
        let skipped = rest
            .chars()
            .next()
            .filter(|_| is_code)
            .map_or(0, char::len_utf8);
        plain.push_str(&rest[skipped..]);
    }
    let last = |line: &str| {
        let line = line.trim_end_matches('\r');
        line.rsplit('\r').next().unwrap_or_default().to_string()
    };
    let lines: Vec<String> = plain.split('\n').map(last).collect();
    lines.join("\n")
}

/// Notebooks write texts as one or as a list of lines.
fn joined(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_read_as_a_terminal_shows_them() {
        for (text, expected) in [
            ("\u{1b}[0;31mred\u{1b}[0m end", "red end"),
            ("\u{1b}]0;title\u{7}after", "after"),
            ("10%\r50%\r100%\nnext\r\n", "100%\nnext\n"),
            ("plain [31m text", "plain [31m text"),
            ("\u{1b}[", ""),
        ] {
            assert_eq!(as_shown(text), expected, "{text:?}");
        }
    }
}
