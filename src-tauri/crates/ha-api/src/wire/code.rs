//! The code check: what a program is about to use, as the editor marks it.

use super::{FileText, LessonRef, Words};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Asks what the learner's code is about to use. Nothing runs.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CodeCheck {
    /// The lesson, whose author may have a word in it.
    pub lesson: LessonRef,
    /// The learner's files as the editor has them.
    pub files: Vec<FileText>,
}

/// One rule of the platform. The window has words for every one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum CodeRule {
    /// `eval`.
    Eval,
    /// `exec`.
    Exec,
    /// `compile`.
    Compile,
    /// `open` and its kin.
    Open,
    /// `__import__` and its kin.
    Import,
    /// `os.system` and its kin.
    System,
    /// `subprocess` and its kin.
    Subprocess,
    /// `ctypes`.
    Ctypes,
    /// `socket` and everything that needs the network.
    Socket,
}

/// What happens about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum CodeAction {
    /// It is good to know; the program runs.
    Advise,
    /// The program does not start.
    Deny,
}

/// Something the program is about to use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CodeFinding {
    /// Path of the file.
    pub path: String,
    /// 1-based.
    pub line: u32,
    /// 1-based, in UTF-16 units, as the page counts.
    pub column: u32,
    /// 1-based; the line of the first character behind.
    pub end_line: u32,
    /// 1-based, in UTF-16 units; the first character behind.
    pub end_column: u32,
    /// Which rule it is.
    pub rule: CodeRule,
    /// What it really is, for example `os.system`, whatever it is called in the code.
    pub name: String,
    /// What happens.
    pub action: CodeAction,
    /// The author's words; without any the window says why by the rule.
    pub message: Option<Words>,
}
