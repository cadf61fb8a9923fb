//! What one program may ask of the host, and what it may hold.

use crate::ending::Stop;
use crate::folder::RunFolder;
use crate::outbox::{Outbox, Stream};
use crate::streams::Descriptor;
use ha_sandbox::{RunEvent, Stdin};
use tokio::sync::mpsc;
use wasmtime::component::ResourceTable;
use wasmtime::{ResourceLimiter, Result};
use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxView, WasiView};

wasmtime::component::bindgen!({
    path: "guest/world.wit",
    world: "sandbox",
    imports: { default: async | trappable },
    exports: { default: async },
});

/// Open files, streams and the like of one program. Every open file of the guest is one of the app's,
/// and an app has about a thousand.
const MAX_RESOURCES: usize = 128;
/// Bytes of random numbers in one call; Python asks for at most 256.
const MAX_RANDOM: u64 = 64 * 1024;
/// Entries of one function table; the guest starts with some twelve thousand.
const MAX_TABLE: usize = 100_000;
/// Bytes the guest may hand over in one call. Its own pieces are at most 64 KiB, reports 1 MiB.
pub(crate) const HOSTCALL_FUEL: usize = 8 << 20;

/// The state behind one instance; gone with the run.
pub(crate) struct HostState {
    wasi: WasiCtx,
    table: ResourceTable,
    pub outbox: Outbox,
    pub memory: MemoryLimit,
    input: Input,
}

impl HostState {
    /// The state of a program that lives in `folder`.
    pub fn new(
        folder: &RunFolder,
        outbox: Outbox,
        memory_bytes: u64,
        input: Input,
    ) -> Result<Self> {
        let descriptor = |stream| Descriptor {
            outbox: outbox.clone(),
            stream,
        };
        let mut wasi = WasiCtx::builder();
        wasi.stdout(descriptor(Stream::Stdout))
            .stderr(descriptor(Stream::Stderr))
            .max_random_size(MAX_RANDOM)
            // A run has a thread of its own, so its file calls need no other.
            .allow_blocking_current_thread(true)
            .allow_tcp(false)
            .allow_udp(false)
            .preopened_dir(folder.work(), "/work", FsPerms::ReadWrite)?
            .preopened_dir(folder.temporary(), "/tmp", FsPerms::ReadWrite)?;
        let mut table = ResourceTable::new();
        table.set_max_capacity(MAX_RESOURCES);
        Ok(HostState {
            wasi: wasi.build(),
            table,
            outbox,
            memory: MemoryLimit {
                bytes: memory_bytes,
                refused: false,
            },
            input,
        })
    }
}

impl WasiView for HostState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl helloagents::sandbox::host::Host for HostState {
    async fn write_stdout(&mut self, data: Vec<u8>) -> Result<()> {
        self.outbox.print(Stream::Stdout, &data)?;
        self.outbox.send_if_due().await;
        Ok(())
    }

    async fn write_stderr(&mut self, data: Vec<u8>) -> Result<()> {
        self.outbox.print(Stream::Stderr, &data)?;
        self.outbox.send_if_due().await;
        Ok(())
    }

    async fn read_stdin(&mut self, max: u32) -> Result<Vec<u8>> {
        Ok(self.input.read(max as usize, &self.outbox).await)
    }

    async fn report(&mut self, document: String) -> Result<()> {
        self.outbox.report(document)?;
        self.outbox.send_if_due().await;
        Ok(())
    }

    async fn exit(&mut self, code: i32) -> Result<()> {
        Err(Stop::Exit(code & 255).into())
    }
}

/// Where a program's input comes from, and what of it was not read yet.
pub(crate) struct Input {
    unread: Vec<u8>,
    lines: Option<mpsc::UnboundedReceiver<Option<String>>>,
}

impl Input {
    /// The input of one request; `lines` is only listened to when the request says so.
    pub fn new(stdin: Stdin, lines: mpsc::UnboundedReceiver<Option<String>>) -> Input {
        match stdin {
            Stdin::Text(text) => Input {
                unread: text.into_bytes(),
                lines: None,
            },
            Stdin::Interactive => Input {
                unread: Vec::new(),
                lines: Some(lines),
            },
        }
    }

    /// At most `max` bytes; empty at the end of input, and from then on.
    async fn read(&mut self, max: usize, outbox: &Outbox) -> Vec<u8> {
        if self.unread.is_empty()
            && let Some(lines) = &mut self.lines
        {
            let line = match lines.try_recv() {
                Ok(line) => line,
                Err(_) => {
                    outbox.send(RunEvent::NeedsInput).await;
                    lines.recv().await.flatten()
                }
            };
            match line {
                Some(line) => {
                    self.unread = line.into_bytes();
                    self.unread.push(b'\n');
                }
                None => self.lines = None,
            }
        }
        let rest = self.unread.split_off(max.min(self.unread.len()));
        std::mem::replace(&mut self.unread, rest)
    }
}

/// Refuses memory above the run's limit; Python turns that into `MemoryError`.
pub(crate) struct MemoryLimit {
    bytes: u64,
    /// Whether anything was refused: then an abort means that Python could not go on without it.
    pub refused: bool,
}

impl ResourceLimiter for MemoryLimit {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> Result<bool> {
        let allowed = desired as u64 <= self.bytes;
        self.refused |= !allowed;
        Ok(allowed)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> Result<bool> {
        Ok(desired <= MAX_TABLE)
    }
}
