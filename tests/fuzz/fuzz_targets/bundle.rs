//! A bundle as the bytes of a file: it becomes a course whose every file is as its list says, or it
//! leaves nothing behind.

#![no_main]
#![allow(clippy::unwrap_used, reason = "a judge fails by panicking")]

#[path = "../../../src-tauri/crates/ha-course/tests/fixture/mod.rs"]
mod fixture;
mod shelf;

use libfuzzer_sys::fuzz_target;
use shelf::Desk;
use std::sync::OnceLock;

static DESK: OnceLock<Desk> = OnceLock::new();

fuzz_target!(|bytes: &[u8]| DESK.get_or_init(Desk::new).install(bytes));
