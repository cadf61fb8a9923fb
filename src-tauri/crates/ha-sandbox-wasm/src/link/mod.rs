//! Makes one core module of the many that the guest consists of, before it is compiled.
//!
//! The guest's builder joins CPython, the C library and the rest as libraries that find each other
//! when they are instantiated, and that happens for every run: some 1,500 functions and 500 globals
//! are looked up, and a table of 5,700 functions is filled by hand, because it belongs to none of the
//! modules that fill it. Half of what a fresh run cost was this.
//!
//! After the libraries were initialised and the memory was stored nothing of it can change any more.
//! So it is done once, here:
//!
//! ```text
//! shim ◀─ env ◀─ libc ◀─ libpython ◀─ … ◀─ init        shim ◀─ program
//!   ▲                                        ─▶          ▲
//!   └─ host functions that use env's memory              └─ host functions that use its memory
//! ```
//!
//! Calls go straight to their functions, globals that nothing writes become constants, the table
//! becomes the program's own with a known content, so that the engine fills it as it is used; and what
//! nothing can call is left out.
//!
//! It links what this guest is made of and refuses everything else; it is no linker for any component.

mod graph;
mod merge;
mod module;
mod program;
mod wrap;
mod writer;

#[cfg(test)]
mod tests;

use anyhow::Result;
use graph::Graph;
use program::Program;
use wasmparser::ExternalKind;

/// The component with one module in place of those that only pass things to each other.
///
/// # Errors
/// A component that is broken, or has what the linker does not know.
pub(crate) fn link(component: &[u8]) -> Result<Vec<u8>> {
    let graph = Graph::read(component)?;
    let exports = wrap::wanted(&graph, component)?;
    let functions = exports
        .iter()
        .filter_map(|(kind, item)| (*kind == ExternalKind::Func).then_some(*item));
    let program = Program::of(&graph, functions)?;
    let merged = writer::Merged {
        bytes: &merge::merge(&program, &exports)?,
        imports: &program.imports,
        exports: &exports,
    };
    wrap::wrap(&graph, component, &merged)
}
