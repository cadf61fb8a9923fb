//! What tests share: a fake runner, the engine conformance suite, fixtures
