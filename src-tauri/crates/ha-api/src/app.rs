//! The composition of the core: one [`App`] per process, shared by every command.
//!
//! ```text
//! window / command line ──▶ App ──┬─▶ Store (SQLite, may be unavailable and come back)
//!                                 ├─▶ courses folder (read on every use; only manifests, so cheap)
//!                                 └─▶ Engines (the sandbox; entered as trait objects)
//! ```

use crate::engines::Engines;
use crate::live::LiveRuns;
use crate::places::Places;
use crate::search::Search;
use crate::terminal::Terminals;
use crate::tutor::{AiService, key_store};
use crate::wire::{Boot, Language, Settings, StoreState};
use crate::{ApiError, ApiResult, ErrorCode};
use ha_course::Shelf;
use ha_llm::keys::{KEY_VARIABLE, KeyStore};
use ha_store::{Store, StoreError, Timestamp};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, RwLock};

/// Everything the window and the command line call, as methods by area: see the modules of this
/// crate. Cheap to share; every method may be called from any task.
pub struct App {
    pub(crate) places: Places,
    pub(crate) engines: Engines,
    pub(crate) live: LiveRuns,
    pub(crate) terminals: Terminals,
    pub(crate) ai: AiService,
    /// Answers on their way.
    pub(crate) asks: LiveRuns,
    /// Imports and proofs on their way.
    pub(crate) jobs: LiveRuns,
    pub(crate) search: Search,
    /// The author's folder that is shown, for the images in it.
    pub(crate) preview: Mutex<Option<PathBuf>>,
    store: RwLock<Result<Arc<Store>, StoreError>>,
    now: fn() -> i64,
}

impl App {
    /// Opens the learner's data. A database that cannot be used is a state, not an error: the app
    /// starts and says so. `now` gives milliseconds since 1970 UTC.
    pub fn open(places: Places, engines: impl Into<Engines>, now: fn() -> i64) -> Arc<App> {
        let variable = std::env::var(KEY_VARIABLE).ok();
        let keys = key_store(variable.as_deref());
        App::open_with_keys(places, engines, now, keys)
    }

    /// [`App::open`] with other keys than those of this process.
    pub fn open_with_keys(
        places: Places,
        engines: impl Into<Engines>,
        now: fn() -> i64,
        keys: Arc<KeyStore>,
    ) -> Arc<App> {
        let store = Store::open(&places.database, Timestamp(now())).map(Arc::new);
        if let Err(error) = &store {
            tracing::error!(%error, "the database is not available");
        }
        // A power cut may have come into the middle of an installation.
        if let Err(error) = Shelf::open(&places.shelf()) {
            tracing::warn!(%error, "the shelf of courses cannot be put in order");
        }
        Arc::new(App {
            places,
            engines: engines.into(),
            live: LiveRuns::default(),
            terminals: Terminals::default(),
            ai: AiService::new(keys),
            asks: LiveRuns::default(),
            jobs: LiveRuns::default(),
            search: Search::default(),
            preview: Mutex::default(),
            store: RwLock::new(store),
            now,
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp((self.now)())
    }

    /// Works on the database on a thread that may block.
    pub(crate) async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> ApiResult<T> {
        let store = match &*self.slot() {
            Ok(store) => store.clone(),
            Err(error) => return Err(store_error(error)),
        };
        let done = tokio::task::spawn_blocking(move || work(&store)).await;
        match done {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(store_error(&error)),
            Err(panic) => Err(ApiError::new(ErrorCode::Internal, panic.to_string())),
        }
    }

    fn slot(&self) -> std::sync::RwLockReadGuard<'_, Result<Arc<Store>, StoreError>> {
        self.store
            .read()
            .expect("nothing panics while it holds the slot")
    }

    /// The first answer the window gets. Never fails.
    pub async fn boot(&self) -> Boot {
        let settings = self.settings().await.unwrap_or_default();
        self.engines.follow(&settings);
        Boot {
            version: env!("CARGO_PKG_VERSION").into(),
            system_language: system_language(),
            settings,
            store: self.store_state(),
            engine: self.engine(),
        }
    }

    /// Whether the learner's data can be used.
    pub fn store_state(&self) -> StoreState {
        let path = self.places.database.display().to_string();
        match &*self.slot() {
            Ok(_) => StoreState::Ready { path },
            Err(error) => StoreState::Unavailable {
                code: store_code(error),
                path,
                detail: error.to_string(),
            },
        }
    }

    /// Tries to open the database again, after the learner made room or closed another program.
    pub async fn store_retry(self: &Arc<Self>) -> StoreState {
        if self.slot().is_err() {
            // With nothing to do before, the only failure is that of opening: the state tells it.
            self.reopen(|_| Ok(())).await.ok();
        }
        self.store_state()
    }

    /// Moves an unusable database aside, renamed and complete, and opens a fresh one. Does nothing
    /// to a database that works.
    ///
    /// # Errors
    /// `store_unwritable` when the file cannot be renamed.
    pub async fn store_start_fresh(self: &Arc<Self>) -> ApiResult<StoreState> {
        if self.slot().is_err() {
            let now = self.now();
            let moved = self
                .reopen(move |database| Store::set_aside(database, now).map(|_| ()))
                .await;
            if let Err(error) = moved {
                return Err(ApiError::new(ErrorCode::StoreUnwritable, error.to_string()));
            }
        }
        Ok(self.store_state())
    }

    async fn reopen(
        self: &Arc<Self>,
        before: impl FnOnce(&std::path::Path) -> std::io::Result<()> + Send + 'static,
    ) -> std::io::Result<()> {
        let app = self.clone();
        let work = move || {
            let mut slot = app
                .store
                .write()
                .expect("nothing panics while it holds the slot");
            before(&app.places.database)?;
            *slot = Store::open(&app.places.database, app.now()).map(Arc::new);
            Ok(())
        };
        tokio::task::spawn_blocking(work)
            .await
            .unwrap_or_else(|panic| Err(std::io::Error::other(panic)))
    }
}

fn store_code(error: &StoreError) -> ErrorCode {
    match error {
        StoreError::Corrupt(_) => ErrorCode::StoreCorrupt,
        StoreError::Newer { .. } => ErrorCode::StoreNewer,
        StoreError::Unwritable(_) => ErrorCode::StoreUnwritable,
        StoreError::Busy => ErrorCode::StoreBusy,
        StoreError::Full => ErrorCode::StoreFull,
        StoreError::Failed(_) => ErrorCode::Internal,
    }
}

fn store_error(error: &StoreError) -> ApiError {
    ApiError::new(store_code(error), error.to_string())
}

/// The language to speak to the learner in where no request names one.
pub(crate) fn learner_language(settings: &Settings) -> Language {
    let chosen = settings.content_language.or(settings.ui_language);
    chosen.unwrap_or_else(system_language)
}

/// The day of a moment where this machine is, as `2026-11-21`.
pub fn day_of(milliseconds: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(milliseconds).unwrap_or_default();
    moment
        .to_zoned(jiff::tz::TimeZone::system())
        .date()
        .to_string()
}

/// Chinese for every kind of Chinese, English for the rest.
pub fn system_language() -> Language {
    match sys_locale::get_locale() {
        Some(locale) if locale.to_ascii_lowercase().starts_with("zh") => Language::Zh,
        _ => Language::En,
    }
}
