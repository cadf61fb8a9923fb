//! The client against the fake service: cuts, cancelling, limits, the way there, and what is said
//! about all of it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;
mod cancel;
#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "each of two test programs uses a part of it")]
mod common;
mod cut;
mod keyring;
mod limits;
mod logs;
mod tls;
mod way;
