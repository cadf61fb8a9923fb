//! Every command the window may call, one module an area. A command is a name for a use case:
//! it unpacks its arguments, calls one method of the core and answers.
//!
//! The list below, the capability file and the page's `platform/tauri.ts` name the same commands;
//! a test compares them.

mod app;
mod courses;
mod engines;
mod history;
mod lessons;
mod runs;
mod terminal;
mod tutor;

use ha_api::{ApiError, App};
use std::sync::Arc;
use tauri::State;

/// The core, as commands receive it.
type Core<'a> = State<'a, Arc<App>>;
/// What commands answer.
type Answer<T> = Result<T, ApiError>;

macro_rules! commands {
    ($($area:ident::$name:ident),* $(,)?) => {
        /// Dispatches the window's calls.
        pub(crate) fn handler() -> impl Fn(tauri::ipc::Invoke) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($area::$name),*]
        }

        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

commands![
    app::app_boot,
    app::close_ready,
    app::health,
    app::home,
    app::open_external,
    app::settings_set,
    app::store_retry,
    app::store_start_fresh,
    courses::author_check,
    courses::author_record,
    courses::author_diff,
    courses::author_key_make,
    courses::author_key_state,
    courses::author_new,
    courses::author_open,
    courses::author_pack,
    courses::author_preview,
    courses::author_stamp,
    courses::bundle_install,
    courses::bundle_look,
    courses::code_share,
    courses::code_shared,
    courses::course_remove,
    courses::import_start,
    courses::job_stop,
    courses::lesson_questions,
    courses::lesson_search,
    courses::opened_paths,
    courses::pick_path,
    courses::question_answer,
    courses::starter_settle,
    courses::starter_updates,
    engines::engine_image,
    engines::engine_report,
    engines::engine_rest,
    engines::engine_warm,
    history::history_get,
    history::history_list,
    history::history_restore,
    history::trace_export,
    history::trace_get,
    history::trace_list,
    lessons::course_tree,
    lessons::draft_delete,
    lessons::draft_save,
    lessons::lesson_open,
    lessons::lesson_reset,
    lessons::lesson_rights,
    lessons::lesson_solution,
    lessons::lesson_text,
    lessons::service_allow,
    lessons::web_allow,
    runs::check_start,
    runs::code_check,
    runs::error_explain,
    runs::output_save,
    runs::run_cancel,
    runs::run_end_input,
    runs::run_input,
    runs::run_start,
    terminal::terminal_close,
    terminal::terminal_next,
    terminal::terminal_open,
    terminal::terminal_resize,
    terminal::terminal_type,
    tutor::ai_key_forget,
    tutor::ai_key_set,
    tutor::ai_prices,
    tutor::ai_prices_set,
    tutor::ai_state,
    tutor::ai_test,
    tutor::tutor_ask,
    tutor::tutor_chips,
    tutor::tutor_delete,
    tutor::tutor_export,
    tutor::tutor_open,
    tutor::tutor_rename,
    tutor::tutor_search,
    tutor::tutor_show,
    tutor::tutor_stop,
    tutor::tutor_threads,
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::NAMES;
    use std::collections::BTreeSet;

    const CAPABILITY: &str = include_str!("../../capabilities/main.json");
    const PAGE: &str = include_str!("../../../ui/src/platform/tauri.ts");

    #[test]
    fn the_window_is_granted_exactly_our_commands() {
        let capability: serde_json::Value = serde_json::from_str(CAPABILITY).unwrap();
        let granted: BTreeSet<String> = capability["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|permission| permission.as_str()?.strip_prefix("allow-"))
            .map(|name| name.replace('-', "_"))
            .collect();
        let ours: BTreeSet<String> = NAMES.iter().map(ToString::to_string).collect();
        assert_eq!(granted, ours);
    }

    #[test]
    fn the_page_calls_every_command_and_no_other() {
        for name in NAMES {
            assert!(
                PAGE.contains(&format!("'{name}'")),
                "{name} is never called"
            );
        }
        let called = PAGE.matches("invoke").count();
        assert!(called > 0, "the page reaches the core through invoke");
    }
}
