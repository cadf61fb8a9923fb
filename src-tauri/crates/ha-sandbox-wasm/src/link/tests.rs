//! A small component of the guest's shape, linked and run.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::link;
use super::module::{Entry, Module};
use wasmparser::{Parser, Payload};
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store};

/// `run(n)` is `double(n)`, by way of the table, and the length of "hello", by way of the shim, and
/// what the globals hold.
const COMPONENT: &str = r#"(component
  (import "length" (func $length (param "text" string) (result u32)))
  (import "double" (func $double (param "n" u32) (result u32)))
  (import "never" (func $never))
  (core module $shim
    (type $length (func (param i32 i32) (result i32)))
    (table (export "$imports") 1 1 funcref)
    (func (export "0") (type $length)
      local.get 0 local.get 1 i32.const 0 call_indirect (type $length)))
  (core module $fixup
    (import "" "$imports" (table 1 1 funcref))
    (import "" "0" (func $length (param i32 i32) (result i32)))
    (elem (i32.const 0) func $length))
  (core module $env
    (type $double (func (param i32) (result i32)))
    (memory (export "memory") 1)
    (table (export "table") 8 funcref)
    (global (export "stack") (mut i32) (i32.const 1000))
    (global (export "base") i32 (i32.const 2))
    (global (export "got") (mut i32) (i32.const 40))
    (data (i32.const 16) "hello")
    (func $detour (export "detour") (type $double)
      local.get 0 i32.const 3 call_indirect (type $double)))
  (core module $library
    (type $other (func (param i64)))
    (type $double (func (param i32) (result i32)))
    (import "env" "table" (table 8 funcref))
    (import "env" "base" (global $base i32))
    (import "host" "never" (func $never))
    (import "host" "double" (func $host (type $double)))
    (global (export "place") i32 (i32.const 1))
    (func $unused (export "unused") (call $never))
    (func $called-by-pointer (type $other))
    (func $double (type $double)
      local.get 0 call $host)
    (elem (global.get $base) func $called-by-pointer $double))
  (core module $program
    (type $double (func (param i32) (result i32)))
    (import "env" "memory" (memory 1))
    (import "env" "table" (table 8 funcref))
    (import "env" "stack" (global $stack (mut i32)))
    (import "env" "got" (global $got (mut i32)))
    (import "library" "double" (func $double (type $double)))
    (import "library" "base" (global $base i32))
    (import "library" "place" (global $place i32))
    (import "host" "length" (func $length (param i32 i32) (result i32)))
    (func $run (export "run") (type $double)
      (global.set $stack (i32.sub (global.get $stack) (i32.const 900)))
      (local.get 0)
      (block (type $double) (call $double))
      (i32.add (call $length (i32.const 16) (i32.const 5)))
      (i32.add (global.get $stack))
      (i32.add (global.get $got))
      (i32.add (call_indirect (type $double)
        (i32.const 500) (i32.add (global.get $base) (global.get $place))))))
  (core instance $shim (instantiate $shim))
  (core func $double (canon lower (func $double)))
  (core func $never (canon lower (func $never)))
  (core instance $env (instantiate $env))
  (core instance $library (instantiate $library
    (with "env" (instance $env))
    (with "host" (instance (export "double" (func $double)) (export "never" (func $never))))))
  (core instance $program (instantiate $program
    (with "env" (instance $env))
    (with "library" (instance
      (export "double" (func $env "detour"))
      (export "base" (global $env "base"))
      (export "place" (global $library "place"))))
    (with "host" (instance (export "length" (func $shim "0"))))))
  (core func $length (canon lower (func $length) (memory $env "memory")))
  (core instance (instantiate $fixup (with "" (instance
    (export "$imports" (table $shim "$imports")) (export "0" (func $length))))))
  (func (export "run") (param "n" u32) (result u32) (canon lift (core func $program "run"))))"#;

fn run(component: &[u8], n: u32) -> u32 {
    let engine = Engine::default();
    let component = Component::new(&engine, component).unwrap();
    let mut linker = Linker::new(&engine);
    let mut root = linker.root();
    root.func_wrap("length", |_, (text,): (String,)| Ok((text.len() as u32,)))
        .unwrap();
    root.func_wrap("double", |_, (n,): (u32,)| Ok((2 * n,)))
        .unwrap();
    root.func_wrap("never", |_, (): ()| Ok(())).unwrap();
    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &component).unwrap();
    let run = instance.get_typed_func::<(u32,), (u32,)>(&mut store, "run");
    run.unwrap().call(&mut store, (n,)).unwrap().0
}

