//! Start-up, settings, home and health.

use super::{AiSettings, EngineChoice, LessonRef, ModelMode, Pool};
use crate::ErrorCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// A language of the window or of a course's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum Language {
    /// Chinese (simplified).
    Zh,
    /// English.
    En,
}

/// The same words in both languages; a course that has only one repeats it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// The half in a language.
    pub fn pick(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

impl From<ha_course::Words> for Words {
    fn from(words: ha_course::Words) -> Self {
        Words {
            zh: words.zh,
            en: words.en,
        }
    }
}

/// The first thing the window asks for.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Boot {
    /// The app's version.
    pub version: String,
    /// The system's language, reduced to ours.
    pub system_language: Language,
    /// Defaults when the store is not available.
    pub settings: Settings,
    /// Whether the learner's data can be used.
    pub store: StoreState,
    /// Whether programs can run.
    pub engine: Engine,
}

/// Whether the learner's data can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(
    tag = "state",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum StoreState {
    /// Open.
    Ready {
        /// The database file.
        path: String,
    },
    /// Not open. The file is untouched.
    Unavailable {
        /// `store_corrupt`, `store_newer`, `store_unwritable`, `store_busy` or `store_full`.
        code: ErrorCode,
        /// The database file.
        path: String,
        /// English detail.
        detail: String,
    },
}

/// An engine as the top bar shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Engine {
    /// `wasm` or `docker`.
    pub name: String,
    /// Whether it can run something.
    pub status: EngineStatus,
    /// English detail while preparing or unavailable; else empty.
    pub detail: String,
}

/// Whether an engine can run something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum EngineStatus {
    /// Work that is done once; runs wait for it.
    Preparing,
    /// Runs start at once.
    Ready,
    /// Nothing runs.
    Unavailable,
}

/// Light, dark or as the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum Theme {
    /// Follow the system.
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// Monaco's accessible mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum Accessibility {
    /// Let the editor detect a screen reader.
    Auto,
    /// Always on.
    On,
    /// Always off.
    Off,
}

/// Everything the learner can set. Unknown or damaged stored values fall back to the default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export)]
pub struct Settings {
    /// Language of the window; `None` follows the system.
    pub ui_language: Option<Language>,
    /// Language of lessons; `None` follows the window.
    pub content_language: Option<Language>,
    /// Light, dark or as the system.
    pub theme: Theme,
    /// Editor font size in pixels, 10–32.
    pub editor_font_size: u8,
    /// Spaces per tab stop, 2–8.
    pub editor_tab_size: u8,
    /// Whether long lines wrap in the editor.
    pub editor_wrap: bool,
    /// Monaco's accessible mode.
    pub editor_accessibility: Accessibility,
    /// Time limit of a run in seconds, 1–60.
    pub run_timeout_s: u8,
    /// Whether the program runs by itself while the learner types.
    pub live_mode: bool,
    /// Which engine runs programs.
    pub engine: EngineChoice,
    /// Containers at most, of the engine that has some, 1–10.
    pub pool_size: u8,
    /// Who answers for the model that programs ask. Never `record`.
    pub model_mode: ModelMode,
    /// The AI service.
    pub ai: AiSettings,
    /// Pane sizes in percent and `0`/`1` for collapsed panes, by the window's own names.
    /// At most 32 entries.
    pub panes: BTreeMap<String, f64>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            ui_language: None,
            content_language: None,
            theme: Theme::System,
            editor_font_size: 14,
            editor_tab_size: 4,
            editor_wrap: true,
            editor_accessibility: Accessibility::Auto,
            run_timeout_s: 30,
            live_mode: false,
            engine: EngineChoice::Auto,
            pool_size: 3,
            model_mode: ModelMode::Scripted,
            ai: AiSettings::default(),
            panes: BTreeMap::new(),
        }
    }
}

/// A course on the shelf.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct CourseSummary {
    /// Stable id.
    pub id: String,
    /// Title.
    pub title: Words,
    /// One or two sentences.
    pub summary: Words,
    /// Lessons in all.
    pub lessons: u32,
    /// Lessons passed.
    pub passed: u32,
    /// Estimated minutes in all.
    pub minutes: u32,
    /// Where *Start* or *Continue* leads: the last opened lesson, else the first.
    pub next: Option<LessonRef>,
    /// Problems found in its files.
    pub problems: u32,
    /// Whether the user installed it; what came with the app cannot be removed.
    pub own: bool,
}

/// Home.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Home {
    /// The lesson opened last, on any course.
    pub resume: Option<Resume>,
    /// Installed courses.
    pub courses: Vec<CourseSummary>,
    /// What the learner did in courses that are gone, the latest first.
    pub kept: Vec<KeptWork>,
    /// Days with at least one run or check in the last 53 weeks, oldest first.
    pub activity: Vec<ActivityDay>,
}

/// What the learner did in a course that is not installed any more. It is there again when the
/// course is.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct KeptWork {
    /// The course's id; its title went with it.
    pub course: String,
    /// Lessons with anything in them.
    pub lessons: u32,
    /// When something was done in it last: milliseconds since 1970.
    pub last_at: f64,
}

/// The *Continue* card.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Resume {
    /// The lesson.
    pub lesson: LessonRef,
    /// Its title.
    pub lesson_title: Words,
    /// Its course's title.
    pub course_title: Words,
    /// When it was opened last.
    pub opened_at: f64,
}

/// One day of the heatmap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ActivityDay {
    /// Local date, `2026-11-21`.
    pub day: String,
    /// Runs and checks.
    pub runs: u32,
    /// Checks that passed.
    pub passed: u32,
}

/// The layered health report of *About* and of `helloagents doctor`.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Health {
    /// The app's version.
    pub version: String,
    /// Worst of the parts.
    pub healthy: bool,
    /// Database, each engine, courses.
    pub parts: Vec<HealthPart>,
    /// The engine of containers, where this app has one.
    pub pool: Option<Pool>,
}

/// One part of the health report.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct HealthPart {
    /// `database`, `engine:wasm`, `engine:docker`, `courses`, `log`.
    pub name: String,
    /// Whether it works.
    pub healthy: bool,
    /// English, one line: a path, a version, a reason.
    pub detail: String,
    /// How long the probe took.
    pub duration_ms: f64,
}
