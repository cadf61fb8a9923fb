//! A container engine of a test's own: started, stopped, frozen and killed without touching any other.
//!
//! ```text
//! PrivateEngine ── pipe ──▶ sh ── starts ──▶ dockerd ── starts ──▶ containerd
//!       its end closes with this process ──▶ sh ends dockerd, whatever happened here
//! ```
//!
//! Needs Linux, root and Debian's `docker.io`. Socket, data and everything else lie in folders of its own;
//! it makes no network, so nothing of the machine's changes.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Longest start on a busy machine; it takes half a second on an idle one.
const START: Duration = Duration::from_secs(60);
/// Longest end; the containers are killed on the way.
const STOP: Duration = Duration::from_secs(20);
/// Between two looks at something that has no event.
const LOOK: Duration = Duration::from_millis(20);
/// Lives as long as its standard input is open, and so does its engine.
const KEEPER: &str = "\
\"$@\" & engine=$!
cat >/dev/null
kill -CONT $engine; kill -TERM $engine
wait $engine";

/// The files by which an engine shows who it is, and knows who may ask it.
#[derive(Debug)]
pub struct Identity {
    /// Of those who may ask.
    pub authority: PathBuf,
    /// Its own.
    pub certificate: PathBuf,
    /// For that.
    pub key: PathBuf,
}

/// A running or stopped `dockerd`. Dropping it stops it and removes its folders.
#[derive(Debug)]
pub struct PrivateEngine {
    folder: PathBuf,
    data: PathBuf,
    is_kept: bool,
    keeper: Option<Child>,
    /// What else it is started with.
    arguments: Vec<OsString>,
}

impl PrivateEngine {
    /// Starts an engine that begins empty. Returns when it answers.
    ///
    /// # Errors
    /// No `dockerd`, no right to start one, or one that does not come up; its own words are in the error.
    pub fn start() -> io::Result<PrivateEngine> {
        PrivateEngine::begin(None, Vec::new())
    }

    /// As [`PrivateEngine::start`], and it also listens on a port of this machine, to whoever has a
    /// certificate of `authority`. Gives the address, as docker writes it.
    ///
    /// # Errors
    /// As [`PrivateEngine::start`].
    pub fn start_with_port(identity: &Identity) -> io::Result<(PrivateEngine, String)> {
        let port = free_port()?;
        let address = format!("tcp://127.0.0.1:{port}");
        let mut arguments: Vec<OsString> =
            ["--tlsverify", "--host", &address].map(Into::into).into();
        for (name, file) in [
            ("--tlscacert", &identity.authority),
            ("--tlscert", &identity.certificate),
            ("--tlskey", &identity.key),
        ] {
            arguments.extend([name.into(), file.into()]);
        }
        Ok((PrivateEngine::begin(None, arguments)?, address))
    }

    /// As [`PrivateEngine::start`], with the data of the last one that lay in `data`: its images are there.
    pub fn start_with(data: &Path) -> io::Result<PrivateEngine> {
        fs::create_dir_all(data)?;
        // It starts no container whose files lie behind a symbolic link.
        PrivateEngine::begin(Some(&data.canonicalize()?), Vec::new())
    }

    fn begin(data: Option<&Path>, arguments: Vec<OsString>) -> io::Result<PrivateEngine> {
        // Short, because the name of a socket has at most a hundred characters.
        let folder = PathBuf::from(format!("/tmp/ha-engine-{}-{}", std::process::id(), count()));
        fs::create_dir(&folder)?;
        let mut engine = PrivateEngine {
            data: data.map_or_else(|| folder.join("data"), Path::to_owned),
            is_kept: data.is_some(),
            folder,
            keeper: None,
            arguments,
        };
        engine.come_up()?;
        Ok(engine)
    }

