//! TLS and HTTP/2: who is trusted, and streams that are reset instead of closed.

use crate::common::{self, FakeClock, PATIENCE};
use ha_llm::{ApiKey, ClientSettings, Endpoint, LlmClient, Provider, Proxy};
use std::future::poll_fn;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::server::TlsStream;

/// A certificate of our own for this machine.
pub struct Certificate {
    pub pem: String,
    config: Arc<ServerConfig>,
}

impl Certificate {
    pub fn new() -> Certificate {
        Certificate::of("127.0.0.1")
    }

    fn of(name: &str) -> Certificate {
        let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
        let key = made.signing_key.serialize_der().try_into().unwrap();
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        config.alpn_protocols = vec![b"h2".to_vec()];
        Certificate {
            pem: made.cert.pem(),
            config: Arc::new(config),
        }
    }
}

/// What the service does with a request.
#[derive(Debug, Clone, Copy)]
enum Does {
    Answer,
    ResetAtOnce,
    ResetAfterWords,
    GoAwayAfterWords,
    Hold,
}

const WORDS: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"so \"}}]}\n\n";
const END: &str =
    "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

/// A service over HTTP/2.
struct Service {
    address: SocketAddr,
    /// Lets it break a reply off whose words have been read.
    breaks: Arc<Notify>,
    /// The resets it got.
    resets: mpsc::UnboundedReceiver<h2::Reason>,
}

/// Starts one that does this, one after the other.
async fn service(certificate: &Certificate, does: Vec<Does>) -> Service {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let acceptor = TlsAcceptor::from(Arc::clone(&certificate.config));
    let (told, resets) = mpsc::unbounded_channel();
    let breaks = Arc::new(Notify::new());
    let broken = Arc::clone(&breaks);
    let mut does = does.into_iter();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            // A client that does not trust us leaves in the middle of it.
            if let Ok(socket) = acceptor.accept(socket).await {
                let connection = h2::server::handshake(socket).await.unwrap();
                converse(connection, &mut does, &told, &broken).await;
            }
        }
    });
    Service {
        address,
        breaks,
        resets,
    }
}

async fn converse(
    mut connection: h2::server::Connection<TlsStream<TcpStream>, bytes::Bytes>,
    does: &mut impl Iterator<Item = Does>,
    told: &mpsc::UnboundedSender<h2::Reason>,
    breaks: &Notify,
) {
    let mut begun = None;
    loop {
        let accepted = tokio::select! {
            accepted = connection.accept() => accepted,
            () = breaks.notified() => {
                match begun.take() {
                    Some((Does::ResetAfterWords, mut body)) => {
                        h2::SendStream::<bytes::Bytes>::send_reset(&mut body, h2::Reason::INTERNAL_ERROR);
                    }
                    _ => connection.abrupt_shutdown(h2::Reason::INTERNAL_ERROR),
                }
                continue;
            }
        };
        let Some(Ok((request, mut respond))) = accepted else {
            return;
        };
        assert_eq!(request.version(), http::Version::HTTP_2);
        let does = does.next().expect("one more thing to do");
        if matches!(does, Does::ResetAtOnce) {
            respond.send_reset(h2::Reason::INTERNAL_ERROR);
            continue;
        }
        let head = http::Response::builder().header("content-type", "text/event-stream");
        let mut body = respond
            .send_response(head.body(()).unwrap(), false)
            .unwrap();
        body.send_data(WORDS.into(), false).unwrap();
        match does {
            Does::Answer => body.send_data(END.into(), true).unwrap(),
            Does::Hold => {
                let told = told.clone();
                tokio::spawn(async move {
                    if let Ok(reason) = poll_fn(|context| body.poll_reset(context)).await {
                        told.send(reason).ok();
                    }
                });
            }
            _ => begun = Some((does, body)),
        }
    }
}

