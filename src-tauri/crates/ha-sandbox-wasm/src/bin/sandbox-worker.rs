//! The worker alone: what the tests of this crate start. The app's binaries are their own workers.

use std::process::ExitCode;

fn main() -> ExitCode {
    ha_sandbox_wasm::serve_if_worker();
    eprintln!("this program is started by the tests of the sandbox");
    ExitCode::from(2)
}
