//! The learner's data in one SQLite file: progress, drafts, runs with their code,
//! conversations, settings.
//!
//! Every table has one file in `table/` that holds its SQL, its row and its operations; all
//! operations are methods of [`Store`]. Keys are ids (text) made by the caller, documents (the files
//! of a run, an outcome, a setting) are JSON text that this crate never looks into, and the time is
//! always passed in. What is left out on purpose: knowledge of courses and sandboxes, async code,
//! and deleting the learner's file: a file that cannot be used is kept, or renamed on request.
//!
//! ```text
//! any thread ──▶ Store ──▶ Mutex<Connection> ──▶ learner.db  (+ -wal and -shm while it is open)
//! other process ──────────────────────────────▶ the same file; writers wait BUSY_TIMEOUT in turn
//! ```
//!
//! A returned `Ok` of a writing operation survives the death of the process at any later moment.
//! A power cut may take the last moments before it along (`synchronous=NORMAL`), never the file.

mod backup;
mod error;
mod files;
mod forget;
mod health;
mod lesson_index;
mod migration;
mod open;
mod search_words;
mod set_aside;
mod slow;
mod store;
mod table;
mod timestamp;

pub use error::StoreError;
pub use forget::CourseWork;
pub use health::StoreHealth;
pub use lesson_index::{FoundPassage, LessonIndex, Passage};
pub use open::{BUSY_TIMEOUT, OpenOptions, SLOW_STATEMENT};
pub use search_words::marks;
pub use store::Store;
pub use table::activity::ActivityRow;
pub use table::answer::AnswerRow;
pub use table::draft::DraftRow;
pub use table::draft_base::BaseRow;
pub use table::lesson_progress::{ProgressRow, ProgressState};
pub use table::message::{MessageEnd, MessageRole, MessageRow, MessageStatus, NewMessage};
pub use table::run::{
    KEPT_RUNS, NewRun, OUTPUT_HEAD_BYTES, RunEnd, RunKind, RunLine, RunRow, RunStatus,
};
pub use table::spending::{SpendingRow, Spent};
pub use table::thread::ThreadRow;
pub use table::trace::TraceLine;
pub use timestamp::Timestamp;
