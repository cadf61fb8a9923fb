//! Numbered steps with their time. A tool's output goes to a log file; its tail is printed when the
//! tool fails, so that a good run stays one line a step.

use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::io::{IsTerminal, Read, Seek, SeekFrom, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Lines of a failed tool's log that are printed.
const TAIL_LINES: usize = 60;
/// How often a terminal's line is drawn again while a tool runs.
const REDRAW: Duration = Duration::from_millis(250);
/// How often a step says that it still runs where there is no terminal.
const SIGN_OF_LIFE: Duration = Duration::from_secs(60);

/// The steps of one command.
pub struct Progress {
    total: usize,
    begun: usize,
    logs: PathBuf,
    terminal: bool,
}

/// A tool that came to an end.
pub struct Finished {
    /// Whether it exited with 0.
    pub ok: bool,
    /// Everything it wrote.
    pub output: String,
}

impl Progress {
    /// `total` steps whose logs go to `logs`.
    pub fn new(logs: PathBuf, total: usize) -> Result<Progress> {
        fs::create_dir_all(&logs).with_context(|| format!("create {}", logs.display()))?;
        Ok(Progress {
            total,
            begun: 0,
            logs,
            terminal: stdout().is_terminal(),
        })
    }

    /// A step that has nothing to do.
    pub fn nothing(&mut self, title: &str, why: &str) {
        let label = self.next(title);
        println!("{label} … {why}");
    }

    /// A step done by this program itself; it may print.
    pub fn work<T>(&mut self, title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let label = self.next(title);
        println!("{label} …");
        let start = Instant::now();
        let done = work().with_context(|| title.to_owned())?;
        println!("{:indent$}… {}", "", seconds(start), indent = label.len());
        Ok(done)
    }

    /// A step done by a tool that must succeed.
    pub fn require(&mut self, title: &str, log: &str, command: Command) -> Result<()> {
        let finished = self.tool(title, log, command)?;
        if !finished.ok {
            bail!(
                "{title}: failed. All of its output is in {}",
                self.log(log).display()
            );
        }
        Ok(())
    }

    /// A step done by a tool whose failure is an answer. Fails only when the tool cannot start.
    pub fn tool(&mut self, title: &str, log: &str, mut command: Command) -> Result<Finished> {
        let label = self.next(title);
        print!("{label} …");
        stdout().flush()?;
        let path = self.log(log);
        let file = File::create(&path).with_context(|| format!("create {}", path.display()))?;
        command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file);
        let start = Instant::now();
        let program = command.get_program().to_string_lossy().into_owned();
        let ok = match command.spawn() {
            Ok(mut child) => self.wait(&mut child, &label, &path, start)?,
            Err(error) => {
                fs::write(&path, format!("{program} cannot be started: {error}\n"))?;
                false
            }
        };
        let output = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
        if self.terminal {
            print!("\r\x1b[2K{label} …");
        }
        println!(" {}{}", seconds(start), if ok { "" } else { "  FAILED" });
        if !ok {
            print_tail(&output);
        }
        Ok(Finished { ok, output })
    }

    fn wait(&self, child: &mut Child, label: &str, log: &Path, start: Instant) -> Result<bool> {
        let mut said = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status.success());
            }
            if self.terminal {
                let line = last_line(log);
                print!("\r\x1b[2K{label} … {} \x1b[2m{line}\x1b[0m", seconds(start));
                stdout().flush()?;
            } else if said.elapsed() >= SIGN_OF_LIFE {
                said = Instant::now();
                print!(" {}", seconds(start));
                stdout().flush()?;
            }
            thread::sleep(REDRAW);
        }
    }

    fn next(&mut self, title: &str) -> String {
        self.begun += 1;
        format!("[{}/{}] {title}", self.begun, self.total)
    }

    fn log(&self, name: &str) -> PathBuf {
        self.logs.join(format!("{name}.log"))
    }
}

fn seconds(start: Instant) -> String {
    format!("{:.1} s", start.elapsed().as_secs_f64())
}

fn print_tail(output: &str) {
    let lines: Vec<&str> = output.lines().collect();
    for line in &lines[lines.len().saturating_sub(TAIL_LINES)..] {
        println!("    {line}");
    }
}

/// The end of a growing log, short enough for one line of a terminal.
fn last_line(log: &Path) -> String {
    let read = || -> Result<String> {
        let mut file = File::open(log)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(400)))?;
        let mut tail = Vec::new();
        file.read_to_end(&mut tail)?;
        Ok(String::from_utf8_lossy(&tail).into_owned())
    };
    let tail = read().unwrap_or_default();
    let line = tail.lines().rev().find(|line| !line.trim().is_empty());
    let plain = line.unwrap_or_default().chars().filter(|c| !c.is_control());
    plain.take(60).collect()
}
