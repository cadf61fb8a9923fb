//! Reads a page of a host that somebody allowed, and nothing of this machine or its network.
//!
//! ```text
//! url ─▶ is its host allowed? ─▶ look the name up ─▶ is every address public? ─▶ connect to one of them
//!   ▲                                                                                    │
//!   └─────────────────────────── a redirect begins at the beginning ◀────────────────────┘
//! ```
//!
//! The connection goes to an address that was looked at and not to the name, so that a name which
//! answers differently the second time gains nothing. No proxy, no cookies, no key, no body.

use reqwest::Url;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::time::Duration;

/// Redirects that are followed.
const MAX_REDIRECTS: usize = 3;
/// Bytes of a page.
const MAX_BYTES: usize = 256 * 1024;
/// The whole of it, redirects included.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebPage {
    /// The HTTP status.
    pub status: u16,
    /// The body as text.
    pub text: String,
}

/// Why a page cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebError {
    /// No http or https address, or one with a name, a password or a port of its own.
    #[error("this is no http(s) address of a page")]
    BadAddress,
    /// Nobody allowed this host.
    #[error("this host is not among those that the lesson may ask")]
    HostNotAllowed,
    /// The host is this machine or in its network.
    #[error("this address is on this machine or in its network, and is not read")]
    PrivateAddress,
    /// One redirect after the other.
    #[error("too many redirects")]
    TooManyRedirects,
    /// More than is read.
    #[error("the page is larger than 256 KiB")]
    TooLarge,
    /// Not UTF-8.
    #[error("what is there is not text")]
    NotText,
    /// It took too long.
    #[error("no answer in time")]
    TimedOut,
    /// No connection, no such name, no trust.
    #[error("the host cannot be reached")]
    Unreachable,
}

type Found = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Reads pages. Its ways of finding and judging addresses are passed in, so that a test has its own.
pub struct WebReader {
    /// The addresses of a name.
    look_up: fn(String, u16) -> Found,
    /// Whether an address may be connected to.
    is_public: fn(IpAddr) -> bool,
    /// The port of http and of https.
    ports: (u16, u16),
}

impl WebReader {
    /// Finds names as this machine does, and connects to public addresses only.
    pub fn of_this_machine() -> WebReader {
        WebReader {
            look_up: |host, port| {
                Box::pin(async move {
                    let found = tokio::net::lookup_host((host, port)).await?;
                    Ok(found.map(|address| address.ip()).collect())
                })
            },
            is_public,
            ports: (80, 443),
        }
    }

    /// A page of one of `hosts`; hosts below these are other hosts.
    ///
    /// # Errors
    /// [`WebError`].
    pub async fn get(&self, url: &str, hosts: &[String]) -> Result<WebPage, WebError> {
        let reading = self.follow(url, hosts);
        let read = tokio::time::timeout(PATIENCE, reading).await;
        read.unwrap_or(Err(WebError::TimedOut))
    }

    async fn follow(&self, url: &str, hosts: &[String]) -> Result<WebPage, WebError> {
        let mut url = Url::parse(url).map_err(|_| WebError::BadAddress)?;
        for _ in 0..=MAX_REDIRECTS {
            let response = self.ask(&url, hosts).await?;
            if !response.status().is_redirection() {
                return read(response).await;
            }
            let to = response.headers().get(reqwest::header::LOCATION);
            let to = to.and_then(|to| to.to_str().ok());
            let to = to.ok_or(WebError::BadAddress)?;
            url = url.join(to).map_err(|_| WebError::BadAddress)?;
        }
        Err(WebError::TooManyRedirects)
    }

    async fn ask(&self, url: &Url, hosts: &[String]) -> Result<reqwest::Response, WebError> {
        let port = match url.scheme() {
            "http" => self.ports.0,
            "https" => self.ports.1,
            _ => return Err(WebError::BadAddress),
        };
        let is_plain = url.username().is_empty() && url.password().is_none();
        if !is_plain || url.port().is_some() {
            return Err(WebError::BadAddress);
        }
        // A host in numbers is in nobody's list of names.
        let host = url.domain().ok_or(WebError::PrivateAddress)?;
        if !hosts.iter().any(|allowed| allowed == host) {
            return Err(WebError::HostNotAllowed);
        }
        let found = (self.look_up)(host.into(), port).await;
        let found = found.map_err(|_| WebError::Unreachable)?;
        // One private address among public ones is how a name is rebound.
        if found.iter().any(|address| !(self.is_public)(*address)) {
            return Err(WebError::PrivateAddress);
        }
        let address = found.first().ok_or(WebError::Unreachable)?;
        let client = client(url.scheme(), host, SocketAddr::new(*address, port))?;
        let asked = client.get(url.clone()).send().await;
        asked.map_err(|_| WebError::Unreachable)
    }
}

