//! Writes orders to a worker without ever making the caller wait.
//!
//! On Unix the pipe takes what it can at once, in the caller's thread; the rest, and on other systems
//! all of it, is written by a thread of its own. What waits there is bounded by how long a worker may
//! stand still before it is taken for dead.

use crate::frame::{self, Order};
use crate::lock;
use std::io::{self, Write};
use std::process::ChildStdin;
use std::sync::{Arc, Condvar, Mutex};

/// The pipe to one worker. Its thread ends with the worker or with this value.
pub(crate) struct Pen(Arc<Shared>);

struct Shared {
    pipe: ChildStdin,
    rest: Mutex<Rest>,
    changed: Condvar,
}

#[derive(Default)]
struct Rest {
    bytes: Vec<u8>,
    /// Whether the thread has taken bytes that it has not written yet.
    writing: bool,
    closed: bool,
}

impl Pen {
    /// A pen for `pipe`.
    ///
    /// # Errors
    /// When the pipe cannot be set up or there is no thread.
    pub fn new(pipe: ChildStdin) -> io::Result<Pen> {
        #[cfg(unix)]
        rustix::io::ioctl_fionbio(&pipe, true)?;
        let shared = Arc::new(Shared {
            pipe,
            rest: Mutex::default(),
            changed: Condvar::new(),
        });
        let writer = shared.clone();
        std::thread::Builder::new()
            .name("sandbox-orders".into())
            .spawn(move || writer.write_rests())?;
        Ok(Pen(shared))
    }

    /// Sends one order. A worker that is gone is found out by whoever reads from it.
    ///
    /// # Errors
    /// When the order is too large for a frame.
    pub fn send(&self, order: &Order) -> io::Result<()> {
        let mut bytes = Vec::new();
        frame::append(order, &mut bytes)?;
        let shared = &*self.0;
        let mut rest = lock(&shared.rest);
        if rest.closed {
            return Ok(());
        }
        let mut written = 0;
        if cfg!(unix) && !rest.writing && rest.bytes.is_empty() {
            written = shared.write_now(&bytes);
        }
        if written < bytes.len() {
            rest.bytes.extend_from_slice(&bytes[written..]);
            shared.changed.notify_one();
        }
        Ok(())
    }
}

impl Drop for Pen {
    fn drop(&mut self) {
        lock(&self.0.rest).closed = true;
        self.0.changed.notify_one();
    }
}

impl Shared {
    /// Writes as much as the pipe takes at once, and all of it to a pipe that is broken.
    fn write_now(&self, bytes: &[u8]) -> usize {
        let mut written = 0;
        while written < bytes.len() {
            match (&self.pipe).write(&bytes[written..]) {
                Ok(count) => written += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(_) => return bytes.len(),
            }
        }
        written
    }

    fn write_rests(&self) {
        loop {
            let bytes = {
                let mut rest = lock(&self.rest);
                rest.writing = false;
                while rest.bytes.is_empty() && !rest.closed {
                    rest = self
                        .changed
                        .wait(rest)
                        .unwrap_or_else(std::sync::PoisonError::into_inner);
                }
                if rest.closed {
                    return;
                }
                rest.writing = true;
                std::mem::take(&mut rest.bytes)
            };
            let mut written = 0;
            while written < bytes.len() {
                written += self.write_now(&bytes[written..]);
                if written < bytes.len() && self.wait_for_room().is_err() {
                    return;
                }
            }
        }
    }

    #[cfg(unix)]
    fn wait_for_room(&self) -> io::Result<()> {
        use rustix::event::{PollFd, PollFlags, poll};
        let mut pipe = [PollFd::new(&self.pipe, PollFlags::OUT)];
        // A broken pipe ends the wait too; the next write tells.
        match poll(&mut pipe, None) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    #[cfg(not(unix))]
    fn wait_for_room(&self) -> io::Result<()> {
        Ok(())
    }
}
