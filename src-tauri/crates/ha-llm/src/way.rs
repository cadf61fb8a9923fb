//! The way to a service: the HTTP client for it, and what its failures mean.

use crate::client::Inner;
use crate::{ClientSettings, Endpoint, LlmError, Phase, Proxy};
use std::error::Error;
use std::io;

impl Inner {
    /// Why there is no answer.
    pub(crate) fn broken(&self, error: &reqwest::Error) -> LlmError {
        let chain = Chain::of(error);
        if chain.untrusted {
            LlmError::Untrusted
        } else if error.is_connect() && error.is_timeout() {
            LlmError::TimedOut(Phase::Connect)
        } else if error.is_connect() && (chain.proxy || self.goes_through_our_proxy()) {
            LlmError::ProxyFailed
        } else if error.is_connect() {
            LlmError::Unreachable
        } else if error.is_builder() {
            LlmError::BadSettings("the request cannot be made")
        } else {
            LlmError::Cut
        }
    }

    fn goes_through_our_proxy(&self) -> bool {
        matches!(self.endpoint.proxy(), Proxy::At(_)) && !self.endpoint.is_this_machine()
    }
}

/// What the causes of an error tell.
#[derive(Default)]
struct Chain {
    untrusted: bool,
    proxy: bool,
}

impl Chain {
    fn of(error: &reqwest::Error) -> Chain {
        let mut chain = Chain::default();
        chain.look(error.source());
        chain
    }

    fn look(&mut self, mut cause: Option<&(dyn Error + 'static)>) {
        while let Some(error) = cause {
            self.untrusted |= error.is::<rustls::Error>();
            // The only trace that the library leaves of a proxy.
            let text = error.to_string();
            self.proxy |= ["tunnel", "SOCKS", "proxy"]
                .iter()
                .any(|word| text.contains(word));
            // An I/O error's source is that of the error within it, and not that error itself.
            if let Some(within) = error
                .downcast_ref::<io::Error>()
                .and_then(io::Error::get_ref)
            {
                self.look(Some(within));
            }
            cause = error.source();
        }
    }
}

/// The HTTP client for a service.
///
/// # Errors
/// As [`crate::LlmClient::new`]'s.
pub(crate) fn http(
    endpoint: &Endpoint,
    settings: &ClientSettings,
) -> Result<reqwest::Client, LlmError> {
    // Whoever came first chose the same.
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("HelloAgents/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(settings.connect)
        // A redirect would carry a key and a conversation somewhere nobody entered.
        .redirect(reqwest::redirect::Policy::none());
    if !endpoint.is_encrypted() {
        // No certificate is needed, so none is read, and a machine without any is fine.
        builder = builder.tls_certs_only([]);
    } else if !endpoint.roots().is_empty() {
        let roots = reqwest::Certificate::from_pem_bundle(endpoint.roots());
        let roots = roots.map_err(|_| LlmError::BadSettings("the certificates are no PEM"))?;
        builder = builder.tls_certs_merge(roots);
    }
    builder = match endpoint.proxy() {
        _ if endpoint.is_this_machine() => builder.no_proxy(),
        Proxy::None => builder.no_proxy(),
        Proxy::System => builder,
        Proxy::At(address) => {
            let proxy = reqwest::Proxy::all(address.trim());
            builder.proxy(proxy.map_err(|_| LlmError::BadSettings("the proxy is no address"))?)
        }
    };
    builder
        .build()
        .map_err(|_| match endpoint.roots().is_empty() {
            true => LlmError::Untrusted,
            false => LlmError::BadSettings("the certificates are none"),
        })
}