fn client(scheme: &str, host: &str, address: SocketAddr) -> Result<reqwest::Client, WebError> {
    // Whoever came first chose the same.
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    let mut builder = reqwest::Client::builder();
    if scheme == "http" {
        // No certificate is needed, so none is read, and a machine without any is fine.
        builder = builder.tls_certs_only([]);
    }
    builder
        .user_agent(concat!("HelloAgents/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .resolve(host, address)
        .build()
        .map_err(|_| WebError::Unreachable)
}

async fn read(mut response: reqwest::Response) -> Result<WebPage, WebError> {
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|_| WebError::Unreachable)? {
        body.extend_from_slice(&piece);
        if body.len() > MAX_BYTES {
            return Err(WebError::TooLarge);
        }
    }
    let text = String::from_utf8(body).map_err(|_| WebError::NotText)?;
    Ok(WebPage { status, text })
}

/// Whether an address is of the public network: none of the ranges that IANA keeps for other uses.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(mapped) => is_public_v4(mapped),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        // «This network», shared carrier space, protocol assignments, benchmarks, reserved.
        || a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        || (a == 198 && (18..20).contains(&b))
        || a >= 240)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Global unicast is 2000::/3; of it, tunnels that hide an IPv4 address, and documentation, are not.
    let is_global = first & 0xe000 == 0x2000;
    let is_tunnel = first == 0x2002 || (first == 0x2001 && second == 0);
    let is_example = (first == 0x2001 && second == 0x0db8) || first == 0x3fff;
    is_global && !is_tunnel && !is_example
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    const HOST: &str = "api.example.com";

    fn hosts() -> Vec<String> {
        vec![HOST.into(), "evil.example.com".into()]
    }

    /// 127.0.0.1 is the public network here, and every other address is private.
    fn reader(port: u16) -> WebReader {
        WebReader {
            look_up: |host, _| {
                Box::pin(async move {
                    let address = match host.as_str() {
                        // One public address and one of the machine's own network.
                        "evil.example.com" => vec!["127.0.0.1", "10.0.0.1"],
                        _ => vec!["127.0.0.1"],
                    };
                    Ok(address.iter().map(|text| text.parse().unwrap()).collect())
                })
            },
            is_public: |address| address == IpAddr::from([127, 0, 0, 1]),
            ports: (port, port),
        }
    }

    /// Answers every connection with the same text. Returns its port.
    async fn serve(answer: &'static str) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    if stream.read_buf(&mut head).await.unwrap_or(0) == 0 {
                        break;
                    }
                }
                stream.write_all(answer.as_bytes()).await.ok();
            }
        });
        port
    }

    async fn check(answer: &'static str, url: &str, expected: Result<&str, WebError>) {
        let page = reader(serve(answer).await).get(url, &hosts()).await;
        let text = page.as_ref().map(|page| page.text.as_str());
        assert_eq!(text, expected.as_ref().map(|text| *text), "{url}");
    }

    const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";

    #[tokio::test]
    async fn a_page_of_an_allowed_host_is_read() {
        check(OK, "http://api.example.com/a?b=c", Ok("hi")).await;
    }

    #[tokio::test]
    async fn nothing_else_is() {
        for (url, error) in [
            ("file:///etc/passwd", WebError::BadAddress),
            ("ftp://api.example.com/", WebError::BadAddress),
            ("http://me:pw@api.example.com/", WebError::BadAddress),
            ("http://api.example.com:22/", WebError::BadAddress),
            ("http://127.0.0.1/", WebError::PrivateAddress),
            ("http://[::1]/", WebError::PrivateAddress),
            ("http://2130706433/", WebError::PrivateAddress),
            ("http://0x7f.1/", WebError::PrivateAddress),
            ("http://localhost/", WebError::HostNotAllowed),
            ("http://www.api.example.com/", WebError::HostNotAllowed),
            ("http://api.example.com.evil.com/", WebError::HostNotAllowed),
            // A name that has a private address among its own.
            ("http://evil.example.com/", WebError::PrivateAddress),
            ("nonsense", WebError::BadAddress),
        ] {
            check(OK, url, Err(error)).await;
        }
    }

    #[tokio::test]
    async fn redirects_are_judged_like_addresses() {
        let url = "http://api.example.com/";
        let to = "HTTP/1.1 302 Found\r\ncontent-length: 0\r\nlocation: http://127.0.0.1/\r\n\r\n";
        check(to, url, Err(WebError::PrivateAddress)).await;
        let to =
            "HTTP/1.1 302 Found\r\ncontent-length: 0\r\nlocation: http://evil.example.com/\r\n\r\n";
        check(to, url, Err(WebError::PrivateAddress)).await;
        let to = "HTTP/1.1 302 Found\r\ncontent-length: 0\r\nlocation: file:///etc/passwd\r\n\r\n";
        check(to, url, Err(WebError::BadAddress)).await;
        let to = "HTTP/1.1 302 Found\r\ncontent-length: 0\r\nlocation: /again\r\n\r\n";
        check(to, url, Err(WebError::TooManyRedirects)).await;
    }

    #[tokio::test]
    async fn a_name_that_moves_into_the_machine_is_not_followed() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let to = "HTTP/1.1 302 Found\r\ncontent-length: 0\r\nlocation: /again\r\n\r\n";
        let moving = WebReader {
            look_up: |_, _| {
                Box::pin(async {
                    // Public when it is looked at first, and never again.
                    let first = ASKED.fetch_add(1, Ordering::Relaxed) == 0;
                    let address = if first { "127.0.0.1" } else { "10.0.0.1" };
                    Ok(vec![address.parse().unwrap()])
                })
            },
            ..reader(serve(to).await)
        };
        let read = moving.get("http://api.example.com/", &hosts()).await;
        assert_eq!(read, Err(WebError::PrivateAddress));
        // Once for each address: what was looked at is what is connected to.
        assert_eq!(ASKED.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn what_is_public_is_public() {
        let check = |text: &str, expected: bool| {
            assert_eq!(is_public(text.parse().unwrap()), expected, "{text}");
        };
        for public in ["8.8.8.8", "172.32.0.1", "2606:4700::1111"] {
            check(public, true);
        }
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "2002:7f00:1::",
            "2001:db8::1",
        ] {
            check(private, false);
        }
    }
}
