//! Where keys live: the environment, the system's keyring, or this session's memory.
//!
//! The keyring is asked on a thread that may block, because unlocking it may ask a person. One that
//! does not answer within [`PATIENCE`] counts as absent for that call. The library looks for it once:
//! one that is not there at the first question is seen after the next start.

use super::ApiKey;
use crate::LlmError;
use keyring::{Entry, Error};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use zeroize::Zeroizing;

/// The variable that carries a key where there is nobody to enter one.
pub const KEY_VARIABLE: &str = "HELLOAGENTS_API_KEY";

/// How long a keyring may take: time enough for a person to unlock it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyHome {
    /// [`KEY_VARIABLE`] of this process; it goes before the others.
    Environment,
    /// The operating system keeps it.
    Keyring,
    /// In memory, until the app closes.
    Session,
}

/// Whether the system has a keyring that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyringState {
    /// It does.
    Available,
    /// It does not; the reason is in English and names no key.
    Unavailable(String),
}

/// The keys of the app, by account. One for each process.
pub struct KeyStore {
    service: String,
    environment: Option<ApiKey>,
    session: Mutex<HashMap<String, ApiKey>>,
}

impl KeyStore {
    /// Keys under the name `service` in the keyring. `environment` is the value of
    /// [`KEY_VARIABLE`], if it is set; it holds for every account. A blank one is none.
    ///
    /// # Errors
    /// [`LlmError::BadSettings`] for a value that cannot be a key.
    pub fn new(service: &str, environment: Option<&str>) -> Result<KeyStore, LlmError> {
        Ok(KeyStore {
            service: service.to_owned(),
            environment: environment
                .filter(|text| !text.trim().is_empty())
                .map(ApiKey::new)
                .transpose()?,
            session: Mutex::default(),
        })
    }

    /// Whether a key would outlive the app. Asks the keyring for an entry that nobody makes.
    pub async fn keyring(&self) -> KeyringState {
        let asked = self.ask("is-there-a-keyring", |entry| entry.get_secret());
        match asked.await {
            Ok(_) => KeyringState::Available,
            Err(reason) => KeyringState::Unavailable(reason),
        }
    }

    /// The key of an account and where it was. A keyring that does not answer has none.
    pub async fn get(&self, account: &str) -> Option<(ApiKey, KeyHome)> {
        if let Some(key) = &self.environment {
            return Some((key.clone(), KeyHome::Environment));
        }
        if let Some(key) = self.session().get(account) {
            return Some((key.clone(), KeyHome::Session));
        }
        match self.ask(account, |entry| entry.get_secret()).await {
            Ok(found) => {
                let bytes = Zeroizing::new(found?);
                let key = ApiKey::new(std::str::from_utf8(&bytes).ok()?).ok()?;
                Some((key, KeyHome::Keyring))
            }
            Err(reason) => {
                tracing::warn!(reason, "the keyring did not answer");
                None
            }
        }
    }

    /// Keeps the key of an account, in place of the one before. Where no keyring takes it, it stays
    /// in memory: the answer says which.
    pub async fn set(&self, account: &str, key: ApiKey) -> KeyHome {
        let kept = key.clone();
        let asked = self.ask(account, move |entry| {
            entry.set_secret(kept.reveal().as_bytes())
        });
        match asked.await {
            Ok(_) => {
                self.session().remove(account);
                KeyHome::Keyring
            }
            Err(reason) => {
                tracing::warn!(reason, "the keyring does not take a key");
                self.session().insert(account.to_owned(), key);
                KeyHome::Session
            }
        }
    }

    /// Removes the key of an account wherever it is, but for the environment.
    ///
    /// # Errors
    /// The keyring's reason when it may still hold the key.
    pub async fn forget(&self, account: &str) -> Result<(), String> {
        self.session().remove(account);
        match self.ask(account, |entry| entry.delete_credential()).await {
            Ok(_) => Ok(()),
            // Without a keyring nothing was ever kept in it.
            Err(reason) if reason == NO_KEYRING => Ok(()),
            Err(reason) => Err(reason),
        }
    }

    /// Keeps a secret that is no service's key, in the keyring or not at all; says whether it did.
    /// The environment and the session's memory have no part in it.
    pub async fn keep_secret(&self, account: &str, secret: &str) -> bool {
        let bytes = Zeroizing::new(secret.as_bytes().to_vec());
        let asked = self.ask(account, move |entry| entry.set_secret(&bytes));
        match asked.await {
            Ok(_) => true,
            Err(reason) => {
                tracing::warn!(reason, "the keyring does not take a secret");
                false
            }
        }
    }

    /// What [`KeyStore::keep_secret`] kept, wiped when it goes; nothing without a keyring.
    ///
    /// # Errors
    /// The reason, in English, of a keyring that is there and does not open or answer: it may hold
    /// the secret.
    pub async fn secret(&self, account: &str) -> Result<Option<Zeroizing<String>>, String> {
        let kept = match self.ask(account, |entry| entry.get_secret()).await {
            Err(reason) if reason == NO_KEYRING => return Ok(None),
            kept => kept?,
        };
        let text = |bytes: Vec<u8>| {
            let bytes = Zeroizing::new(bytes);
            let text = std::str::from_utf8(&bytes).ok()?;
            Some(Zeroizing::new(text.to_owned()))
        };
        Ok(kept.and_then(text))
    }

    /// Asks the keyring; `None` is an entry that is not there.
    async fn ask<T: Send + 'static>(
        &self,
        account: &str,
        question: impl FnOnce(&Entry) -> keyring::Result<T> + Send + 'static,
    ) -> Result<Option<T>, String> {
        let (service, account) = (self.service.clone(), account.to_owned());
        let asked = tokio::task::spawn_blocking(move || {
            let entry = Entry::new(&service, &account)?;
            question(&entry)
        });
        match tokio::time::timeout(PATIENCE, asked).await {
            Err(_) => Err("the keyring does not answer".into()),
            Ok(Err(_)) => Err("the keyring's library broke".into()),
            Ok(Ok(Ok(answer))) => Ok(Some(answer)),
            Ok(Ok(Err(Error::NoEntry))) => Ok(None),
            Ok(Ok(Err(error))) => Err(reason(&error)),
        }
    }

    fn session(&self) -> MutexGuard<'_, HashMap<String, ApiKey>> {
        // A map of keys is whole between two calls, whoever panicked elsewhere.
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const NO_KEYRING: &str = "this system has no keyring that can be reached";

/// In our own words: some of the library's errors carry the bytes they could not read.
fn reason(error: &Error) -> String {
    match error {
        Error::NoDefaultStore | Error::PlatformFailure(_) | Error::NotSupportedByStore(_) => {
            NO_KEYRING.into()
        }
        Error::NoStorageAccess(_) => "the keyring is locked or refuses".into(),
        Error::Ambiguous(_) => "the keyring has several entries for one key".into(),
        _ => "the keyring cannot keep this".into(),
    }
}

impl fmt::Debug for KeyStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "KeyStore({})", self.service)
    }
}
