//! What of WASI the guest is given, interface by interface, and by whom.
//!
//! Everything the guest's C library imports must be answered, but little of it needs a host: files are
//! ours and in memory, sockets are refused, the environment is empty. The host's files are not linked
//! at all, so there is nothing of them to protect.

use crate::host::HostState;
use crate::vfs;
use wasmtime::component::Linker;
use wasmtime_wasi::cli::{WasiCli, WasiCliView};
use wasmtime_wasi::clocks::{WasiClocks, WasiClocksView};
use wasmtime_wasi::p2::bindings::{cli, clocks, random, sockets};
use wasmtime_wasi::random::{WasiRandom, WasiRandomView};
use wasmtime_wasi::sockets::{WasiSockets, WasiSocketsView};

/// Answers every interface the guest imports.
pub(crate) fn add_to_linker(linker: &mut Linker<HostState>) -> wasmtime::Result<()> {
    vfs::add_to_linker(linker)?;
    wasmtime_wasi_io::add_to_linker_async(linker)?;
    add_clocks_and_randomness(linker)?;
    add_command_line(linker)?;
    add_sockets(linker)
}

fn add_clocks_and_randomness(linker: &mut Linker<HostState>) -> wasmtime::Result<()> {
    clocks::wall_clock::add_to_linker::<_, WasiClocks>(linker, HostState::clocks)?;
    clocks::monotonic_clock::add_to_linker::<_, WasiClocks>(linker, HostState::clocks)?;
    random::random::add_to_linker::<_, WasiRandom>(linker, HostState::random)?;
    random::insecure::add_to_linker::<_, WasiRandom>(linker, HostState::random)?;
    random::insecure_seed::add_to_linker::<_, WasiRandom>(linker, HostState::random)
}

fn add_command_line(linker: &mut Linker<HostState>) -> wasmtime::Result<()> {
    cli::exit::add_to_linker::<_, WasiCli>(linker, HostState::cli)?;
    cli::environment::add_to_linker::<_, WasiCli>(linker, HostState::cli)?;
    cli::stdin::add_to_linker::<_, WasiCli>(linker, HostState::cli)?;
    cli::stdout::add_to_linker::<_, WasiCli>(linker, HostState::cli)?;
    cli::stderr::add_to_linker::<_, WasiCli>(linker, HostState::cli)?;
    cli::terminal_input::add_to_linker::<_, WasiCli>(linker, HostState::cli)?;
    cli::terminal_output::add_to_linker::<_, WasiCli>(linker, HostState::cli)?;
    cli::terminal_stdin::add_to_linker::<_, WasiCli>(linker, HostState::cli)?;
    cli::terminal_stdout::add_to_linker::<_, WasiCli>(linker, HostState::cli)?;
    cli::terminal_stderr::add_to_linker::<_, WasiCli>(linker, HostState::cli)
}

/// Every address is refused by the settings in [`HostState::new`].
fn add_sockets(linker: &mut Linker<HostState>) -> wasmtime::Result<()> {
    sockets::instance_network::add_to_linker::<_, WasiSockets>(linker, HostState::sockets)?;
    sockets::network::add_to_linker::<_, WasiSockets>(
        linker,
        &Default::default(),
        HostState::sockets,
    )?;
    sockets::ip_name_lookup::add_to_linker::<_, WasiSockets>(linker, HostState::sockets)?;
    sockets::tcp::add_to_linker::<_, WasiSockets>(linker, HostState::sockets)?;
    sockets::tcp_create_socket::add_to_linker::<_, WasiSockets>(linker, HostState::sockets)?;
    sockets::udp::add_to_linker::<_, WasiSockets>(linker, HostState::sockets)?;
    sockets::udp_create_socket::add_to_linker::<_, WasiSockets>(linker, HostState::sockets)
}
