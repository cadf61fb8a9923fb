//! Where requests go: the service, its address, and the way there.

use crate::LlmError;
use reqwest::Url;
use std::fmt;
use std::net::IpAddr;

/// A service whose habits we know. All of them speak chat completions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Provider {
    /// api.deepseek.com.
    DeepSeek,
    /// Whatever else speaks the protocol.
    Compatible,
    /// Ollama on this machine.
    Ollama,
    /// llama.cpp's server on this machine.
    LlamaCpp,
}

impl Provider {
    /// All, in the order in which to offer them.
    pub const ALL: [Provider; 4] = [
        Provider::DeepSeek,
        Provider::Compatible,
        Provider::Ollama,
        Provider::LlamaCpp,
    ];

    /// A stable name for settings and the keyring.
    pub fn id(self) -> &'static str {
        match self {
            Provider::DeepSeek => "deepseek",
            Provider::Compatible => "compatible",
            Provider::Ollama => "ollama",
            Provider::LlamaCpp => "llama-cpp",
        }
    }

    /// The provider with this [`Provider::id`].
    pub fn named(id: &str) -> Option<Provider> {
        Provider::ALL.into_iter().find(|known| known.id() == id)
    }

    /// The address to begin with.
    pub fn base_url(self) -> &'static str {
        match self {
            Provider::DeepSeek => "https://api.deepseek.com",
            Provider::Compatible => "https://api.openai.com/v1",
            Provider::Ollama => "http://127.0.0.1:11434/v1",
            Provider::LlamaCpp => "http://127.0.0.1:8080/v1",
        }
    }

    /// The model to begin with; none where only the service knows (see [`crate::LlmClient::models`]).
    pub fn model(self) -> Option<&'static str> {
        match self {
            Provider::DeepSeek => Some("deepseek-flash"),
            Provider::Compatible | Provider::Ollama | Provider::LlamaCpp => None,
        }
    }

    /// Whether it answers nobody without a key.
    pub fn needs_key(self) -> bool {
        matches!(self, Provider::DeepSeek)
    }

    /// Whether it tells the balance of an account.
    pub fn has_balance(self) -> bool {
        matches!(self, Provider::DeepSeek)
    }
}

/// The way to the service.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum Proxy {
    /// What the system or the environment says.
    #[default]
    System,
    /// Straight.
    None,
    /// `http://`, `https://`, `socks5://` or `socks5h://`, with a name and a password if it wants
    /// them. Addresses of this machine are reached straight all the same.
    At(String),
}

impl fmt::Debug for Proxy {
    /// Without the address: a password may stand in it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Proxy::System => "System",
            Proxy::None => "None",
            Proxy::At(_) => "At(…)",
        })
    }
}

/// A service at an address. Checked when it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    provider: Provider,
    base: Url,
    proxy: Proxy,
    roots: Vec<u8>,
}

impl Endpoint {
    /// The preset of a provider, on the system's way.
    pub fn preset(provider: Provider) -> Endpoint {
        Endpoint::new(provider, provider.base_url(), Proxy::System)
            .expect("every preset is a valid address; a test looks at each")
    }

    /// A service at `base_url`, which may end in `/` or in `/chat/completions`.
    ///
    /// # Errors
    /// [`LlmError::BadSettings`] for what is no http or https address, or has a name, a password, a
    /// query or a fragment in it.
    pub fn new(provider: Provider, base_url: &str, proxy: Proxy) -> Result<Endpoint, LlmError> {
        let bad = LlmError::BadSettings;
        let text = base_url.trim().trim_end_matches('/');
        let text = text.strip_suffix("/chat/completions").unwrap_or(text);
        let base = Url::parse(text).map_err(|_| bad("the address is not a URL"))?;
        if !matches!(base.scheme(), "http" | "https") || !base.has_host() {
            return Err(bad("the address begins with http:// or https://"));
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(bad("the address has a name or a password in it"));
        }
        if base.query().is_some() || base.fragment().is_some() {
            return Err(bad("the address has a ? or a # in it"));
        }
        Ok(Endpoint {
            provider,
            base,
            proxy,
            roots: Vec::new(),
        })
    }

    /// Trusts these certificates (PEM) beside the system's: a school's own, for example.
    pub fn trusting(mut self, roots: impl Into<Vec<u8>>) -> Endpoint {
        self.roots = roots.into();
        self
    }

    /// Whose habits are expected.
    pub fn provider(&self) -> Provider {
        self.provider
    }

    /// The address, without `/` at its end.
    pub fn base_url(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// The way there.
    pub fn proxy(&self) -> &Proxy {
        &self.proxy
    }

    /// The certificates trusted beside the system's.
    pub(crate) fn roots(&self) -> &[u8] {
        &self.roots
    }

    /// An address below the base.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.base_url())
    }

    /// Whether what is sent there is encrypted.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.base.scheme() == "https"
    }

    /// Whether it is this machine itself.
    pub fn is_this_machine(&self) -> bool {
        let host = self.base.host_str().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn address(text: &str) -> Result<String, LlmError> {
        let endpoint = Endpoint::new(Provider::Compatible, text, Proxy::System)?;
        Ok(endpoint.at("models"))
    }

    fn check(text: &str, expected: &str) {
        assert_eq!(address(text).unwrap(), expected);
    }

    #[test]
    fn an_address_is_taken_as_people_write_it() {
        check(
            "https://api.deepseek.com",
            "https://api.deepseek.com/models",
        );
        check(" https://a.example/v1/ ", "https://a.example/v1/models");
        check(
            "https://a.example/v1/chat/completions",
            "https://a.example/v1/models",
        );
        check(
            "http://localhost:11434/v1",
            "http://localhost:11434/v1/models",
        );
    }

    #[test]
    fn what_is_no_address_of_a_service_is_refused() {
        for text in [
            "",
            "deepseek",
            "ftp://a.example",
            "file:///etc",
            "https://me:pw@a.example",
            "https://a.example/?k=v",
            "https://a.example/#x",
        ] {
            assert!(
                matches!(address(text), Err(LlmError::BadSettings(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn every_preset_is_valid_and_found_by_its_name() {
        for provider in Provider::ALL {
            assert_eq!(Endpoint::preset(provider).base_url(), provider.base_url());
            assert_eq!(Provider::named(provider.id()), Some(provider));
        }
        assert_eq!(Provider::named("nobody"), None);
    }

    #[test]
    fn this_machine_is_known_by_name_and_number() {
        let here = |text| {
            Endpoint::new(Provider::Ollama, text, Proxy::None)
                .unwrap()
                .is_this_machine()
        };
        assert!(
            here("http://localhost/v1") && here("http://127.0.0.1:1") && here("http://[::1]:1")
        );
        assert!(!here("http://localhost.example") && !here("https://10.0.0.1"));
    }

    #[test]
    fn a_proxy_password_does_not_show() {
        let proxy = Proxy::At("http://me:secret@10.0.0.1:3128".into());
        assert!(!format!("{proxy:?}").contains("secret"));
    }
}
