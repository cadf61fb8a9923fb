//! A key in memory: it shows itself nowhere and is wiped when it goes.

use crate::LlmError;
use serde::{Serialize, Serializer};
use std::fmt;
use zeroize::Zeroizing;

/// A service's key. `Debug`, `Display` and `Serialize` write `(secret)`.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(Zeroizing<String>);

/// Longer than any key a service gives out.
const LONGEST: usize = 512;

impl ApiKey {
    /// A key as people paste it: white space around it goes.
    ///
    /// # Errors
    /// [`LlmError::BadSettings`] for what cannot be a key: nothing, more than 512 bytes, or anything
    /// but visible ASCII, which a header could not carry.
    pub fn new(text: &str) -> Result<ApiKey, LlmError> {
        let text = text.trim();
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if text.is_empty() || text.len() > LONGEST || !visible {
            return Err(LlmError::BadSettings("this cannot be a key"));
        }
        Ok(ApiKey(Zeroizing::new(text.to_owned())))
    }

    /// The key itself. Only a request's header and the keyring may see it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("(secret)")
    }
}

impl fmt::Display for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("(secret)")
    }
}

impl Serialize for ApiKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("(secret)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_key_shows_itself_nowhere() {
        let key = ApiKey::new(" sk-secret-1\n").unwrap();
        let shown = format!("{key} {key:?} {}", serde_json::to_string(&key).unwrap());
        assert_eq!(shown, "(secret) (secret) \"(secret)\"");
        assert_eq!(key.reveal(), "sk-secret-1");
    }

    #[test]
    fn what_cannot_be_a_key_is_refused_without_repeating_it() {
        for text in ["", "  ", "sk 1", "sk-\u{0}", "密钥", &"x".repeat(513)] {
            let error = ApiKey::new(text).unwrap_err();
            assert_eq!(error.name(), "bad_settings", "{text:?}");
        }
        assert!(ApiKey::new(&"x".repeat(512)).is_ok());
        assert!(
            !ApiKey::new("sk-geheim 1")
                .unwrap_err()
                .to_string()
                .contains("geheim")
        );
    }
}
