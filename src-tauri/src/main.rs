//! The window's binary. Everything it does is in the shell library.

fn main() {
    helloagents_shell::run();
}
