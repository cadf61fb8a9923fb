//! The window's binary. Everything it does is in the shell library; as the sandbox's worker it never
//! gets there.
//!
//! The page is packed in here and nowhere else: the macro writes it to files beside the build, and the
//! library is compiled twice at once when its tests are, so that one of the two would pack what the
//! other had half written.

fn main() {
    ha_sandbox_wasm::serve_if_worker();
    helloagents_shell::run(tauri::generate_context!());
}
