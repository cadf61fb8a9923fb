//! Use cases, wire types and error codes: everything the window and the command line call.
//!
//! Below here nobody knows a window; above here nobody knows SQL, Markdown or an engine.

mod error;
pub mod wire;

pub use error::{ApiError, ApiResult, ErrorCode};
