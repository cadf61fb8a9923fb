//! The author's key: made once, kept by the system's keyring, or in a file that only its owner can
//! read where there is no keyring. It never leaves this module but to sign.

use crate::proof::reading;
use crate::wire::{AuthorKeyHome, AuthorKeyState};
use crate::{ApiError, ApiResult, App, ErrorCode, bundles};
use ha_course::{AuthorKey, said};
use std::path::PathBuf;

/// The name of the key among those the keyring keeps for us.
const ACCOUNT: &str = "author-key";

impl App {
    /// Whether there is a key, and who its owner is to others.
    ///
    /// # Errors
    /// `keyring_locked` when the keyring may hold one and does not open, `save_failed` when the file
    /// cannot be read.
    pub async fn author_key_state(&self) -> ApiResult<AuthorKeyState> {
        Ok(match self.found_key().await? {
            None => AuthorKeyState {
                signer: None,
                home: AuthorKeyHome::None,
                path: None,
            },
            Some((key, home)) => AuthorKeyState {
                signer: Some(key.signer().to_string()),
                home,
                path: (home == AuthorKeyHome::File).then(|| self.key_file().display().to_string()),
            },
        })
    }

    /// Makes a key where there is none; an existing one stays. `random` must come from the system.
    ///
    /// # Errors
    /// `keyring_locked` when there may be one already, `save_failed` when neither keyring nor disk take it: a key that is lost signs no update.
    pub async fn author_key_make(&self, random: [u8; 32]) -> ApiResult<AuthorKeyState> {
        if self.found_key().await?.is_none() {
            let key = AuthorKey::from_random(random);
            if !self
                .ai
                .keys()
                .keep_secret(ACCOUNT, key.to_text().trim())
                .await
            {
                let file = self.key_file();
                reading(move || bundles::author_key_new(&file, random)).await??;
            }
        }
        self.author_key_state().await
    }

    /// The key itself, to sign with.
    pub(crate) async fn author_key(&self) -> ApiResult<Option<AuthorKey>> {
        Ok(self.found_key().await?.map(|(key, _)| key))
    }

    async fn found_key(&self) -> ApiResult<Option<(AuthorKey, AuthorKeyHome)>> {
        let kept = self.ai.keys().secret(ACCOUNT).await;
        if let Ok(Some(text)) = &kept
            && let Ok(key) = AuthorKey::from_text(text)
        {
            return Ok(Some((key, AuthorKeyHome::Keyring)));
        }
        let file = self.key_file();
        match std::fs::read_to_string(&file) {
            // A keyring that does not open may hold the key: a second one would make the author
            // somebody else to everybody who knows them.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => kept
                .map(|_| None)
                .map_err(|reason| ApiError::new(ErrorCode::KeyringLocked, reason)),
            Err(error) => Err(ApiError::new(
                ErrorCode::SaveFailed,
                format!("{}: {error}", file.display()),
            )),
            Ok(text) => match AuthorKey::from_text(&text) {
                Ok(key) => Ok(Some((key, AuthorKeyHome::File))),
                Err(error) => {
                    let (file, error) = (file.display(), error.words());
                    let words = said!("{file}: {error}", "{file}: {error}"; error);
                    Err(ApiError::said(ErrorCode::InvalidRequest, words))
                }
            },
        }
    }

    fn key_file(&self) -> PathBuf {
        self.places.shelf().join("author.key")
    }
}
