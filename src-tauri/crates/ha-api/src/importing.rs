//! What an instructor has already, as a course: the import, and the truth about its code, found by
//! running it.

use crate::checks::dry_run;
use crate::wire::RunOutcome;
use crate::{ApiError, ApiResult, ErrorCode};
use ha_course::{CodeNeed, ImportError, ImportReport};
use ha_sandbox::Runner;
use std::collections::BTreeMap;
use std::path::Path;

pub use ha_course::ImportFrom;

/// What an import did.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportSummary {
    /// The course's id.
    pub course: String,
    /// Chapters.
    pub chapters: usize,
    /// Lessons.
    pub lessons: usize,
    /// Lessons with a Chinese text.
    pub chinese: usize,
    /// Lessons with an English text.
    pub english: usize,
    /// Lessons that kept the id of an earlier import.
    pub known: usize,
    /// Titles of lessons that are no longer there.
    pub gone: Vec<String>,
    /// The first line of the licence; empty when none was found.
    pub license: String,
    /// Images copied.
    pub images: usize,
    /// `file:line: path` of images that are not there.
    pub missing_images: Vec<String>,
    /// Images on the web.
    pub remote_images: usize,
    /// `file:line: sentence` of links that lead nowhere.
    pub dead_links: Vec<String>,
    /// What was left out and why.
    pub left_out: Vec<String>,
    /// The blocks of code.
    pub code: CodeSummary,
}

/// What the blocks of code of a book need, counted.
#[derive(Debug, Clone, Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeSummary {
    /// Blocks that are no Python.
    pub other: usize,
    /// Run in the sandbox as they are.
    pub runs: usize,
    /// Use names of blocks before them.
    pub needs_earlier: usize,
    /// Need a key.
    pub needs_key: usize,
    /// Need the network.
    pub needs_network: usize,
    /// Need packages; which, and how many blocks each.
    pub needs_packages: BTreeMap<String, usize>,
    /// Blocks that need packages.
    pub with_packages: usize,
    /// End with another error: `file:line: error`.
    pub fails: Vec<String>,
    /// Need nothing that reading could see, and were not run.
    pub not_run: usize,
}

/// Imports a docsify folder, an mdBook or notebooks into `into`; with a `runner` every block of
/// Python that needs nothing is run. Runs one program after the other: dropping the future stops.
///
/// # Errors
/// `invalid_request` for what cannot be imported, `save_failed` for a destination that cannot be
/// written, those of the engine.
pub async fn course_import(
    runner: Option<&dyn Runner>,
    from: &Path,
    kind: Option<ImportFrom>,
    into: &Path,
) -> ApiResult<ImportSummary> {
    let report = ha_course::import(from, kind, into).map_err(|error| import_error(&error))?;
    let code = code(runner, &report).await?;
    let placed = |(file, line, what): &(String, u32, String)| format!("{file}:{line}: {what}");
    Ok(ImportSummary {
        course: report.course,
        chapters: report.chapters,
        lessons: report.lessons,
        chinese: report.chinese,
        english: report.english,
        known: report.known,
        gone: report.gone,
        license: report.license,
        images: report.images,
        missing_images: report.missing_images.iter().map(placed).collect(),
        remote_images: report.remote_images,
        dead_links: report.dead_links.iter().map(placed).collect(),
        left_out: report.left_out,
        code,
    })
}

fn import_error(error: &ImportError) -> ApiError {
    let code = match error {
        ImportError::Unknown(_) | ImportError::Broken { .. } | ImportError::Entangled => {
            ErrorCode::InvalidRequest
        }
        ImportError::Io { .. } => ErrorCode::SaveFailed,
    };
    ApiError::new(code, error.to_string())
}

async fn code(runner: Option<&dyn Runner>, report: &ImportReport) -> ApiResult<CodeSummary> {
    let mut code = CodeSummary::default();
    for block in &report.blocks {
        match &block.need {
            CodeNeed::Other => code.other += 1,
            CodeNeed::Key(_) => code.needs_key += 1,
            CodeNeed::Network(_) => code.needs_network += 1,
            CodeNeed::Packages(packages) => {
                code.with_packages += 1;
                for package in packages {
                    *code.needs_packages.entry(package.clone()).or_default() += 1;
                }
            }
            CodeNeed::Nothing => {
                let Some(runner) = runner.filter(|_| !block.source.is_empty()) else {
                    code.not_run += 1;
                    continue;
                };
                let ran = dry_run(runner, &block.source, &[]).await?;
                let last = ran
                    .output
                    .trim_end()
                    .lines()
                    .next_back()
                    .unwrap_or_default();
                if ran.outcome == (RunOutcome::Exited { code: 0 }) {
                    code.runs += 1;
                } else if last.starts_with("NameError") {
                    code.needs_earlier += 1;
                } else {
                    let error: String = last.chars().take(200).collect();
                    code.fails
                        .push(format!("{}:{}: {error}", block.file, block.line));
                }
            }
        }
    }
    Ok(code)
}
