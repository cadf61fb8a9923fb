//! Tells Tauri where the capabilities lie (beside the shell, not beside the root manifest) and which
//! commands there are: exactly those the capability grants, so that no other can be called.

use tauri_build::{AppManifest, Attributes};

const CAPABILITY: &str = "src-tauri/capabilities/main.json";

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    let text = std::fs::read_to_string(CAPABILITY).expect("the capability file is in the checkout");
    let commands: Vec<&'static str> = text
        .split('"')
        .filter_map(|word| word.strip_prefix("allow-"))
        .map(|name| &*name.replace('-', "_").leak())
        .collect();
    let attributes = Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(AppManifest::new().commands(commands.leak()));
    tauri_build::try_build(attributes).expect("tauri.conf.json and the capabilities are valid");
}
