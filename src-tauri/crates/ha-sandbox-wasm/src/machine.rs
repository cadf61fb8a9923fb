//! The engine's settings and the one loaded guest that every run starts from.

use crate::host::{HOSTCALL_FUEL, HostState, Sandbox, SandboxPre};
use crate::ticker::Ticker;
use anyhow::{Context, Result};
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Config, Enabled, Engine, PoolingAllocationConfig, Store, UpdateDeadline};

/// At the default of half a MiB an ordinary endless recursion in C code (`__repr__`, `sorted` with a
/// key) ends as a trap. At 64 MiB CPython's own limits come first and it is a `RecursionError`;
/// 256 MiB was measured to gain nothing more. Pages are only used when touched.
const WASM_STACK: usize = 64 << 20;
/// The fiber's stack carries the guest's stack and the engine's own frames above it.
const FIBER_STACK: usize = WASM_STACK + (1 << 20);

/// Instances at once: [`PROGRAMS`], the one in reserve and the one that is just being made.
const PLACES: u32 = PROGRAMS as u32 + 2;
/// Programs at once. Each may hold 128 MiB and a thread; most of them wait for input.
pub(crate) const PROGRAMS: usize = 8;

/// The engine's settings, the same for compiling and for running: a compiled guest is refused by an
/// engine that was set up differently.
pub(crate) fn config() -> Config {
    let mut config = Config::new();
    // Lets a program in an endless loop be interrupted; costs 7–36 % of its speed.
    config.epoch_interruption(true);
    config.max_wasm_stack(WASM_STACK);
    config.async_stack_size(FIBER_STACK);
    if PoolingAllocationConfig::is_pagemap_scan_available() {
        config.allocation_strategy(places());
    }
    config
}

/// Places that instances come back to. What a program wrote is put back page by page to what the image
/// says, so that the next one need not ask the system for new pages: that was 2 of the 3 µs of a
/// page, and a run has some three hundred. Where the system cannot tell which pages were written
/// (before Linux 6.7, elsewhere) every instance gets memory of its own.
fn places() -> PoolingAllocationConfig {
    let mut places = PoolingAllocationConfig::new();
    // Address space only, so there is room for a guest several times as large as today's.
    places
        .total_component_instances(PLACES)
        .total_memories(PLACES)
        .total_stacks(PLACES)
        .total_tables(4 * PLACES)
        .total_core_instances(16 * PLACES)
        .max_component_instance_size(1 << 20)
        .max_core_instance_size(4 << 20)
        .table_elements(60_000)
        .max_memory_size(256 << 20);
    // Held while nobody runs anything: three places of 24 MiB, of which a short program touches 2.
    // With 8 MiB a tenth fewer runs a second were measured, with 96 MiB no more.
    places
        .max_unused_warm_slots(3)
        .linear_memory_keep_resident(24 << 20)
        .table_keep_resident(1 << 20)
        .decommit_batch_size(1)
        .pagemap_scan(Enabled::Yes);
    places
}

/// A guest that is ready to be instantiated. Cheap to share.
pub(crate) struct Machine {
    engine: Engine,
    pub ticker: Ticker,
    guest: SandboxPre<HostState>,
}

impl Machine {
    /// Connects a loaded guest with the host's calls.
    pub fn new(engine: Engine, component: &Component) -> Result<Machine> {
        let mut linker = Linker::new(&engine);
        crate::wasi::add_to_linker(&mut linker)?;
        Sandbox::add_to_linker::<_, HasSelf<HostState>>(&mut linker, |state| state)?;
        let guest = SandboxPre::new(linker.instantiate_pre(component)?)
            .map_err(anyhow::Error::from)
            .context("the guest and the app do not fit together; build the guest again")?;
        Ok(Machine {
            ticker: Ticker::start(&engine),
            engine,
            guest,
        })
    }

    /// A fresh instance with its store; the program's yields and limits are in place.
    pub async fn instantiate(
        &self,
        state: HostState,
    ) -> wasmtime::Result<(Store<HostState>, Sandbox)> {
        let mut store = Store::new(&self.engine, state);
        store.limiter(|state| &mut state.memory);
        store.set_hostcall_fuel(HOSTCALL_FUEL);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|_| Ok(UpdateDeadline::Yield(1)));
        let sandbox = self.guest.instantiate_async(&mut store).await?;
        Ok((store, sandbox))
    }
}
