//! Keys: what they are in memory, and where they live between two starts.
//!
//! A key is kept by the operating system's keyring or not at all. Where there is no keyring it stays
//! in memory until the app closes. Nothing here writes a file.

mod secret;
mod store;

pub use secret::ApiKey;
pub use store::{KEY_VARIABLE, KeyHome, KeyStore, KeyringState};
