//! What the tutor is given: the section in view, the learner's code, the last run, the last check.
//!
//! Built from the author's files, the history and what the window says it shows, each within a
//! budget, so that a long lesson does not push out the code. Nothing is cut without saying so.

use super::rung::Tried;
use super::verify::Verifier;
use crate::wire::{CheckResult, CheckStatus, Chip, ChipKind, FileText, Language, Surrounding};
use crate::{ApiResult, App, history, lessons, traceback};
use ha_course::{LessonSection, SolutionRule};
use ha_llm::estimate_tokens;
use ha_store::{ProgressState, RunKind, RunRow, RunStatus};

/// Tokens of each piece. Together about six thousand: a third of a cent, and far below any model's
/// limit.
const SECTION_TOKENS: u64 = 1800;
const CODE_TOKENS: u64 = 2400;
const RUN_TOKENS: u64 = 700;
const CHECK_TOKENS: u64 = 900;
/// Entries of the history that are looked at.
const HISTORY: u32 = 60;
/// Headings that are named.
const MAX_HEADINGS: usize = 40;

/// Everything that is known before a question is asked.
pub(crate) struct Context {
    /// What is sent, piece by piece.
    pub(crate) pieces: Vec<(Chip, String)>,
    pub(crate) tried: Tried,
    /// When the author lets a learner see the solution.
    pub(crate) solution_after: SolutionRule,
    /// The lesson checks something and has a solution.
    pub(crate) has_exercise: bool,
    pub(crate) verifier: Verifier,
}

impl Context {
    /// The pieces as one text, without those the learner took out.
    pub(crate) fn text(&self) -> String {
        self.pieces.iter().map(|(_, text)| text.as_str()).collect()
    }

    pub(crate) fn chips(&self) -> Vec<Chip> {
        self.pieces.iter().map(|(chip, _)| chip.clone()).collect()
    }
}

impl App {
    /// Gathers what a question about this place is asked with.
    pub(crate) async fn tutor_context(
        &self,
        around: &Surrounding,
        without: &[ChipKind],
    ) -> ApiResult<Context> {
        let (course, _) = self.course(&around.lesson.course)?;
        let id = &around.lesson.lesson;
        let files = course
            .files(id)
            .map_err(|error| lessons::course_error(&error))?;
        let language = lessons::course_language(around.language);
        let section = course
            .section(id, language, around.heading.as_deref())
            .map_err(|error| lessons::course_error(&error))?;
        let lesson = around.lesson.clone();
        let history = self
            .with_store(move |store| store.runs(&lesson.course, &lesson.lesson, HISTORY))
            .await?;
        let newest = |kind| {
            let ended =
                |line: &&ha_store::RunLine| line.kind == kind && line.status == RunStatus::Finished;
            history.iter().find(ended).map(|line| line.id.clone())
        };
        let (run, check) = (newest(RunKind::Run), newest(RunKind::Check));
        let run = self.history_entry(run).await?;
        let check = self.history_entry(check).await?;
        let lesson = around.lesson.clone();
        let progress = self
            .with_store(move |store| store.progress(&lesson.course, &lesson.lesson))
            .await?;
        let passed = progress.is_some_and(|row| row.state == ProgressState::Passed);

        let mut pieces = vec![section_piece(&section)];
        pieces.extend(code_piece(around, run.as_ref()));
        pieces.extend(run.as_ref().map(run_piece));
        pieces.extend(
            check
                .as_ref()
                .and_then(|row| check_piece(row, around.language)),
        );
        pieces.extend(cursor_piece(around));
        pieces.retain(|(chip, _)| !without.contains(&chip.kind));
        Ok(Context {
            pieces,
            tried: Tried::of(&history, passed, self.now()),
            solution_after: course
                .lesson(id)
                .map_or_else(SolutionRule::default, |(_, lesson, ..)| {
                    lesson.solution_after
                }),
            has_exercise: !files.checks.is_empty() && !files.solution.is_empty(),
            verifier: Verifier::new(
                &files.solution,
                &files.starter,
                &around.files,
                &section.lesson,
            ),
        })
    }

