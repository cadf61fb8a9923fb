//! What one program may ask of the host, and what it may hold.

use crate::calls::Calls;
use crate::ending::Stop;
use crate::inside::Inside;
use crate::outbox::{Full, Outbox};
use crate::streams::Descriptor;
use crate::vfs::{Files, FilesView};
use ha_sandbox::{HostAnswer, HostCall, Limits, RunEvent, RunRequest, Stdin, Stream};
use helloagents::sandbox::host::Answer;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::mpsc;
use wasmtime::component::ResourceTable;
use wasmtime::{ResourceLimiter, Result};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_io::IoView;

wasmtime::component::bindgen!({
    path: "guest/world.wit",
    world: "sandbox",
    imports: { default: async | trappable },
    exports: { default: async },
});

/// Everything a program holds of the host. Open files end with an error of their own long before: 512
/// of them have two streams each at most.
const MAX_RESOURCES: usize = 2048;
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
    listener: Listener,
    pub memory: MemoryLimit,
    pub files: Files,
    pub inside: Inside,
    input: Input,
    calls: Calls,
}

/// Who hears the program; nobody until there is one.
#[derive(Clone, Default)]
pub(crate) struct Listener(Arc<OnceLock<Outbox>>);

impl Listener {
    /// Where the program's words go.
    pub fn outbox(&self) -> Result<&Outbox> {
        self.0
            .get()
            .ok_or_else(|| wasmtime::Error::msg("the guest spoke before it had a program"))
    }
}

impl HostState {
    /// The state of an interpreter without a program.
    pub fn new() -> Self {
        let listener = Listener::default();
        let descriptor = |stream| Descriptor {
            listener: listener.clone(),
            stream,
        };
        let mut wasi = WasiCtx::builder();
        wasi.stdout(descriptor(Stream::Stdout))
            .stderr(descriptor(Stream::Stderr))
            .max_random_size(MAX_RANDOM)
            .allow_tcp(false)
            .allow_udp(false);
        let mut table = ResourceTable::new();
        table.set_max_capacity(MAX_RESOURCES);
        HostState {
            wasi: wasi.build(),
            table,
            listener,
            memory: MemoryLimit {
                bytes: Limits::default().memory_bytes,
                refused: false,
            },
            files: Files::new(),
            inside: Inside::new(ha_sandbox::Inspect::Nothing),
            input: Input::none(),
            calls: Calls::none(),
        }
    }

    /// Where the program's words go.
    pub fn outbox(&self) -> Result<&Outbox> {
        self.listener.outbox()
    }

    /// Takes up a program: from now on its limits hold and its words are heard.
    pub fn take_up(&mut self, request: &RunRequest, input: Input, calls: Calls, outbox: Outbox) {
        self.memory.bytes = request.limits.memory_bytes;
        self.inside = Inside::new(request.inspect);
        self.input = input;
        self.calls = calls;
        self.listener.0.set(outbox).ok();
    }
}

impl HostState {
    /// What the program's file calls work on.
    pub fn files(&mut self) -> FilesView<'_> {
        FilesView {
            files: &self.files,
            table: &mut self.table,
        }
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

impl IoView for HostState {
    fn table(&mut self) -> &mut ResourceTable {
        &mut self.table
    }
}

impl helloagents::sandbox::host::Host for HostState {
    async fn write_stdout(&mut self, data: Vec<u8>) -> Result<()> {
        let outbox = self.outbox()?;
        outbox.print(Stream::Stdout, &data)?;
        outbox.send_if_due().await;
        Ok(())
    }

    async fn write_stderr(&mut self, data: Vec<u8>) -> Result<()> {
        let outbox = self.outbox()?;
        outbox.print(Stream::Stderr, &data)?;
        outbox.send_if_due().await;
        Ok(())
    }

    async fn read_stdin(&mut self, max: u32) -> Result<Vec<u8>> {
        let outbox = self.listener.outbox()?;
        Ok(self.input.read(max as usize, outbox).await)
    }

    async fn report(&mut self, document: String) -> Result<()> {
        let outbox = self.outbox()?;
        outbox.report(document)?;
        outbox.send_if_due().await;
        Ok(())
    }

    async fn call(&mut self, request: String) -> Result<u32> {
        if request.len() > HostCall::MAX_BYTES {
            return Err(Full::Reports.into());
        }
        let id = self.calls.begin();
        let outbox = self.outbox()?;
        outbox
            .send(RunEvent::HostCall(HostCall { id, request }))
            .await;
        Ok(id)
    }

    async fn next_answer(&mut self, patience: Option<u32>) -> Result<Option<Answer>> {
        // What was printed before is seen while the program waits.
        self.listener.outbox()?.send_all().await;
        let patience = patience.map(|ms| Duration::from_millis(ms.into()));
        let answer = self.calls.next(patience).await;
        Ok(answer.map(|HostAnswer { id, text, is_last }| Answer { id, text, is_last }))
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
    fn none() -> Input {
        Input {
            unread: Vec::new(),
            lines: None,
        }
    }

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
                    outbox.ask().await;
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
