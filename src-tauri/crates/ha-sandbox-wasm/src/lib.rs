//! CPython as a WebAssembly component behind the sandbox contract
