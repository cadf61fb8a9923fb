//! Wire types: the exact shapes that cross to the window, and nothing that does anything.
//!
//! They are generated into `ui/src/bindings` (`cargo xtask bindings`). Times are milliseconds since
//! 1970 UTC, as `f64` because the page has no 64-bit integers.

mod ai;
mod app;
mod checks;
mod code;
mod courses;
mod engines;
mod explain;
mod history;
mod inspect;
mod lessons;
mod questions;
mod runs;
mod search;
mod sharing;
mod terminal;
mod trace;
mod tutor;

pub use ai::*;
pub use app::*;
pub use checks::*;
pub use code::*;
pub use courses::*;
pub use engines::*;
pub use explain::*;
pub use history::*;
pub use inspect::*;
pub use lessons::*;
pub use questions::*;
pub use runs::*;
pub use search::*;
pub use sharing::*;
pub use terminal::*;
pub use trace::*;
pub use tutor::*;