fn client(address: SocketAddr, trusted: Option<&Certificate>, clock: &Arc<FakeClock>) -> LlmClient {
    let address = format!("https://{address}");
    let mut endpoint = Endpoint::new(Provider::DeepSeek, &address, Proxy::System).unwrap();
    if let Some(certificate) = trusted {
        endpoint = endpoint.trusting(certificate.pem.clone());
    }
    let key = ApiKey::new("sk-1").unwrap();
    let settings = ClientSettings {
        tries: 2,
        ..common::settings()
    };
    LlmClient::new(endpoint, Some(key), settings, common::around(clock)).unwrap()
}

async fn heard(does: Vec<Does>, waits: &[Duration]) -> common::Heard {
    let certificate = Certificate::new();
    let breaks = matches!(does[0], Does::ResetAfterWords | Does::GoAwayAfterWords);
    let service = service(&certificate, does).await;
    let clock = FakeClock::new();
    let client = client(service.address, Some(&certificate), &clock);
    let chat = client.chat(&common::question()).unwrap();
    let waiting = async {
        for wait in waits {
            clock.skip(*wait).await;
        }
        if breaks {
            clock.wait_for_sleep(common::settings().idle).await;
            service.breaks.notify_one();
        }
    };
    tokio::join!(common::hear(chat), waiting).0
}

#[tokio::test]
async fn a_trusted_service_answers_over_http2() {
    let heard = heard(vec![Does::Answer], &[]).await;
    assert_eq!(
        (heard.end_name().as_str(), heard.words.as_str()),
        ("stop", "so ")
    );
}

#[tokio::test]
async fn a_reset_before_words_is_tried_again() {
    let back_off = Duration::from_millis(200);
    let heard = heard(vec![Does::ResetAtOnce, Does::Answer], &[back_off]).await;
    assert_eq!(heard.end_name(), "stop");
    assert_eq!(heard.retries, [("cut", back_off)]);
}

#[tokio::test]
async fn a_reset_after_words_is_a_cut() {
    for does in [Does::ResetAfterWords, Does::GoAwayAfterWords] {
        let heard = heard(vec![does], &[]).await;
        assert_eq!(
            (heard.end_name().as_str(), heard.words.as_str()),
            ("cut", "so "),
            "{does:?}"
        );
        assert!(heard.retries.is_empty());
    }
}

#[tokio::test]
async fn cancelling_resets_the_stream_at_once() {
    let certificate = Certificate::new();
    let mut service = service(&certificate, vec![Does::Hold]).await;
    let client = client(service.address, Some(&certificate), &FakeClock::new());
    let mut chat = client.chat(&common::question()).unwrap();
    while !matches!(chat.events.recv().await, Some(ha_llm::ChatEvent::Delta(_))) {}
    chat.control.cancel();
    assert_eq!(common::hear(chat).await.end_name(), "cancelled");
    let reset = tokio::time::timeout(PATIENCE, service.resets.recv())
        .await
        .unwrap();
    assert_eq!(reset, Some(h2::Reason::CANCEL));
}

async fn check_untrusted(certificate: &Certificate, trusted: &Certificate) {
    let service = service(certificate, vec![Does::Answer]).await;
    let client = client(service.address, Some(trusted), &FakeClock::new());
    let heard = common::hear(client.chat(&common::question()).unwrap()).await;
    assert_eq!(heard.end_name(), "untrusted");
    assert!(heard.retries.is_empty());
}

#[tokio::test]
async fn a_stranger_is_not_trusted() {
    check_untrusted(&Certificate::new(), &Certificate::new()).await;
}

#[tokio::test]
async fn a_certificate_of_another_name_is_not_trusted() {
    let other = Certificate::of("tutor.example");
    check_untrusted(&other, &other).await;
}

#[test]
fn certificates_that_are_none_are_refused() {
    let endpoint = Endpoint::new(Provider::Compatible, "https://tutor.example", Proxy::None);
    let endpoint = endpoint
        .unwrap()
        .trusting("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
    let client = LlmClient::new(
        endpoint,
        None,
        common::settings(),
        common::around(&FakeClock::new()),
    );
    assert_eq!(client.unwrap_err().name(), "bad_settings");
}
