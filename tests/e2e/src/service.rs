//! The chat service that is none, as a process beside the app: what it answers is scripted over HTTP,
//! what it was asked can be read. It ends with this value.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Its program, which lies beside the app's.
const PROGRAM: &str = "helloagents-fake-chat";
/// How long something that was just clicked may take to reach the service.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running service.
pub struct Service {
    process: Child,
    /// Where it listens, as one enters it: `http://127.0.0.1:1234`.
    pub address: String,
}

impl Service {
    /// Starts the service that was built with the app `program`.
    pub fn start(program: &Path) -> Result<Service> {
        let file = program.with_file_name(PROGRAM);
        let mut process = Command::new(&file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("start {}", file.display()))?;
        let said = process.stdout.take().context("it has an output")?;
        let mut address = String::new();
        BufReader::new(said).read_line(&mut address)?;
        Ok(Service {
            process,
            address: address.trim().to_owned(),
        })
    }

    /// The next questions get these answers, in this order; see `ha_testkit::fake_chat::Answer`.
    pub fn script(&self, answers: Value) -> Result<()> {
        self.post("script", &answers)
    }

    /// Questions beyond the script get this answer.
    pub fn otherwise(&self, answer: &Value) -> Result<()> {
        self.post("otherwise", answer)
    }

    /// Lets an answer go on that waits at its gate.
    pub fn release(&self) -> Result<()> {
        self.post("release", &json!({}))
    }

    /// The questions that came, oldest first: method, path, authorization and body of each.
    pub fn asked(&self) -> Result<Vec<Value>> {
        let all: Vec<Value> = serde_json::from_value(self.call("GET", "requests", "")?)?;
        let is_question = |seen: &Value| seen["path"] == "/chat/completions";
        Ok(all.into_iter().filter(is_question).collect())
    }

    /// Waits for the question `number`, from 1, and answers the text of all that was sent with it.
    pub fn question(&self, number: usize) -> Result<String> {
        let start = Instant::now();
        loop {
            if let Some(seen) = self.asked()?.get(number - 1) {
                return Ok(seen["body"].to_string());
            }
            ensure!(start.elapsed() < PATIENCE, "question {number} never came");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn post(&self, call: &str, body: &Value) -> Result<()> {
        self.call("POST", call, &body.to_string())?;
        Ok(())
    }

    /// One connection a call; the service tells its answers' lengths.
    fn call(&self, method: &str, call: &str, body: &str) -> Result<Value> {
        let place = self.address.trim_start_matches("http://");
        let mut socket = TcpStream::connect(place).context("connect to the service")?;
        let length = body.len();
        write!(
            socket,
            "{method} /_fake/{call} HTTP/1.1\r\nHost: {place}\r\nContent-Length: {length}\r\n\r\n{body}"
        )?;
        let mut reader = BufReader::new(socket);
        let mut length = 0;
        let mut line = String::new();
        reader.read_line(&mut line)?;
        ensure!(line.contains(" 200 "), "{call} was refused: {line}");
        while line != "\r\n" {
            line.clear();
            reader.read_line(&mut line)?;
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
        }
        let mut answer = vec![0; length];
        reader.read_exact(&mut answer)?;
        Ok(serde_json::from_slice(&answer)?)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Its input closes with this; whether it went by itself or not, nothing is left.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A whole answer in these pieces.
pub fn words(pieces: &[&str]) -> Value {
    let steps = pieces.iter().map(|piece| json!({ "words": piece }));
    ended(steps.collect())
}

/// An answer of these steps, with tokens and a good end.
pub fn ended(mut steps: Vec<Value>) -> Value {
    steps.push(json!({ "end": ["stop", [1200, 1000, 80, 0]] }));
    steps.push(json!("done"));
    json!({ "steps": steps })
}

/// An error as the service tells it.
pub fn error(status: u16, message: &str) -> Value {
    let body =
        json!({ "error": { "message": message, "type": "fake", "param": null, "code": "fake" } });
    json!({
        "status": status,
        "headers": [["Content-Type", "application/json"]],
        "framing": "length",
        "steps": [{ "text": body.to_string() }],
    })
}
