//! The engine's settings and the one loaded guest that every run starts from.

use crate::host::{HOSTCALL_FUEL, HostState, Sandbox, SandboxPre};
use crate::ticker::Ticker;
use anyhow::{Context, Result};
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Config, Engine, Store, UpdateDeadline};

/// At the default of half a MiB an ordinary endless recursion in C code (`__repr__`, `sorted` with a
/// key) ends as a trap. At 64 MiB CPython's own limits come first and it is a `RecursionError`;
/// 256 MiB was measured to gain nothing more. Pages are only used when touched.
const WASM_STACK: usize = 64 << 20;
/// The fiber's stack carries the guest's stack and the engine's own frames above it.
const FIBER_STACK: usize = WASM_STACK + (1 << 20);

/// The engine's settings, the same for compiling and for running: a compiled guest is refused by an
/// engine that was set up differently.
pub(crate) fn config() -> Config {
    let mut config = Config::new();
    // Lets a program in an endless loop be interrupted; costs 7–36 % of its speed.
    config.epoch_interruption(true);
    config.max_wasm_stack(WASM_STACK);
    config.async_stack_size(FIBER_STACK);
    config
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
