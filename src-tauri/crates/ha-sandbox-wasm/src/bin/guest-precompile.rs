//! `guest-precompile <component.wasm> <folder>`: makes the guest a package carries.
//!
//! `cargo xtask guest` calls it after it has built the component. Nothing in the app uses it.

use anyhow::{Context, Result};
use std::path::Path;

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let usage = "usage: guest-precompile <component.wasm> <folder>";
    let component = arguments.next().context(usage)?;
    let folder = arguments.next().context(usage)?;
    ha_sandbox_wasm::precompile(Path::new(&component), Path::new(&folder))
}
