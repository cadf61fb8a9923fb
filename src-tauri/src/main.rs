//! The window's binary. Everything it does is in the shell library; as the sandbox's worker it never
//! gets there.

fn main() {
    ha_sandbox_wasm::serve_if_worker();
    helloagents_shell::run();
}