    async fn history_entry(&self, id: Option<String>) -> ApiResult<Option<RunRow>> {
        match id {
            None => Ok(None),
            Some(id) => self.with_store(move |store| store.run(&id)).await,
        }
    }
}

fn piece(kind: ChipKind, detail: String, tag: &str, text: &str) -> (Chip, String) {
    let text = format!("<{tag}>\n{}\n</{tag}>\n", text.trim_end());
    let tokens = estimate_tokens(&text).try_into().unwrap_or(u32::MAX);
    let chip = Chip {
        kind,
        detail,
        tokens,
    };
    (chip, text)
}

fn section_piece(section: &LessonSection) -> (Chip, String) {
    let mut text = beginning(&section.text, SECTION_TOKENS);
    text.push_str("\n\nHeadings of the lesson, with their anchors:\n");
    for (anchor, title) in section.headings.iter().take(MAX_HEADINGS) {
        text.push_str(&format!("- [{title}](#{anchor})\n"));
    }
    let first = section.headings.first().map(|(_, title)| title.clone());
    let detail = match section.title.is_empty() {
        true => first.unwrap_or_default(),
        false => section.title.clone(),
    };
    piece(ChipKind::Section, detail, "lesson", &text)
}

/// The files with numbered lines: the one in view first, and of a long one what is around the place
/// that matters.
fn code_piece(around: &Surrounding, run: Option<&RunRow>) -> Option<(Chip, String)> {
    if around.files.is_empty() {
        return None;
    }
    let failed = run.and_then(|row| traceback::read(&row.output_head, &history::files(row)));
    let place = failed.and_then(|found| found.place);
    let focus = |file: &FileText| {
        let cursor = around.cursor.as_ref().filter(|at| at.path == file.path);
        let error = place.as_ref().filter(|at| at.path == file.path);
        error.map(|at| at.line).or(cursor.map(|at| at.line))
    };
    let mut files: Vec<&FileText> = around.files.iter().collect();
    files.sort_by_key(|file| focus(file).is_none());
    let mut left = CODE_TOKENS;
    let mut text = String::new();
    for file in &files {
        let shown = around_line(&file.text, focus(file).unwrap_or(1), left);
        left = left.saturating_sub(estimate_tokens(&shown));
        text.push_str(&format!("{}\n{shown}\n", file.path));
    }
    let names: Vec<_> = around.files.iter().map(|file| file.path.as_str()).collect();
    Some(piece(ChipKind::Code, names.join(", "), "code", &text))
}

fn run_piece(row: &RunRow) -> (Chip, String) {
    let end = row.line.outcome.clone().unwrap_or_default();
    let text = format!(
        "end: {end}\noutput:\n{}",
        ending(&row.output_head, RUN_TOKENS)
    );
    let last = row
        .output_head
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty());
    let detail: String = last.unwrap_or_default().trim().chars().take(60).collect();
    piece(ChipKind::Run, detail, "last-run", &text)
}

fn check_piece(row: &RunRow, language: Language) -> Option<(Chip, String)> {
    let results: Vec<CheckResult> = serde_json::from_str(row.results.as_deref()?).ok()?;
    let (passed, total) = (row.line.passed?, row.line.total?);
    let mut text = format!("{passed} of {total} checks pass.\n");
    for result in &results {
        let title = match language {
            Language::Zh => &result.title.zh,
            Language::En => &result.title.en,
        };
        let mark = if result.status == CheckStatus::Pass {
            "pass"
        } else {
            "not yet"
        };
        text.push_str(&format!("- {title}: {mark}\n"));
    }
    let first = results
        .iter()
        .find(|result| result.status != CheckStatus::Pass);
    if let Some(first) = first {
        text.push_str("The first that does not pass:\n");
        let parts = [
            ("said", Some(&first.message)),
            ("called", first.call.as_ref()),
            ("expected", first.expected.as_ref()),
            ("got", first.got.as_ref()),
            ("printed", Some(&first.output)),
        ];
        let each = CHECK_TOKENS / parts.len() as u64;
        for (name, value) in parts {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                text.push_str(&format!("{name}: {}\n", ending(value, each)));
            }
        }
    }
    Some(piece(
        ChipKind::Check,
        format!("{passed}/{total}"),
        "last-check",
        &text,
    ))
}

