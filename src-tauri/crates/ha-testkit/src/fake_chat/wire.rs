//! Writes an answer onto a socket, and breaks it where the answer says.

use super::State;
use super::answer::{Answer, Framing, Step};
use super::request::Seen;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The connection is of no more use.
struct Gone;

struct Wire<'a> {
    socket: &'a mut TcpStream,
    framing: Framing,
    /// Bytes until the cut.
    left: Option<usize>,
    reset: bool,
    piece: usize,
}

/// Writes the answer. Says whether the connection can take another request.
pub(super) async fn write(
    socket: &mut TcpStream,
    answer: &Answer,
    seen: &Seen,
    state: &State,
) -> bool {
    let mut wire = Wire {
        socket,
        framing: answer.framing,
        left: answer.cut.map(|cut| cut.after),
        reset: answer.cut.is_some_and(|cut| cut.reset),
        piece: answer.piece.unwrap_or(usize::MAX),
    };
    let whole = wire.whole(answer, seen, state).await;
    whole.is_ok() && answer.framing != Framing::Close
}

impl Wire<'_> {
    async fn whole(&mut self, answer: &Answer, seen: &Seen, state: &State) -> Result<(), Gone> {
        let model = seen.body["model"].as_str().unwrap_or("deepseek-flash");
        if let Some(step) = &answer.before {
            self.step(step, model, state).await?;
        }
        self.put(head(answer, model).as_bytes()).await?;
        for step in &answer.steps {
            match step {
                Step::Repeat(step, times) => {
                    let mut done = 0;
                    while times.is_none_or(|times| done < times) {
                        self.step(step, model, state).await?;
                        done += 1;
                    }
                }
                step => self.step(step, model, state).await?,
            }
        }
        if self.framing == Framing::Chunked {
            self.put(b"0\r\n\r\n").await?;
        }
        Ok(())
    }

    async fn step(&mut self, step: &Step, model: &str, state: &State) -> Result<(), Gone> {
        if let Some(text) = step.text(model) {
            return self.body(&text).await;
        }
        match step {
            Step::Pause(milliseconds) => {
                self.unless_gone(tokio::time::sleep(Duration::from_millis(*milliseconds)))
                    .await
            }
            Step::Gate => {
                let mut released = state.released.subscribe();
                state.gates.send_modify(|count| *count += 1);
                let gate = *state.gates.borrow();
                self.unless_gone(async move {
                    // The sender lives as long as this connection.
                    released.wait_for(|count| *count >= gate).await.ok();
                })
                .await
            }
            Step::Hold => self.unless_gone(std::future::pending()).await,
            Step::Reset => {
                self.socket.set_zero_linger().ok();
                Err(Gone)
            }
            _ => Err(Gone),
        }
    }

    async fn body(&mut self, text: &str) -> Result<(), Gone> {
        if self.framing != Framing::Chunked {
            return self.put(text.as_bytes()).await;
        }
        self.put(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes())
            .await
    }

    async fn put(&mut self, bytes: &[u8]) -> Result<(), Gone> {
        let allowed = self.left.unwrap_or(usize::MAX).min(bytes.len());
        for piece in bytes[..allowed].chunks(self.piece) {
            self.socket.write_all(piece).await.map_err(|_| Gone)?;
        }
        let Some(left) = &mut self.left else {
            return Ok(());
        };
        *left -= allowed;
        if *left > 0 {
            return Ok(());
        }
        if self.reset {
            self.socket.set_zero_linger().ok();
        }
        Err(Gone)
    }

    /// Waits, but no longer than the client.
    async fn unless_gone(&mut self, wait: impl Future<Output = ()>) -> Result<(), Gone> {
        let mut byte = [0];
        tokio::select! {
            () = wait => Ok(()),
            // A client has nothing to say while it waits for an answer.
            _ = self.socket.read(&mut byte) => Err(Gone),
        }
    }
}

fn head(answer: &Answer, model: &str) -> String {
    let mut head = format!(
        "HTTP/1.1 {} Fake\r\nx-ds-trace-id: fake-trace-1\r\n",
        answer.status
    );
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    match answer.framing {
        Framing::Chunked => head.push_str("Transfer-Encoding: chunked\r\n"),
        Framing::Close => head.push_str("Connection: close\r\n"),
        Framing::Length => {
            let texts = answer.steps.iter().filter_map(|step| step.text(model));
            let length: usize = texts.map(|text| text.len()).sum();
            head.push_str(&format!("Content-Length: {length}\r\n"));
        }
    }
    head.push_str("\r\n");
    head
}
