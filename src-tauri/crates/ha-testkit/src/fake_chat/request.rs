//! Reads one HTTP/1.1 request, as far as a chat client sends them.

use serde::Serialize;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt};

/// A request that came.
#[derive(Debug, Clone, Serialize)]
pub struct Seen {
    /// `GET`, `POST`.
    pub method: String,
    /// With its slash.
    pub path: String,
    /// The `Authorization` header; empty when there was none.
    pub authorization: String,
    /// The body as JSON; null when it is none.
    pub body: Value,
}

/// The next request; none when the client has gone or sends what is no request. `unread` carries
/// bytes over from one request to the next.
pub(super) async fn read(
    socket: &mut (impl AsyncRead + Unpin),
    unread: &mut Vec<u8>,
) -> Option<Seen> {
    let head = loop {
        if let Some(end) = unread.windows(4).position(|four| four == b"\r\n\r\n") {
            let rest = unread.split_off(end + 4);
            break std::mem::replace(unread, rest);
        }
        more(socket, unread).await?;
    };
    let head = String::from_utf8(head).ok()?;
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<(String, &str)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
        .collect();
    let header = |name: &str| {
        headers
            .iter()
            .find(|(is, _)| is == name)
            .map(|(_, value)| *value)
    };
    let length: usize = header("content-length").unwrap_or("0").parse().ok()?;
    while unread.len() < length {
        more(socket, unread).await?;
    }
    let rest = unread.split_off(length);
    let body = std::mem::replace(unread, rest);
    Some(Seen {
        method,
        path,
        authorization: header("authorization").unwrap_or_default().to_owned(),
        body: serde_json::from_slice(&body).unwrap_or_default(),
    })
}

async fn more(socket: &mut (impl AsyncRead + Unpin), unread: &mut Vec<u8>) -> Option<()> {
    match socket.read_buf(unread).await {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(()),
    }
}