fn modules(component: &[u8]) -> Vec<Module<'_>> {
    let payloads = Parser::new(0).parse_all(component);
    payloads
        .filter_map(|payload| match payload.unwrap() {
            Payload::ModuleSection {
                unchecked_range, ..
            } => Some(Module::read(&component[unchecked_range]).unwrap()),
            _ => None,
        })
        .collect()
}

/// The merged module: the one with a memory.
fn program<'a, 'm>(modules: &'m [Module<'a>]) -> &'m Module<'a> {
    let mut programs = modules.iter().filter(|module| !module.memories.is_empty());
    let program = programs.next().unwrap();
    assert!(programs.next().is_none(), "several modules have a memory");
    program
}

#[test]
fn the_linked_component_does_what_the_component_did() {
    let component = wat::parse_str(COMPONENT).unwrap();
    let linked = link(&component).unwrap();
    for n in [0, 7] {
        let expected = 2 * n + 5 + 100 + 40 + 1000;
        assert_eq!(run(&component, n), expected);
        assert_eq!(run(&linked, n), expected);
    }
    assert_eq!(modules(&component).len(), 5);
    assert_eq!(modules(&linked).len(), 3, "the shim's two and the program");
}

#[test]
fn what_nothing_calls_is_left_out() {
    let linked = link(&wat::parse_str(COMPONENT).unwrap()).unwrap();
    let modules = modules(&linked);
    let program = program(&modules);
    let mut names: Vec<&str> = program.names.values().copied().collect();
    names.sort_unstable();
    assert_eq!(names, ["called-by-pointer", "double", "run"]);
    let imported = program.functions.iter();
    let imported = imported.filter(|function| matches!(function, Entry::Imported(_)));
    assert_eq!(imported.count(), 2, "double and length, but not never");
    assert_eq!(program.globals.len(), 1, "only the stack is written");
}

#[test]
fn the_table_is_the_programs_own_and_known() {
    let linked = link(&wat::parse_str(COMPONENT).unwrap()).unwrap();
    let modules = modules(&linked);
    let program = program(&modules);
    let [Entry::Own(table)] = program.tables[..] else {
        panic!("the table is imported");
    };
    assert_eq!((table.initial, table.maximum), (8, Some(8)));
    let [elements] = &program.elements[..] else {
        panic!("two places in a row are one segment");
    };
    assert_eq!(elements.functions.len(), 2);
}

#[test]
fn linking_twice_gives_the_same_bytes() {
    let component = wat::parse_str(COMPONENT).unwrap();
    assert_eq!(link(&component).unwrap(), link(&component).unwrap());
}

/// What the linker says to the component with another piece in it.
fn check_refused(piece: &str, other: &str, reason: &str) {
    assert!(COMPONENT.contains(piece), "{piece}");
    let component = wat::parse_str(COMPONENT.replacen(piece, other, 1)).unwrap();
    let refusal = format!("{:#}", link(&component).unwrap_err());
    assert!(refusal.contains(reason), "{refusal}");
}

#[test]
fn what_could_change_later_is_refused() {
    check_refused(
        "(func $unused (export \"unused\")",
        "(func $unused (export \"unused\") (table.set (i32.const 3) (ref.null func))",
        "changes its table",
    );
    check_refused(
        "(func $unused (export \"unused\")",
        "(start $begin) (func $begin) (func $unused (export \"unused\")",
        "does not know",
    );
    check_refused("(data (i32.const 16)", "(data", "not placed");
}

#[test]
fn a_second_memory_or_table_is_refused() {
    let place = "(global (export \"place\")";
    check_refused(place, &format!("(memory 1) {place}"), "a memory 2 times");
    let got = "(global (export \"got\")";
    check_refused(got, &format!("(table 1 funcref) {got}"), "several");
}

#[test]
fn a_broken_component_is_refused() {
    assert!(link(b"no component").is_err());
    let component = wat::parse_str(COMPONENT).unwrap();
    assert!(link(&component[..component.len() / 2]).is_err());
}
