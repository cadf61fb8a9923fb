//! One worker process, from its birth to its burial, and the runs that are under way in it.

use super::call::{Call, PULSE, serve};
use super::pen::Pen;
use crate::frame::{News, Order, PROTOCOL, Readiness};
use crate::lock;
use crate::runner::{NAME, WorkerProgram};
use crate::worker::FLAG;
use ha_sandbox::{RequestError, Run, RunControl, RunError, RunEvent, RunRequest};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// How long a worker may leave a ping unanswered. Its leader was measured to answer within a
/// millisecond; seconds are for a machine that swaps.
const PATIENCE: Duration = Duration::from_secs(5);
/// Events in the channel of a run's reader; a piece of a flood is 32 KiB.
const EVENTS: usize = 32;
/// Lines and bytes of a line that one worker may write into our log.
const LOG_LINES: usize = 64;
const LOG_LINE: u64 = 500;

/// A living worker.
pub(crate) struct Link {
    child: Mutex<Child>,
    pid: u32,
    pen: Pen,
    calls: Mutex<Calls>,
    asked: Mutex<Asked>,
}

#[derive(Default)]
struct Calls {
    open: HashMap<u32, Arc<Call>>,
    last: u32,
    /// Whether the worker is gone: then nothing can start in it.
    lost: bool,
}

/// When the worker was last asked for a sign of life.
#[derive(Default)]
struct Asked {
    at: Option<Instant>,
    answered: bool,
}

impl Link {
    /// Starts a worker. Its news come from the returned pipe.
    ///
    /// # Errors
    /// When the system starts no process or gives no thread.
    pub fn spawn(program: &WorkerProgram) -> std::io::Result<(Arc<Link>, ChildStdout)> {
        let mut child = command(program).spawn()?;
        let missing = "a process that was started with pipes has them";
        let (stdin, stdout, stderr) = (
            child.stdin.take().expect(missing),
            child.stdout.take().expect(missing),
            child.stderr.take().expect(missing),
        );
        let pid = child.id();
        let ready = Pen::new(stdin).and_then(|pen| {
            std::thread::Builder::new()
                .name("sandbox-log".into())
                .spawn(move || log(stderr, pid))?;
            Ok(pen)
        });
        let pen = match ready {
            Ok(pen) => pen,
            Err(error) => {
                child.kill().ok();
                child.wait().ok();
                return Err(error);
            }
        };
        let link = Link {
            pid,
            child: Mutex::new(child),
            pen,
            calls: Mutex::default(),
            asked: Mutex::default(),
        };
        Ok((Arc::new(link), stdout))
    }

    /// The worker's process id.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Sends an order.
    pub fn send(&self, order: &Order) {
        if let Err(error) = self.pen.send(order) {
            tracing::error!(%error, "an order that no frame can carry");
        }
    }

    /// Tells the worker that events of this cost have reached their reader.
    pub fn tell_heard(&self, run: u32, cost: Option<u32>) {
        if let Some(cost) = cost {
            self.send(&Order::Heard { run, cost });
        }
    }

    /// Starts a run; `None` when the worker is gone. Call it in a tokio runtime.
    ///
    /// # Errors
    /// [`RunError::Refused`] for a request that no frame can carry.
    pub fn start(
        self: &Arc<Self>,
        request: &RunRequest,
        accepted: Instant,
    ) -> Result<Option<Run>, RunError> {
        let (sender, events) = mpsc::channel(EVENTS);
        let (control, signals) = RunControl::new();
        let call = Call::new(sender, accepted);
        let run = {
            let mut calls = lock(&self.calls);
            if calls.lost {
                return Ok(None);
            }
            calls.last = calls.last.wrapping_add(1);
            let run = calls.last;
            calls.open.insert(run, call.clone());
            run
        };
        let order = Order::Start {
            run,
            request: request.clone(),
        };
        if self.pen.send(&order).is_err() {
            lock(&self.calls).open.remove(&run);
            let bytes = request.files.iter().map(|file| file.bytes.len()).sum();
            return Err(RequestError::TooLarge(bytes).into());
        }
        tokio::spawn(serve(self.clone(), run, call, signals));
        Ok(Some(Run { events, control }))
    }

