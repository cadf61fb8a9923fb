//! The program's file descriptors 1 and 2, for what does not go through `sys.stdout` and
//! `sys.stderr`: `os.write`, and CPython's own last words before it aborts.

use crate::host::Listener;
use bytes::Bytes;
use ha_sandbox::Stream;
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};

/// Bytes one write may carry; wasi-libc asks before each.
const PIECE: usize = 64 * 1024;

/// One descriptor. Clones are the same stream.
#[derive(Clone)]
pub(crate) struct Descriptor {
    pub listener: Listener,
    pub stream: Stream,
}

impl IsTerminal for Descriptor {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Descriptor {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        // Only version 3 of WASI asks for this one, and it is not linked.
        Box::new(tokio::io::sink())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

impl OutputStream for Descriptor {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.listener
            .outbox()
            .and_then(|outbox| Ok(outbox.print(self.stream, &bytes)?))
            .map_err(StreamError::Trap)
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(PIECE)
    }
}

#[async_trait::async_trait]
impl Pollable for Descriptor {
    async fn ready(&mut self) {
        if let Ok(outbox) = self.listener.outbox() {
            outbox.send_if_due().await;
        }
    }
}
