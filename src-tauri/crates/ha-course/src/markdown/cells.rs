//! Blocks of code that run where they stand, and what their fences say:
//! ```` ```python run id=load after=setup editable ````.
//!
//! A cell is a program that runs after the cells it names, and theirs. A name must come before its
//! use, so there are no circles.

use super::About;
use super::writer::Writer;
use pulldown_cmark::CodeBlockKind;
use std::collections::BTreeSet;

/// A block of a lesson that runs where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Line of the text on which it begins, 1-based.
    pub line: u32,
    /// Its own text.
    pub program: String,
    /// The texts it comes after, in their order; all of them run in the same names.
    pub before: Vec<String>,
    /// It ends with an error, and is meant to.
    pub raises: bool,
}

/// What a fence says of its block.
#[derive(Default)]
pub(super) struct CellTag {
    /// For those that come after it; empty when it has none.
    pub(super) name: String,
    pub(super) after: Vec<String>,
    pub(super) editable: bool,
    /// Not shown: it prepares what others use.
    pub(super) hidden: bool,
    raises: bool,
    /// Words that mean nothing here.
    unknown: Vec<String>,
}

/// What follows a fence's backticks.
pub(super) struct Fence {
    /// The first word, as far as it is a name.
    pub(super) language: String,
    /// For a Python block that the reader can run where it stands: `python run`.
    pub(super) cell: Option<CellTag>,
}

impl Fence {
    pub(super) fn of(kind: &CodeBlockKind<'_>) -> Fence {
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.trim(),
            CodeBlockKind::Indented => "",
        };
        let name: String = info.chars().take_while(is_name).take(24).collect();
        let language = name.to_ascii_lowercase();
        let mut words = info.split_whitespace().skip(1);
        let runs = language == "python" && words.next() == Some("run");
        Fence {
            language,
            cell: runs.then(|| CellTag::of(words)),
        }
    }
}

impl CellTag {
    fn of<'w>(words: impl Iterator<Item = &'w str>) -> CellTag {
        let mut tag = CellTag::default();
        for word in words {
            match word.split_once('=') {
                None if word == "editable" => tag.editable = true,
                None if word == "hidden" => tag.hidden = true,
                None if word == "raises" => tag.raises = true,
                Some(("id", name)) if is_cell_name(name) => tag.name = name.into(),
                Some(("after", names)) if names.split(',').all(is_cell_name) => {
                    tag.after = names.split(',').map(str::to_string).collect();
                }
                _ => tag.unknown.push(word.into()),
            }
        }
        tag
    }
}

fn is_name(c: &char) -> bool {
    c.is_ascii_alphanumeric() || "+#-_".contains(*c)
}

fn is_cell_name(name: &str) -> bool {
    (1..=40).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// The cells of one text while it is written.
#[derive(Default)]
pub(super) struct Cells {
    seen: Vec<Seen>,
}

struct Seen {
    name: String,
    line: u32,
    source: String,
    raises: bool,
    /// Places of the cells it names.
    after: Vec<usize>,
}

impl Cells {
    fn place(&self, name: &str) -> Option<usize> {
        self.seen.iter().position(|cell| cell.name == name)
    }

    /// Every cell as its program.
    pub(super) fn programs(&self) -> Vec<Cell> {
        let program = |at: usize| {
            let mut needed = BTreeSet::new();
            let mut open = self.seen[at].after.clone();
            while let Some(at) = open.pop() {
                if needed.insert(at) {
                    open.extend(&self.seen[at].after);
                }
            }
            let before = needed.iter().map(|at| self.seen[*at].source.clone());
            Cell {
                line: self.seen[at].line,
                program: self.seen[at].source.clone(),
                before: before.collect(),
                raises: self.seen[at].raises,
            }
        };
        (0..self.seen.len()).map(program).collect()
    }
}

impl Writer<'_> {
    /// Takes note of a cell and tells what its fence says wrongly.
    pub(super) fn cell_seen(&mut self, tag: &CellTag, source: &str) {
        for word in &tag.unknown {
            let reason = said!(
                "{word:?} 对代码块没有意义；可以写的是 id=…、after=…、editable、hidden 和 raises",
                "{word:?} says nothing about a cell; known are id=…, after=…, editable, hidden and raises"
            );
            self.tell(About::Other, reason);
        }
        if !tag.name.is_empty() && self.cells.place(&tag.name).is_some() {
            let reason = said!(
                "前面已经有代码块的 id 是 {:?}",
                "a cell before this one has the id {:?} already",
                tag.name
            );
            self.tell(About::Other, reason);
        }
        let mut after = Vec::new();
        for name in &tag.after {
            match self.cells.place(name) {
                Some(place) => after.push(place),
                None => {
                    let reason = said!(
                        "前面没有 id 是 {name:?} 的代码块",
                        "no cell before this one has the id {name:?}"
                    );
                    self.tell(About::Other, reason);
                }
            }
        }
        let line = self.line();
        self.cells.seen.push(Seen {
            name: tag.name.clone(),
            line,
            source: source.to_string(),
            raises: tag.raises,
            after,
        });
    }
}
