//! The two directions of a container's attached stream: frames from the runner, bytes to it.

use crate::frame::{Frame, Frames, Say, append};
use bollard::container::{AttachContainerResults, LogOutput};
use bytes::{Buf, BytesMut};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use std::pin::Pin;
use tokio::io::{AsyncWrite, AsyncWriteExt};

/// Bytes of the runner's last words that are kept for the log.
const LAST_WORDS: usize = 2_000;

/// Both directions of a container that was attached to.
pub(crate) fn split(attached: AttachContainerResults) -> (Ears, Pen) {
    let ears = Ears {
        output: attached.output.boxed(),
        frames: Frames::default(),
        last_words: String::new(),
    };
    let pen = Pen {
        input: attached.input,
        unsent: BytesMut::new(),
    };
    (ears, pen)
}

/// What comes from one container.
pub(crate) struct Ears {
    output: BoxStream<'static, Result<LogOutput, bollard::errors::Error>>,
    frames: Frames,
    last_words: String,
}

/// What goes to one container.
pub(crate) struct Pen {
    input: Pin<Box<dyn AsyncWrite + Send>>,
    unsent: BytesMut,
}

impl Ears {
    /// The next frame. May be given up and asked again at any time.
    ///
    /// # Errors
    /// Why there will be no more, in words: the container has ended, or does not keep to the frames.
    pub async fn next(&mut self) -> Result<Frame, String> {
        loop {
            match self.frames.next() {
                Ok(Some(frame)) => return Ok(frame),
                Ok(None) => {}
                Err(breach) => return Err(format!("the container broke the protocol: {breach}")),
            }
            match self.output.next().await {
                Some(Ok(LogOutput::StdOut { message })) => self.frames.push(&message),
                Some(Ok(LogOutput::StdErr { message })) => self.overhear(&message),
                Some(Ok(LogOutput::StdIn { .. } | LogOutput::Console { .. })) => {}
                Some(Err(error)) => return Err(self.ended(&format!(" ({error})"))),
                None => return Err(self.ended("")),
            }
        }
    }

    fn overhear(&mut self, message: &[u8]) {
        if self.last_words.len() < LAST_WORDS {
            self.last_words.push_str(&String::from_utf8_lossy(message));
        }
    }

    fn ended(&self, why: &str) -> String {
        if !self.last_words.is_empty() {
            tracing::warn!(words = self.last_words, "the runner's last words");
        }
        format!("the container ended{why}")
    }
}

impl Pen {
    /// Lays a frame ready; [`Pen::send`] sends it.
    pub fn say(&mut self, say: Say, run: u32, payload: &[u8]) {
        append(&mut self.unsent, say, run, payload);
    }

    /// Lays whole frames ready.
    pub fn say_all(&mut self, frames: BytesMut) {
        match self.unsent.is_empty() {
            true => self.unsent = frames,
            false => self.unsent.extend_from_slice(&frames),
        }
    }

    /// Bytes that the stream has not taken yet.
    pub fn unsent(&self) -> usize {
        self.unsent.len()
    }

    /// Sends a part of what lies ready. May be given up at any time; then nothing of that part was sent.
    /// A stream that is broken takes everything: [`Ears::next`] tells of it.
    pub async fn send(&mut self) {
        match self.input.write(&self.unsent).await {
            Ok(sent) if sent > 0 => self.unsent.advance(sent),
            _ => self.unsent.clear(),
        }
    }
}