    /// What `DOCKER_HOST` is for this engine, also while it is stopped.
    pub fn host(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    /// The engine's process id, while there is one.
    pub fn pid(&self) -> Option<u32> {
        let text = fs::read_to_string(self.folder.join("engine.pid")).ok()?;
        text.trim().parse().ok()
    }

    /// Stops it as a system does that shuts down; returns when it is gone.
    pub fn stop(&mut self) {
        let Some(mut keeper) = self.keeper.take() else {
            return;
        };
        drop(keeper.stdin.take());
        let begun = Instant::now();
        while begun.elapsed() < STOP {
            if let Ok(Some(_)) = keeper.try_wait() {
                break;
            }
            std::thread::sleep(LOOK);
        }
        self.signal("KILL");
        keeper.kill().ok();
        keeper.wait().ok();
        self.end_containerd();
        fs::remove_file(self.folder.join("engine.pid")).ok();
        fs::remove_file(self.socket()).ok();
    }

    /// Ends it without a warning, as a crash does. What it had started may live on for a moment.
    pub fn kill(&mut self) {
        self.signal("KILL");
        self.stop();
    }

    /// Starts it again where it was, with everything it had.
    ///
    /// # Errors
    /// As [`PrivateEngine::start`].
    pub fn restart(&mut self) -> io::Result<()> {
        self.stop();
        self.come_up()
    }

    /// Stands still: it takes connections and answers nothing.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// Goes on after [`PrivateEngine::freeze`].
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    fn socket(&self) -> PathBuf {
        self.folder.join("engine.sock")
    }

    fn come_up(&mut self) -> io::Result<()> {
        let log = self.folder.join("engine.log");
        let space = self.folder.file_name().unwrap_or_default();
        let mut keeper = Command::new("sh");
        keeper
            .args(["-c", KEEPER, "keeper", "dockerd", "--host"])
            .arg(self.host())
            .arg("--data-root")
            .arg(&self.data)
            .arg("--exec-root")
            .arg(self.folder.join("exec"))
            .arg("--pidfile")
            .arg(self.folder.join("engine.pid"))
            // Should the system's own containerd run, this one's containers are none of its business.
            .arg("--containerd-namespace")
            .arg(space)
            .args(["--bridge=none", "--iptables=false", "--ip-forward=false"])
            .args(["--ip-masq=false", "--userland-proxy=false"])
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(fs::File::create(&log)?);
        self.keeper = Some(keeper.spawn()?);
        let begun = Instant::now();
        while !answers(&self.socket()) {
            let words = fs::read_to_string(&log).unwrap_or_default();
            // Its log speaks of other things that are not found, and goes on.
            let failed =
                words.contains("failed to start daemon") || words.contains("dockerd: not found");
            if failed || begun.elapsed() > START {
                self.stop();
                return Err(io::Error::other(format!("dockerd did not start:\n{words}")));
            }
            std::thread::sleep(LOOK);
        }
        Ok(())
    }

    fn signal(&self, name: &str) {
        if let Some(pid) = self.pid() {
            shell(&format!("kill -{name} {pid}"));
        }
    }

    /// What a killed containerd leaves behind: a process for each container, with the engine's own name.
    fn end_shims(&self) {
        let space = self.folder.file_name().unwrap_or_default();
        let mark = format!("-namespace\0{}\0", space.display());
        for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            if String::from_utf8_lossy(&command).contains(&mark) {
                shell(&format!("kill -KILL {}", entry.file_name().display()));
            }
        }
    }

    /// A killed engine leaves its helper behind, and would take a dying one for a living one.
    fn end_containerd(&self) {
        let folder = self.folder.join("exec/containerd");
        if let Ok(pid) = fs::read_to_string(folder.join("containerd.pid")) {
            shell(&format!("kill -KILL {}", pid.trim()));
            fs::remove_file(folder.join("containerd.pid")).ok();
            fs::remove_file(folder.join("containerd.sock")).ok();
        }
    }
}

impl Drop for PrivateEngine {
    fn drop(&mut self) {
        self.stop();
        self.end_shims();
        // Whatever a killed engine left mounted would keep the folder.
        for folder in [&self.folder, &self.data] {
            shell(&format!(
                "grep -o '{}[^ ]*' /proc/mounts | sort -r | xargs -r umount -l",
                folder.display()
            ));
        }
        fs::remove_dir_all(&self.folder).ok();
        if !self.is_kept {
            fs::remove_dir_all(&self.data).ok();
        }
    }
}

/// Whether this machine lets one start an engine, and if not, why.
///
/// # Errors
/// The reason, as the end of a sentence.
pub fn is_possible() -> Result<(), &'static str> {
    if !Path::new("/proc/self/ns").exists() {
        return Err("it needs Linux");
    }
    if fs::metadata("/proc/self").is_ok_and(|own| !is_root(&own)) {
        return Err("it needs root");
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|folder| folder.join("dockerd").is_file());
    if found {
        Ok(())
    } else {
        Err("it needs dockerd")
    }
}

fn is_root(own: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(own) == 0
}

fn answers(socket: &Path) -> bool {
    let ask = || -> io::Result<bool> {
        let mut stream = UnixStream::connect(socket)?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(b"GET /_ping HTTP/1.0\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer.contains("200 OK"))
    };
    ask().unwrap_or(false)
}

fn shell(script: &str) {
    let status = Command::new("sh")
        .args(["-c", script])
        .stderr(Stdio::null())
        .status();
    status.ok();
}

/// A port that nobody has just now.
fn free_port() -> io::Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?
        .local_addr()?
        .port())
}

fn count() -> u32 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn an_engine_answers_stands_still_comes_again_and_leaves_nothing() {
        if is_possible().is_err() {
            return; // the runner of the tests says so in its last line
        }
        let mut engine = PrivateEngine::start().unwrap();
        let (folder, socket) = (engine.folder.clone(), engine.socket());
        let first = engine.pid().unwrap();
        engine.freeze();
        assert!(!answers(&socket), "a frozen engine answers nothing");
        engine.thaw();
        assert!(answers(&socket));
        engine.kill();
        assert!(!answers(&socket));
        engine.restart().unwrap();
        assert_ne!(engine.pid().unwrap(), first);
        assert!(answers(&socket));
        drop(engine);
        assert!(!folder.exists(), "nothing is left of it");
    }
}
