//! Wire types: the exact shapes that cross to the window, and nothing that does anything.
//!
//! They are generated into `ui/src/bindings` (`cargo xtask bindings`). Times are milliseconds since
//! 1970 UTC, as `f64` because the page has no 64-bit integers.

mod ai;
mod app;
mod checks;
mod code;
mod engines;
mod explain;
mod history;
mod inspect;
mod lessons;
mod runs;
mod terminal;
mod tutor;

pub use ai::*;
pub use app::*;
pub use checks::*;
pub use code::*;
pub use engines::*;
pub use explain::*;
pub use history::*;
pub use inspect::*;
pub use lessons::*;
pub use runs::*;
pub use terminal::*;
pub use tutor::*;
