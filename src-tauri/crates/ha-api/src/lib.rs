//! Use cases, wire types and error codes: everything the window and the command line call.
//!
//! Below here nobody knows a window; above here nobody knows SQL, Markdown or an engine. Use cases
//! are methods of [`App`], one module an area; what crosses to the window is in [`wire`].

mod app;
mod author;
mod author_key;
mod bridge;
mod bundles;
mod checks;
mod code;
mod declared;
mod engines;
mod error;
mod explain;
mod health;
mod history;
mod home;
mod importing;
mod lessons;
mod live;
mod logging;
mod merge;
mod places;
mod pool;
mod preview;
mod proof;
mod prove;
mod questions;
mod recording;
mod request;
mod runs;
mod sandboxed;
mod search;
mod service_right;
mod settings;
mod sharing;
mod shelf;
mod solution;
mod starter_updates;
mod stream;
mod terminal;
mod trace;
mod traceback;
mod tutor;
mod verdict;
mod web;
pub mod wire;

pub use app::{App, day_of, system_language};
pub use author::{CourseLint, course_lint};
pub use bridge::{Bridge, BridgePlan, CassetteFile};
pub use bundles::{
    BundleSummary, author_key_new, course_diff, course_new, course_pack, course_sign, course_verify,
};
pub use engines::{EngineChanges, Engines};
pub use error::{ApiError, ApiResult, ErrorCode};
pub use ha_course::{CourseDiff, Words, said};
pub use ha_llm::keys::KEY_VARIABLE;
pub use importing::{ImportFrom, ImportWatch, course_import};
pub use logging::start_logging;
pub use places::Places;
pub use preview::folder_saved;
pub use proof::course_read;
pub use request::request;
pub use sandboxed::request_words;
pub use stream::Sink;
pub use tutor::key_store;
