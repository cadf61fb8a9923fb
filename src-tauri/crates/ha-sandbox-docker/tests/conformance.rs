//! The container engine keeps the contract of every engine.

mod common;

ha_testkit::conformance_suite!(common::runner());