fn cursor_piece(around: &Surrounding) -> Option<(Chip, String)> {
    let cursor = around.cursor.as_ref()?;
    let file = around.files.iter().find(|file| file.path == cursor.path)?;
    let line = file.text.lines().nth(cursor.line.checked_sub(1)? as usize);
    let detail = format!("{}:{}", cursor.path, cursor.line);
    let text = format!(
        "{}, line {}: {}",
        cursor.path,
        cursor.line,
        line.unwrap_or_default()
    );
    Some(piece(ChipKind::Cursor, detail, "cursor", &text))
}

const CUT: &str = "[…]";

/// As many lines from the beginning as the budget allows.
fn beginning(text: &str, tokens: u64) -> String {
    within(text.lines(), tokens).join("\n")
}

/// As many lines from the end as the budget allows: a traceback says the most on its last line.
fn ending(text: &str, tokens: u64) -> String {
    let mut lines = within(text.lines().rev(), tokens);
    lines.reverse();
    lines.join("\n")
}

/// The lines around one, numbered, growing to both sides as long as the budget lasts.
fn around_line(text: &str, line: u32, tokens: u64) -> String {
    let lines: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(index, line)| format!("{:>3}| {}", index + 1, shortened(line)))
        .collect();
    let middle = (line.max(1) as usize - 1).min(lines.len().saturating_sub(1));
    let (mut from, mut to, mut left) = (middle, middle, tokens);
    loop {
        let before = (from > 0).then(|| from - 1);
        let after = (to < lines.len()).then_some(to);
        let cost = |at: Option<usize>| at.map(|at| estimate_tokens(&lines[at]) + 1);
        let mut grew = false;
        if let (Some(at), Some(cost)) = (after, cost(after))
            && cost <= left
        {
            (to, left, grew) = (at + 1, left - cost, true);
        }
        if let (Some(at), Some(cost)) = (before, cost(before))
            && cost <= left
        {
            (from, left, grew) = (at, left - cost, true);
        }
        if !grew {
            break;
        }
    }
    let mut shown = lines[from..to].to_vec();
    if from > 0 {
        shown.insert(0, format!("{CUT} {from} lines above"));
    }
    if to < lines.len() {
        shown.push(format!("{CUT} {} lines below", lines.len() - to));
    }
    shown.join("\n")
}

fn within<'a>(lines: impl Iterator<Item = &'a str>, tokens: u64) -> Vec<String> {
    let mut left = tokens;
    let mut kept = Vec::new();
    for line in lines {
        let line = shortened(line);
        let cost = estimate_tokens(&line) + 1;
        if cost > left {
            kept.push(CUT.into());
            break;
        }
        left -= cost;
        kept.push(line);
    }
    kept
}

/// One endless line must not be a whole budget.
fn shortened(line: &str) -> String {
    const LONGEST: usize = 400;
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}{CUT}", &line[..end]),
        None => line.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_is_shown_around_the_place_that_matters() {
        let text: String = (1..=1000).map(|n| format!("line_{n} = {n}\n")).collect();
        let shown = around_line(&text, 700, 200);
        assert!(shown.contains("700| line_700"), "{shown}");
        assert!(
            shown.starts_with("[…] ") && shown.contains(" lines below"),
            "{shown}"
        );
        assert!(estimate_tokens(&shown) < 240, "{}", estimate_tokens(&shown));
        let whole = around_line("a = 1\nb = 2\n", 99, 200);
        assert_eq!(whole, "  1| a = 1\n  2| b = 2");
        assert_eq!(around_line("", 1, 200), "");
        assert_eq!(around_line("a = 1", 1, 0), "[…] 1 lines below");
    }

    #[test]
    fn texts_are_cut_at_the_side_that_matters_less() {
        let text: String = (1..=500).map(|n| format!("{n}\n")).collect();
        let end = ending(&text, 50);
        assert!(end.starts_with("[…]\n") && end.ends_with("\n500"), "{end}");
        let start = beginning(&text, 50);
        assert!(
            start.starts_with("1\n") && start.ends_with("\n[…]"),
            "{start}"
        );
        let endless = "x".repeat(1_000_000);
        assert!(ending(&endless, 200).len() < 500);
    }
}