    /// Asks for a sign of life, and ends a worker that has not given one for too long.
    pub fn pulse(&self) {
        let now = Instant::now();
        let mut asked = lock(&self.asked);
        match asked.at {
            Some(at) if !asked.answered => {
                if now.duration_since(at) >= PATIENCE {
                    tracing::warn!(pid = self.pid, "the sandbox process does not answer");
                    self.kill();
                }
            }
            Some(at) if now.duration_since(at) < PULSE / 2 => {}
            _ => {
                *asked = Asked {
                    at: Some(now),
                    answered: false,
                };
                self.send(&Order::Ping);
            }
        }
    }

    /// Acts on what the worker says. What it says of its engine is answered.
    ///
    /// # Errors
    /// Why it cannot be believed any more.
    pub fn hear(&self, news: News) -> Result<Option<Readiness>, String> {
        match news {
            News::Hello { protocol, pid } if protocol == PROTOCOL && pid == self.pid => {}
            News::Hello { protocol, .. } if protocol != PROTOCOL => {
                return Err("it is of another version; start the app again".into());
            }
            News::Hello { .. } => return Err("it is another process than was started".into()),
            News::Engine(readiness) => return Ok(Some(readiness)),
            News::Event { run, event } => self.deliver(run, event)?,
            News::Gone { run } => {
                let call = lock(&self.calls).open.remove(&run);
                let call = call.ok_or("it ended a run that was not under way")?;
                if !call.ended() {
                    return Err("it ended a run without a result".into());
                }
                call.close(None);
            }
            News::Pong => lock(&self.asked).answered = true,
        }
        Ok(None)
    }

    fn deliver(&self, run: u32, mut event: RunEvent) -> Result<(), String> {
        let call = lock(&self.calls).open.get(&run).cloned();
        let call = call.ok_or("it spoke of a run that is not under way")?;
        if let RunEvent::Finished(report) = &mut event {
            report.duration = call.accepted.elapsed();
            report.engine = NAME.into();
        }
        let heard = call.deliver(event).map_err(|breach| breach.to_string())?;
        self.tell_heard(run, heard);
        Ok(())
    }

    /// Ends the process, if there still is one.
    pub fn kill(&self) {
        lock(&self.child).kill().ok();
    }

    /// Ends the process for sure, and says how it had ended.
    pub fn bury(&self) -> String {
        let mut child = lock(&self.child);
        child.kill().ok();
        match child.wait() {
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        }
    }

    /// Answers every run that is under way with `reason`, and takes no more.
    pub fn lose_runs(&self, reason: &str) {
        let open = {
            let mut calls = lock(&self.calls);
            calls.lost = true;
            std::mem::take(&mut calls.open)
        };
        for call in open.into_values() {
            call.close(Some(RunEvent::Failed(RunError::Lost(reason.to_owned()))));
        }
    }
}

fn command(program: &WorkerProgram) -> Command {
    let mut command = Command::new(&program.program);
    command
        .args(&program.arguments)
        .arg(FLAG)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // Where the system's own libraries are found; a program that was started with it needs it again.
    for name in [
        "LD_LIBRARY_PATH",
        "DYLD_FALLBACK_LIBRARY_PATH",
        "SystemRoot",
    ] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        // A Ctrl-C in the terminal is for the app, which stops the program and tells its end.
        command.current_dir("/").process_group(0);
    }
    #[cfg(windows)]
    {
        use std::os::windows::process::CommandExt;
        const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;
        const CREATE_NO_WINDOW: u32 = 0x0800_0000;
        command.creation_flags(CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW);
    }
    command
}

/// Brings a worker's own words into our log: the first ones, each cut; the rest is read and dropped,
/// so that no worker ever waits for it.
fn log(stderr: ChildStderr, pid: u32) {
    let mut stderr = BufReader::new(stderr);
    let mut line = Vec::new();
    for _ in 0..LOG_LINES {
        line.clear();
        match (&mut stderr).take(LOG_LINE).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {
                let text = String::from_utf8_lossy(&line);
                tracing::warn!(pid, "the sandbox process: {}", text.trim_end());
            }
        }
    }
    std::io::copy(&mut stderr, &mut std::io::sink()).ok();
}
