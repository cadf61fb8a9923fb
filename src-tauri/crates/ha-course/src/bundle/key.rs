//! Who signs bundles: an author's Ed25519 key, and the public half by which others know them.
//! Where a key is kept is the caller's business; where its randomness comes from too.

use super::BundleError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use std::fmt;

/// So that a signature over a list means nothing anywhere else.
const CONTEXT: &[u8] = b"helloagents course bundle 1\n";
const SECRET: &str = "hacourse-secret-key-1:";

/// Whether a file begins as an author's secret key does, whatever its name is.
pub(crate) fn is_secret_key(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.trim_ascii_start().starts_with(SECRET.as_bytes())
}

/// An author's secret key. Its `Debug` shows who, not how.
pub struct AuthorKey(SigningKey);

/// An author as others know them: the public key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signer(VerifyingKey);

impl AuthorKey {
    /// A key from 32 random bytes.
    pub fn from_random(bytes: [u8; 32]) -> AuthorKey {
        AuthorKey(SigningKey::from_bytes(&bytes))
    }

    /// Reads what [`AuthorKey::to_text`] wrote.
    ///
    /// # Errors
    /// [`BundleError::BadKey`].
    pub fn from_text(text: &str) -> Result<AuthorKey, BundleError> {
        let encoded = text
            .trim()
            .strip_prefix(SECRET)
            .ok_or(BundleError::BadKey)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| BundleError::BadKey)?;
        let bytes = bytes.try_into().map_err(|_| BundleError::BadKey)?;
        Ok(AuthorKey::from_random(bytes))
    }

    /// The key as one line, to be kept secret.
    pub fn to_text(&self) -> String {
        format!("{SECRET}{}\n", STANDARD.encode(self.0.to_bytes()))
    }

    /// Who signs with it.
    pub fn signer(&self) -> Signer {
        Signer(self.0.verifying_key())
    }

    /// The line that is put into a bundle.
    pub(super) fn sign(&self, list: &[u8]) -> String {
        let signature = self.0.sign(&[CONTEXT, list].concat());
        format!(
            "{} {}\n",
            self.signer(),
            STANDARD.encode(signature.to_bytes())
        )
    }
}

impl fmt::Debug for AuthorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuthorKey of {}", self.signer())
    }
}

impl Signer {
    /// Reads a public key as it is shown.
    ///
    /// # Errors
    /// [`BundleError::BadKey`].
    pub fn from_text(text: &str) -> Result<Signer, BundleError> {
        let bytes = STANDARD
            .decode(text.trim())
            .map_err(|_| BundleError::BadKey)?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| BundleError::BadKey)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| BundleError::BadKey)?;
        Ok(Signer(key))
    }

    /// Who signed a list, from the line in the bundle.
    pub(super) fn of(line: &str, list: &[u8]) -> Result<Signer, BundleError> {
        let (key, signature) = line
            .trim()
            .split_once(' ')
            .ok_or(BundleError::BadSignature)?;
        let signer = Signer::from_text(key).map_err(|_| BundleError::BadSignature)?;
        let bytes = STANDARD
            .decode(signature)
            .map_err(|_| BundleError::BadSignature)?;
        let bytes: [u8; 64] = bytes.try_into().map_err(|_| BundleError::BadSignature)?;
        let signature = Signature::from_bytes(&bytes);
        // Strict: a signature that two keys could have made proves nothing.
        let valid = signer
            .0
            .verify_strict(&[CONTEXT, list].concat(), &signature);
        valid
            .map(|()| signer)
            .map_err(|_| BundleError::BadSignature)
    }
}

impl fmt::Display for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0.as_bytes()))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({self})")
    }
}
